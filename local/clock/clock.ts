/**
 * The one source of time of the local stack: the machine's clock, or a virtual one that a test moves.
 * Everything in `local/` that waits, waits here.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. Whoever may set the machine's clock can set it back. */
  now(): number;
  /** Milliseconds that have passed since some moment, whatever the clock was set to meanwhile. */
  elapsed(): number;
  /**
   * Calls `callback` once, when the time between now and `atMs` has passed: `now() >= atMs` then, unless the clock was set back meanwhile. A
   * time in the past means the next turn. Disposing the result cancels it; disposing twice, or after it fired, does nothing.
   */
  schedule(atMs: number, callback: () => void): Disposable;
}
