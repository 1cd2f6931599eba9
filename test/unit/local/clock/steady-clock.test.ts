import { expect, test } from 'vitest';
import { createSteadyClock } from '../../../../local/clock/steady-clock.ts';
import { createVirtualClock } from '../../../../local/clock/virtual-clock.ts';

const HOUR_MS = 3_600_000;

test('it goes on when the clock is set back, again and again, and says by how much it is ahead', () => {
  const clock = createVirtualClock({ startMs: 10 * HOUR_MS });
  const steady = createSteadyClock(clock);
  for (const hours of [2, 1]) {
    clock.advanceTo(clock.now() + 5_000);
    clock.setBack(hours * HOUR_MS);
  }
  clock.advanceTo(clock.now() + 1_000);
  expect([steady.now(), steady.aheadMs()]).toEqual([10 * HOUR_MS + 11_000, 3 * HOUR_MS]);
});

test('it follows a clock that is set forward', () => {
  const clock = createVirtualClock({ startMs: 0 });
  const steady = createSteadyClock(clock);
  clock.setBack(-2 * HOUR_MS);
  expect([steady.now(), steady.aheadMs()]).toEqual([2 * HOUR_MS, 0]);
});

test('it begins where an earlier process left off, if the clock was set back in between', () => {
  const clock = createVirtualClock({ startMs: HOUR_MS });
  expect(createSteadyClock(clock, 3 * HOUR_MS).now()).toBe(3 * HOUR_MS);
  expect(createSteadyClock(clock, 1_000).now()).toBe(HOUR_MS);
});

test('a callback comes when its time has passed, set back or not', () => {
  const clock = createVirtualClock({ startMs: 10 * HOUR_MS });
  const steady = createSteadyClock(clock);
  const fired: number[] = [];
  steady.schedule(steady.now() + 60_000, () => fired.push(steady.now()));
  clock.setBack(2 * HOUR_MS);
  clock.advanceTo(clock.now() + 59_999);
  expect(fired).toEqual([]);
  clock.advanceTo(clock.now() + 1);
  steady.schedule(steady.now() + 60_000, () => fired.push(steady.now()));
  clock.advanceTo(clock.now() + 60_000);
  expect(fired).toEqual([10 * HOUR_MS + 60_000, 10 * HOUR_MS + 120_000]);
});
