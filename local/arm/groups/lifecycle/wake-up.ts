import type { Clock } from '../../../clock/clock.ts';
import { StorageUnavailable } from '../../../sqlite/storage-error.ts';

/** Runs work when it falls due, where what is due is known to somebody else (a table) and may change at any time. */
export interface WakeUp {
  /** Looks again at when the next work is due. Call it after every change. */
  reschedule(): void;
  isDue(): boolean;
  stop(): void;
}

/** How long work waits that the disk didn't take. */
const STORAGE_RETRY_MS = 1_000;

/** Creates a sleeping wake-up; `nextDueMs` is asked for the time, `run` called at it or after, and again when it threw a `StorageUnavailable`. */
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
    try {
      run();
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      return retryLater();
    }
    return reschedule();
  }

  function retryLater(): void {
    const atMs = clock.now() + STORAGE_RETRY_MS;
    scheduled = { atMs, alarm: clock.schedule(atMs, wake) };
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
