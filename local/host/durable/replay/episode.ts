import type { DurableFunctionInvoker } from '../work/function-invoker.ts';
import { HistoryEventType, toTimestamp } from './history-event.ts';
import type { HistoryEvent } from './history-event.ts';
import { replayOrchestration } from './orchestration-replay.ts';
import type { ReplayOutcome } from './orchestration-replay.ts';
import { makeOrchestratorPayload } from './orchestrator-payload.ts';
import { parseReturnedState, parseThrownState } from './orchestrator-result.ts';
import type { OrchestratorResult } from './orchestrator-result.ts';
import type { ReplayEnvironment } from './replay-context.ts';

/** What one episode of an orchestration came to; `customStatus` is JSON text or null. */
export interface EpisodeOutcome extends ReplayOutcome {
  customStatus: string | null;
}

/** The longest custom status in UTF-16 bytes (learn.microsoft.com/azure/azure-functions/durable/durable-functions-custom-orchestration-status). */
const MAX_CUSTOM_STATUS_BYTES = 16 * 1024;

/** Runs the orchestrator function once over its whole history and finds out what is new. */
export async function runEpisode(
  invoker: DurableFunctionInvoker,
  environment: ReplayEnvironment,
  orchestratorName: string,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
): Promise<EpisodeOutcome> {
  const { instanceId } = environment;
  if (!invoker.has('orchestrator', orchestratorName)) {
    return failed(
      `The orchestrator function '${orchestratorName}' doesn't exist, is disabled, or is not an orchestrator function.`,
    );
  }
  const payload = makeOrchestratorPayload(instanceId, past, fresh);
  let result;
  try {
    result = await invokeOrchestrator(invoker, orchestratorName, payload, instanceId);
  } catch (error) {
    // It failed outside of the orchestrator's own code, so that running it again would not help.
    return failed(error instanceof Error ? error.message : String(error));
  }
  const statusBytes = 2 * (result.customStatus?.length ?? 0);
  if (statusBytes > MAX_CUSTOM_STATUS_BYTES) {
    return failed(
      `The UTF-16 size of the JSON-serialized custom status must not exceed 16 KB; it has ${Math.ceil(statusBytes / 1024)} KB.`,
    );
  }
  return { ...replayOrchestration(environment, past, fresh, result), customStatus: result.customStatus };
}

/**
 * When the batch's messages are taken into history. Never before the last episode or before a timer that fired, even when the
 * machine's clock was set back: durable-functions would take such a timer for one that has not fired yet.
 */
export function findEpisodeTimestamp(
  nowMs: number,
  past: readonly HistoryEvent[],
  batch: readonly HistoryEvent[],
): string {
  const lastStartedAt = past.findLast((event) => event.EventType === HistoryEventType.OrchestratorStarted)?.Timestamp;
  const firedAt = batch.flatMap((event) => (event.EventType === HistoryEventType.TimerFired ? [event.FireAt] : []));
  const earliestMs = [...firedAt, ...(lastStartedAt ? [lastStartedAt] : [])].map((text) => Date.parse(text));
  return toTimestamp(Math.max(nowMs, ...earliestMs));
}

async function invokeOrchestrator(
  invoker: DurableFunctionInvoker,
  name: string,
  payload: string,
  instanceId: string,
): Promise<OrchestratorResult> {
  let returned;
  try {
    returned = await invoker.orchestrator(name, payload, instanceId);
  } catch (error) {
    const thrown = parseThrownState(error);
    if (!thrown) throw error;
    return thrown;
  }
  return parseReturnedState(returned);
}

function failed(message: string): EpisodeOutcome {
  return { scheduled: [], customStatus: null, end: { kind: 'failed', message } };
}
