import { expect, test } from 'vitest';
import { createWakeUp } from '../../../../../../local/arm/groups/lifecycle/wake-up.ts';
import { createVirtualClock } from '../../../../../../local/clock/virtual-clock.ts';

test('work runs when it falls due, however often that changes', () => {
  const clock = createVirtualClock({ startMs: 0 });
  let due: number[] = [100];
  const ran: number[] = [];
  const wakeUp = createWakeUp(
    clock,
    () => due[0],
    () => {
      ran.push(clock.now());
      due = due.filter((ms) => ms > clock.now());
    },
  );
  wakeUp.reschedule();
  due = [40, 100, 250];
  wakeUp.reschedule();
  clock.advanceTo(39);
  expect([ran, wakeUp.isDue()]).toEqual([[], false]);
  clock.advanceTo(200);
  expect(ran).toEqual([40, 100]);
  wakeUp.stop();
  clock.advanceTo(300);
  expect(ran).toEqual([40, 100]);
});
