import { LONG_TIMER_CHUNK_MS, MAX_SHORT_TIMER_MS } from './begin-action.ts';
import { HistoryEventType } from './history-event.ts';
import type { HistoryEvent } from './history-event.ts';

/** Makes the JSON text of the orchestrator trigger: the whole history of the execution, of which `fresh` is new. */
export function makeOrchestratorPayload(
  instanceId: string,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
): string {
  const started = [...past, ...fresh].find((event) => event.EventType === HistoryEventType.ExecutionStarted);
  if (!started) throw new Error(`The history of orchestration '${instanceId}' lacks its ExecutionStarted event.`);
  return JSON.stringify({
    history: [...past.map((event) => withIsPlayed(event, true)), ...fresh.map((event) => withIsPlayed(event, false))],
    input: started.Input === null ? null : parseJsonOrText(started.Input),
    instanceId,
    isReplaying: past.length > 0,
    parentInstanceId: started.ParentInstance?.OrchestrationInstance.InstanceId ?? null,
    ...REPLAY_SETTINGS,
  });
}

/**
 * Zero-based numbers of the replay schema: the old field stops at V2, the new one says V4; and the settings that the schema
 * needs, the last one spelt as durable-functions reads it (lib/src/orchestrations/DurableOrchestrationBindingInfo.js).
 */
const REPLAY_SETTINGS = {
  upperSchemaVersion: 1,
  upperSchemaVersionNew: 3,
  longRunningTimerIntervalDuration: toTimeSpan(LONG_TIMER_CHUNK_MS),
  maximumShortTimerDuration: toTimeSpan(MAX_SHORT_TIMER_MS),
  defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
};

/** Whole days as .NET writes a time span. */
function toTimeSpan(ms: number): string {
  return `${ms / (24 * 60 * 60 * 1000)}.00:00:00`;
}

function withIsPlayed(event: HistoryEvent, isPlayed: boolean): HistoryEvent & { IsPlayed: boolean } {
  return { ...event, IsPlayed: isPlayed };
}

/** Stored text is JSON, but what isn't is shown as it is, as the Durable extension does. */
export function parseJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
