import type { Clock } from '../../../clock/clock.ts';

/** Runs work when it falls due, where what is due is known to somebody else (a table) and may change at any time. */
export interface WakeUp {
  /** Looks again at when the next work is due. Call it after every change. */
  reschedule(): void;
  isDue(): boolean;
  stop(): void;
}

/** Creates a sleeping wake-up; `nextDueMs` is asked for the time, `run` called at it or after. */
export function createWakeUp(clock: Clock, nextDueMs: () => number | undefined, run: () => void): WakeUp {
  let scheduled: { atMs: number; alarm: Disposable } | undefined;
  let isStopped = false;

  return { reschedule, isDue, stop };

  function reschedule(): void {
    if (isStopped) return;
    const atMs = nextDueMs();
    if (atMs === scheduled?.atMs) return;
    scheduled?.alarm[Symbol.dispose]();
    scheduled = atMs === undefined ? undefined : { atMs, alarm: clock.schedule(atMs, wake) };
  }

  function wake(): void {
    scheduled = undefined;
    run();
    reschedule();
  }

  function isDue(): boolean {
    const atMs = isStopped ? undefined : nextDueMs();
    return atMs !== undefined && atMs <= clock.now();
  }

  function stop(): void {
    isStopped = true;
    scheduled?.alarm[Symbol.dispose]();
  }
}
