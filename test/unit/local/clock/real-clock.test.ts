import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRealClock } from '../../../../local/clock/real-clock.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a delay above the limit of setTimeout fires at its time, not at once', () => {
  const fired: number[] = [];
  const clock = createRealClock();
  clock.schedule(100 * DAY_MS, () => fired.push(clock.now()));
  vi.advanceTimersByTime(100 * DAY_MS - 1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([100 * DAY_MS]);
});

test('a wall clock that is a little behind delays the callback instead of firing it early', () => {
  const fired: number[] = [];
  const clock = createRealClock();
  clock.schedule(1_000, () => fired.push(clock.now()));
  vi.advanceTimersByTime(999);
  vi.setSystemTime(500);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(499);
  expect(fired).toEqual([1_000]);
});

test('a wall clock that was set back delays nothing', () => {
  const fired: number[] = [];
  const clock = createRealClock();
  clock.schedule(60_000, () => fired.push(clock.elapsed()));
  const startMs = clock.elapsed();
  vi.advanceTimersByTime(30_000);
  vi.setSystemTime(-7_200_000);
  vi.advanceTimersByTime(30_000);
  expect(fired.map((each) => each - startMs)).toEqual([60_000]);
});

test('a disposed callback never fires, not even after its delay was split', () => {
  let count = 0;
  const handle = createRealClock().schedule(60 * DAY_MS, () => count++);
  vi.advanceTimersByTime(30 * DAY_MS);
  handle[Symbol.dispose]();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(count).toBe(0);
});
