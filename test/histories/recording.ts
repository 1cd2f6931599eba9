import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseHistoryEvent, type HistoryEvent } from '../../local/host/durable/replay/history-event.ts';

/** What durable-functions answers to one episode (lib/src/orchestrations/OrchestratorState.js), whole and as it came. */
export interface Answer {
  /** Whether it came as the message of an error, which is how durable-functions says that an orchestrator threw. */
  threw: boolean;
  /** Every action since the start of the execution. */
  actions: unknown[];
  /** All else: `isDone`, `output`, `error`, `customStatus`, `schemaVersion`. */
  state: Record<string, unknown>;
}

/** One run of an orchestrator over the first `eventCount` events of a history. */
export interface Episode {
  eventCount: number;
  answer: Answer;
}

/** One execution of an orchestration: everything that it was given, and what it answered each time. */
export interface Recording {
  orchestrator: string;
  /** Of Durable's versioning; null for what was started without one. */
  version: string | null;
  instanceId: string;
  history: HistoryEvent[];
  episodes: Episode[];
}

const orchestratorState = z.looseObject({ actions: z.tuple([z.array(z.unknown())]) });

/** Reads the JSON text of an orchestrator state. */
export function parseAnswer(text: string, threw: boolean): Answer {
  const { actions, ...state } = orchestratorState.parse(JSON.parse(text));
  return { threw, actions: actions[0], state };
}

/**
 * In a file an episode says what it adds to the actions of the one before and which of those it changes (a timer that is
 * cancelled), since an answer repeats all that went before.
 */
const episodeSchema = z.strictObject({
  eventCount: z.int(),
  threw: z.literal(true).optional(),
  state: z.record(z.string(), z.unknown()),
  changedActions: z.record(z.string().regex(/^\d+$/), z.unknown()).optional(),
  newActions: z.array(z.unknown()),
});

const recordingSchema = z.strictObject({
  orchestrator: z.string(),
  version: z.string().nullable(),
  instanceId: z.string(),
  history: z.array(z.looseObject({ EventType: z.int() })),
  episodes: z.array(episodeSchema).min(1),
});

/** Writes a recording as JSON with one event, and one episode, on a line. */
export function formatRecording({ history, episodes, ...facts }: Recording): string {
  const short = episodes.map(({ eventCount, answer }, index) => {
    const before = episodes[index - 1]?.answer.actions ?? [];
    const changed = before.flatMap((action, position): [number, unknown][] =>
      isDeepStrictEqual(action, answer.actions[position]) ? [] : [[position, answer.actions[position]]],
    );
    return {
      eventCount,
      ...(answer.threw && { threw: true }),
      state: answer.state,
      ...(changed.length > 0 && { changedActions: Object.fromEntries(changed) }),
      newActions: answer.actions.slice(before.length),
    };
  });
  const lines = Object.entries(facts).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  return `{\n${lines.join('\n')}\n  "history": ${listOf(history)},\n  "episodes": ${listOf(short)}\n}\n`;
}

/** Reads back what `formatRecording` wrote. */
export function parseRecording(text: string): Recording {
  const { history, episodes, ...facts } = recordingSchema.parse(JSON.parse(text));
  let actions: unknown[] = [];
  return {
    ...facts,
    history: history.map((event) => parseHistoryEvent(JSON.stringify(event))),
    episodes: episodes.map(({ eventCount, threw, state, changedActions = {}, newActions }) => {
      actions = [...actions.map((action, position) => changedActions[position] ?? action), ...newActions];
      return { eventCount, answer: { threw: threw === true, actions, state } };
    }),
  };
}

function listOf(items: unknown[]): string {
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}
