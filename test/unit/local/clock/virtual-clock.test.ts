import { expect, test } from 'vitest';
import fc from 'fast-check';
import { createVirtualClock } from '../../../../local/clock/virtual-clock.ts';

test('callbacks fire in order of time, ties in order of scheduling, each seeing its own time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const clock = createVirtualClock({ startMs: 0 });
      const fired: { atMs: number; index: number; nowMs: number }[] = [];
      for (const [index, atMs] of times.entries()) {
        clock.schedule(atMs, () => fired.push({ atMs, index, nowMs: clock.now() }));
      }
      clock.advanceTo(20);
      const expected = times
        .map((atMs, index) => ({ atMs, index, nowMs: atMs }))
        .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index);
      expect(fired).toEqual(expected);
    }),
  );
});

test('nothing fires before its time, and the next time is known', () => {
  const clock = createVirtualClock({ startMs: 100 });
  const fired: number[] = [];
  clock.schedule(200, () => fired.push(clock.now()));
  clock.advanceTo(199);
  expect(fired).toEqual([]);
  expect(clock.nextAtMs()).toBe(200);
  clock.advanceTo(1_000);
  expect(fired).toEqual([200]);
  expect(clock.now()).toBe(1_000);
  expect(clock.nextAtMs()).toBeUndefined();
});

test('a callback scheduled by a callback within the span fires in the same advance', () => {
  const clock = createVirtualClock({ startMs: 0 });
  const fired: number[] = [];
  const repeat = (): void => {
    fired.push(clock.now());
    clock.schedule(clock.now() + 10, repeat);
  };
  clock.schedule(10, repeat);
  clock.advanceTo(35);
  expect(fired).toEqual([10, 20, 30]);
});

test('a disposed callback never fires, and disposing after it fired does nothing', () => {
  const clock = createVirtualClock({ startMs: 0 });
  let count = 0;
  const cancelled = clock.schedule(5, () => count++);
  const kept = clock.schedule(5, () => count++);
  cancelled[Symbol.dispose]();
  cancelled[Symbol.dispose]();
  clock.advanceTo(5);
  kept[Symbol.dispose]();
  expect(count).toBe(1);
});

test('a time in the past means the next turn, without moving the clock', async () => {
  const clock = createVirtualClock({ startMs: 100 });
  let fired = false;
  const done = new Promise<void>((resolve) => {
    clock.schedule(50, () => {
      fired = true;
      resolve();
    });
  });
  expect(fired).toBe(false);
  expect(clock.nextAtMs()).toBe(100);
  await done;
  expect(clock.now()).toBe(100);
});

test('going back is refused with both times', () => {
  const clock = createVirtualClock({ startMs: 100 });
  expect(() => clock.advanceTo(99)).toThrow('it shows 100, asked for 99');
});
