import type { Clock } from './clock.ts';

/** The longest delay that `setTimeout` takes; a longer one fires at once (nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Creates the clock of this machine. */
export function createRealClock(): Clock {
  return { now: () => Date.now(), schedule };
}

function schedule(atMs: number, callback: () => void): Disposable {
  let timeout = arm();
  return { [Symbol.dispose]: () => clearTimeout(timeout) };

  function arm(): NodeJS.Timeout {
    return setTimeout(wake, Math.min(Math.max(atMs - Date.now(), 0), MAX_TIMEOUT_MS));
  }

  // A timeout counts monotonic milliseconds, so it can end before the wall clock shows the time asked for.
  function wake(): void {
    if (Date.now() < atMs) timeout = arm();
    else callback();
  }
}
