import type { Clock } from './clock.ts';

/** How far behind the time that has passed a clock must be to have been set back; less is a clock that is corrected. */
export const SET_BACK_MS = 1000;

/** A clock that is never set back. */
export interface SteadyClock extends Clock {
  /** How far it is ahead of the clock that it is made from: by how much that was set back in all. */
  aheadMs(): number;
}

/**
 * Makes a clock that goes on when `clock` is set back, as that of a service elsewhere does, and follows it when it is set forward, since that is
 * what the end of a laptop's sleep looks like. It begins no earlier than `seenMs`, the last time that an earlier process saw on it.
 */
export function createSteadyClock(clock: Clock, seenMs = 0): SteadyClock {
  let aheadMs = Math.max(0, seenMs - clock.now());
  let lastMs = clock.now() + aheadMs;
  let lastElapsedMs = clock.elapsed();

  return { now, elapsed: clock.elapsed, schedule, aheadMs: () => now() - clock.now() };

  function now(): number {
    const elapsedMs = clock.elapsed();
    const expectedMs = lastMs + elapsedMs - lastElapsedMs;
    const wallMs = clock.now();
    if (expectedMs - (wallMs + aheadMs) >= SET_BACK_MS) aheadMs = Math.round(expectedMs) - wallMs;
    lastElapsedMs = elapsedMs;
    lastMs = Math.max(lastMs, wallMs + aheadMs);
    return lastMs;
  }

  function schedule(atMs: number, callback: () => void): Disposable {
    let alarm = arm();
    return { [Symbol.dispose]: () => alarm[Symbol.dispose]() };

    function arm(): Disposable {
      return clock.schedule(atMs - aheadBy(), wake);
    }

    function wake(): void {
      if (now() < atMs) alarm = arm();
      else callback();
    }
  }

  function aheadBy(): number {
    now();
    return aheadMs;
  }
}
