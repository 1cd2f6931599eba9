/**
 * The one source of time of the local stack: the machine's clock, or a virtual one that a test moves.
 * Everything in `local/` that waits, waits here.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /**
   * Calls `callback` once, as soon as `now() >= atMs` and never before; a time in the past means the next turn.
   * Disposing the result cancels it; disposing twice, or after it fired, does nothing.
   */
  schedule(atMs: number, callback: () => void): Disposable;
}
