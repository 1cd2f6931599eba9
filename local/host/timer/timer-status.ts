import { z } from 'zod';
import { SET_BACK_MS } from '../../clock/steady-clock.ts';
import type { HostStore } from '../host-store.ts';
import type { TimerSchedule } from './timer-schedule.ts';

const statusSchema = z.object({ lastMs: z.number().optional(), nextMs: z.number(), updatedMs: z.number() });

/** What is remembered of a timer between runs of the host; all in milliseconds since the epoch. */
export interface TimerStatus {
  /** Undefined until it has run once on this schedule. */
  lastMs?: number | undefined;
  nextMs: number;
  updatedMs: number;
}

/** Reads the status of a timer; undefined when it has none. */
export function readTimerStatus(store: HostStore, functionName: string): TimerStatus | undefined {
  const text = store.get(keyOf(functionName));
  return text === undefined ? undefined : statusSchema.parse(JSON.parse(text));
}

/** Keeps the status of a timer. */
export function writeTimerStatus(store: HostStore, functionName: string, status: TimerStatus): void {
  store.set(keyOf(functionName), JSON.stringify(status));
}

/**
 * What holds at a start: a timer without status begins now; a changed schedule is computed anew, and what has meanwhile passed
 * by it is not past due; a status from the future is no status (azure-webjobs-sdk-extensions Timers/Scheduling/ScheduleMonitor.cs, CheckPastDueAsync). Undefined when the schedule has
 * no further occurrence.
 */
export function statusAtStart(
  kept: TimerStatus | undefined,
  schedule: TimerSchedule,
  nowMs: number,
): TimerStatus | undefined {
  const fromNow = (): TimerStatus | undefined => {
    const nextMs = schedule.nextAfterMs(nowMs);
    return nextMs === undefined ? undefined : { nextMs, updatedMs: nowMs };
  };
  // It was written by a clock that has been set back since.
  if (!kept || kept.updatedMs - nowMs >= SET_BACK_MS) return fromNow();
  const expectedMs = schedule.nextAfterMs(kept.lastMs ?? kept.updatedMs);
  if (expectedMs === kept.nextMs) return kept;
  if (expectedMs === undefined || expectedMs < nowMs) return fromNow();
  return { nextMs: expectedMs, updatedMs: kept.lastMs ?? kept.updatedMs };
}

/** `2026-01-01T00:00:00+00:00`, as .NET writes it; a timer that never ran has .NET's smallest date. */
export function formatTimerDate(ms: number | undefined): string {
  if (ms === undefined) return '0001-01-01T00:00:00+00:00';
  return new Date(ms).toISOString().replace(/(\.000|0*)Z$/, '+00:00');
}

function keyOf(functionName: string): string {
  return `timer:${functionName.toLowerCase()}`;
}
