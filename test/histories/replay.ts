import { z } from 'zod';
import type { DurableFunctionInvoker } from '../../local/host/durable/work/function-invoker.ts';
import { HistoryEventType } from '../../local/host/durable/replay/history-event.ts';
import { replayOrchestration } from '../../local/host/durable/replay/orchestration-replay.ts';
import { makeOrchestratorPayload } from '../../local/host/durable/replay/orchestrator-payload.ts';
import {
  parseReturnedState,
  parseThrownState,
  type OrchestratorResult,
} from '../../local/host/durable/replay/orchestrator-result.ts';
import { firstDifference } from './first-difference.ts';
import { thrownState } from './record-path.ts';
import { parseAnswer, type Answer, type Episode, type Recording } from './recording.ts';

/** An action of durable-functions (lib/src/actions/ActionType.js). */
const CONTINUE_AS_NEW = 4;

/**
 * Has the app's orchestrators of today answer every episode of a recording, through the real durable-functions, and tells the
 * first difference from what was answered when it was recorded, and whether the Durable extension would notice; undefined when
 * there is none. Where the orchestrator has a newer version, an eternal instance ends where it continued as new.
 */
export async function findReplayFault(
  app: DurableFunctionInvoker,
  { episodes, ...recording }: Recording,
  { isSuperseded = false } = {},
): Promise<string | undefined> {
  const expected = { ...recording, episodes: isSuperseded ? episodes.map(withoutContinuing) : episodes };
  // Without a version the local host gave an empty one, and the Durable extension gives null.
  const payloads = recording.version === null ? [asItIs, withoutVersion] : [asItIs];
  for (const adapt of payloads) {
    const fault = await findFault(app, expected, adapt);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type AdaptPayload = (payload: string) => string;
const asItIs: AdaptPayload = (payload) => payload;
const withoutVersion: AdaptPayload = (payload) => payload.replaceAll('"Version":""', '"Version":null');

async function findFault(
  app: DurableFunctionInvoker,
  recording: Recording,
  adapt: AdaptPayload,
): Promise<string | undefined> {
  let difference: string | undefined;
  for (const [index, { eventCount, answer }] of recording.episodes.entries()) {
    const now = await replayEpisode(app, recording, eventCount, adapt);
    if (difference === undefined) {
      const found = firstDifference({ ...answer }, now.answer);
      difference = found && `episode ${index + 1} of ${recording.episodes.length}: ${found}`;
    }
    if (now.refusal !== undefined) return `${difference ?? ''}. The Durable extension would end it: ${now.refusal}`;
  }
  return difference && `${difference}. The Durable extension would not notice.`;
}

function withoutContinuing({ eventCount, answer }: Episode): Episode {
  const actions = answer.actions.filter((action) => actionSchema.parse(action).actionType !== CONTINUE_AS_NEW);
  return { eventCount, answer: { ...answer, actions } };
}

const actionSchema = z.looseObject({ actionType: z.int() });

/** What the orchestrator answers today, and why the extension would end the instance for it, if it would. */
interface ReplayedEpisode {
  answer: Answer;
  refusal: string | undefined;
}

async function replayEpisode(
  app: DurableFunctionInvoker,
  { orchestrator, version, instanceId, history }: Recording,
  eventCount: number,
  adapt: AdaptPayload,
): Promise<ReplayedEpisode> {
  const seen = history.slice(0, eventCount);
  const start = seen.findLastIndex(({ EventType }) => EventType === HistoryEventType.OrchestratorStarted);
  const [past, fresh] = [seen.slice(0, start), seen.slice(start)];
  const payload = adapt(makeOrchestratorPayload(instanceId, past, fresh));
  const { answer, result } = await run(() => app.orchestrator(orchestrator, payload, instanceId));
  const environment = {
    instanceId,
    executionId: 'replayed',
    hasFunction: app.has,
    nextGuid: () => 'replayed',
    storesInputs: false,
    defaultVersion: version ?? '',
  };
  const { end } = replayOrchestration(environment, past, fresh, result);
  const isRefused = end.kind === 'failed' && result.progress.kind !== 'threw';
  return { answer, refusal: isRefused ? end.message : undefined };
}

async function run(orchestrate: () => Promise<string>): Promise<{ answer: Answer; result: OrchestratorResult }> {
  let text: string;
  try {
    text = await orchestrate();
  } catch (error) {
    const result = parseThrownState(error);
    if (result === undefined) throw error;
    return { answer: parseAnswer(thrownState(error), true), result };
  }
  return { answer: parseAnswer(text, false), result: parseReturnedState(text) };
}
