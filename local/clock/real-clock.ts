import type { Clock } from './clock.ts';
import { SET_BACK_MS } from './steady-clock.ts';

/** The longest delay that `setTimeout` takes; a longer one fires at once (nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Creates the clock of this machine. */
export function createRealClock(): Clock {
  return { now: () => Date.now(), elapsed: () => performance.now(), schedule };
}

function schedule(atMs: number, callback: () => void): Disposable {
  const dueMs = performance.now() + Math.max(atMs - Date.now(), 0);
  let timeout = arm(dueMs - performance.now());
  return { [Symbol.dispose]: () => clearTimeout(timeout) };

  function arm(delayMs: number): NodeJS.Timeout {
    return setTimeout(wake, Math.min(Math.max(Math.ceil(delayMs), 0), MAX_TIMEOUT_MS));
  }

  function wake(): void {
    const leftMs = dueMs - performance.now();
    const earlyMs = atMs - Date.now();
    if (leftMs > 0) timeout = arm(leftMs);
    // The two clocks are not quite the same; more than this, and the wall clock was set back.
    else if (earlyMs > 0 && earlyMs < SET_BACK_MS) timeout = arm(earlyMs);
    else callback();
  }
}
