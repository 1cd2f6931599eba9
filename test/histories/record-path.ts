import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { createVirtualClock } from '../../local/clock/virtual-clock.ts';
import { openDurableHub, type DurableHub } from '../../local/host/durable/durable-hub.ts';
import type { DurableFunctionInvoker } from '../../local/host/durable/work/function-invoker.ts';
import {
  HistoryEventType,
  parseHistoryEvent,
  type HistoryEvent,
} from '../../local/host/durable/replay/history-event.ts';
import { readHostJson } from '../../local/host/settings/host-json.ts';
import { createRandom } from '../../local/host/random.ts';
import { defined } from '../../src/domain/defined.ts';
import { APP_DIRECTORY } from './app.ts';
import type { Path } from './path.ts';
import { formatRecording, parseAnswer, parseRecording, type Recording } from './recording.ts';

/** When every recording begins. */
export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * Runs the app's orchestrator along a path, on a hub of its own with a virtual clock and seeded ids, and keeps what
 * durable-functions was given and what it answered. Recorded twice, it is the same to the byte.
 */
export async function recordPath(app: DurableFunctionInvoker, path: Path): Promise<Recording> {
  const clock = createVirtualClock({ startMs: START_MS });
  const recorder = createRecorder(app, path);
  const actor = createActor(path);
  const hub = openDurableHub({
    hubName: 'Recorded',
    databasePath: ':memory:',
    clock,
    invoker: { ...app, ...recorder.invoker, activity: (activity) => actor.activity(activity, hub) },
    random: createRandom(1),
    log: () => undefined,
    ...defined({ defaultVersion: readHostJson(APP_DIRECTORY).durableTask.defaultVersion }),
  });
  hub.start();
  for (const happening of path.before) await happening(hub);
  await hub.whenIdle();
  const { orchestrator: name, instanceId, input } = path;
  await hub.client.start({ instanceId, name, input: JSON.stringify(input) });
  const meanwhile = [...path.meanwhile];
  for (;;) {
    await hub.whenIdle();
    if (recorder.isOver()) break;
    const [next] = meanwhile;
    const nextMs = Math.min(hub.nextTimerAtMs() ?? Infinity, next === undefined ? Infinity : START_MS + next.afterMs);
    if (nextMs === Infinity) throw new Error(`${name}: the path ${path.name} waits for what never comes.`);
    clock.advanceTo(Math.max(nextMs, clock.now()));
    if (next !== undefined && START_MS + next.afterMs <= clock.now()) await meanwhile.shift()?.happening(hub);
  }
  await hub.stop();
  const problems = [...actor.problems(), ...(meanwhile.length > 0 ? ['ended before all had happened'] : [])];
  if (problems.length > 0) throw new Error(`${name}: the path ${path.name} ${problems.join(', and ')}.`);
  return recorder.recording();
}

/** Plays the activities of a path, and knows whether it was played as it is written. */
function createActor({ activities }: Path) {
  const counts = new Map<string, number>();
  return {
    async activity(name: string, hub: DurableHub): Promise<string> {
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      const answer = activities[name]?.[count] ?? activities[name]?.at(-1);
      if (answer === undefined) return 'null';
      await answer.first?.(hub);
      if ('error' in answer.outcome) throw answer.outcome.error;
      return JSON.stringify(answer.outcome.output);
    },
    /** A path that was left early, or that asks for what it doesn't say, is another one than its name claims. */
    problems: (): string[] => [
      ...[...counts.keys()].filter((name) => activities[name] === undefined).map((name) => `has no answer of ${name}`),
      ...Object.entries(activities)
        .filter(([name, { length }]) => length > 1 && (counts.get(name) ?? 0) < length)
        .map(([name]) => `has an answer of ${name} that nothing asked for`),
    ],
  };
}

const payloadSchema = z.object({ history: z.array(z.looseObject({ EventType: z.int(), IsPlayed: z.boolean() })) });
const entityPayloadSchema = z.looseObject({ exists: z.boolean(), state: z.string().nullable() });
const startedSchema = z.looseObject({
  Version: z.string().nullable(),
  OrchestrationInstance: z.object({ ExecutionId: z.string() }),
});

function createRecorder(app: DurableFunctionInvoker, path: Path) {
  const executions = new Map<string, Recording>();
  const kept = (): Recording | undefined => [...executions.values()][path.turn - 1];
  const invoker: Pick<DurableFunctionInvoker, 'orchestrator' | 'entity'> = {
    async orchestrator(name, payload, instanceId) {
      const history = payloadSchema.parse(JSON.parse(payload)).history.map(withoutIsPlayed);
      const found = history.find(({ EventType }) => EventType === HistoryEventType.ExecutionStarted);
      const { Version, OrchestrationInstance } = startedSchema.parse(found);
      const before = executions.get(OrchestrationInstance.ExecutionId)?.episodes ?? [];
      const record = (text: string, threw: boolean): void =>
        void executions.set(OrchestrationInstance.ExecutionId, {
          orchestrator: name,
          version: Version || null,
          instanceId,
          history,
          episodes: [...before, { eventCount: history.length, answer: parseAnswer(text, threw) }],
        });
      try {
        const text = await app.orchestrator(name, payload, instanceId);
        record(text, false);
        return text;
      } catch (error) {
        record(thrownState(error), true);
        throw error;
      }
    },
    entity: (name, payload, instanceId) =>
      app.entity(name, path.entitiesAreUnreadable ? withUnreadableState(payload) : payload, instanceId),
  };
  return {
    invoker,
    isOver: () => {
      const answer = kept()?.episodes.at(-1)?.answer;
      return answer !== undefined && (answer.threw || answer.state['isDone'] === true);
    },
    recording(): Recording {
      const recording = kept();
      if (recording === undefined) throw new Error(`${path.orchestrator}, ${path.name}: nothing was recorded.`);
      if (!isDeepStrictEqual(parseRecording(formatRecording(recording)), recording)) {
        throw new Error(`${path.orchestrator}, ${path.name}: the file would not say what was recorded.`);
      }
      return recording;
    },
  };
}

/** The payload says of each event whether an earlier episode saw it, which is not of the history. */
function withoutIsPlayed(event: object): HistoryEvent {
  return parseHistoryEvent(JSON.stringify(event, (name, value: unknown) => (name === 'IsPlayed' ? undefined : value)));
}

function withUnreadableState(payload: string): string {
  const parsed = entityPayloadSchema.parse(JSON.parse(payload));
  return JSON.stringify({ ...parsed, exists: true, state: '{"state":"Resting"}' });
}

/** Where durable-functions puts the state when an orchestrator threw (lib/src/error/OrchestrationFailureError.js). */
export function thrownState(error: unknown): string {
  const state = error instanceof Error ? error.message.split('\n\n$OutOfProcData$:')[1] : undefined;
  if (state === undefined) throw error;
  return state;
}
