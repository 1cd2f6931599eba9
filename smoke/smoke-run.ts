import { factsOf, type Facts, type Names } from './comparison/facts.ts';
import { diagnoseAnswer } from './diagnosis/diagnose-answer.ts';
import { pause, type Answer, type Ask, type SmokeClient } from './smoke-client.ts';
import { Interrupted, SmokeFailure } from './smoke-failure.ts';
import { isOnThisMachine, type SmokeOptions } from './smoke-options.ts';

/** What the steps of a run have in common. */
export interface SmokeRun {
  readonly options: SmokeOptions;
  /** Whether it runs against a local stack. */
  readonly isLocal: boolean;
  /** The name of the container group. */
  readonly group: string;
  /** The group of the second life. */
  readonly secondGroup: string;
  /** What the creation was told, for later steps. */
  readonly memory: { creationRequestId: string | undefined };
  /** The names of groups that may be there now. */
  readonly living: Set<string>;
  readonly client: SmokeClient;
  /** Asks, requires the status, and keeps the answer under this name to be compared with that of the local stack. */
  compare(name: string, status: number, path: string, ask?: Ask): Promise<Answer>;
  /** Keeps something else to be compared. */
  keep(name: string, facts: Facts): void;
  keepAnswer(name: string, answer: Answer): void;
  /** Gets what has to be there: 200. */
  get(path: string): Promise<Answer>;
  /** Tries until there is something; fails after the time, in seconds. */
  until<T>(what: Wait, attempt: () => Promise<T | undefined>): Promise<T>;
}

/** What is waited for. */
export interface Wait {
  /** As the end of "it is not so that …": `the group runs`. */
  what: string;
  seconds: number;
  /** What to look at when it does not come. */
  next: string;
}

/** Makes what the steps have in common; `say` prints a line. */
export function createSmokeRun(
  options: SmokeOptions,
  client: SmokeClient,
  { stop, say, answers }: { stop: AbortSignal; say: (line: string) => void; answers: Record<string, Facts> },
): SmokeRun {
  const isLocal = isOnThisMachine(options.origin);
  const group = `smoke-${Date.now().toString(36)}`;
  const secondGroup = `${group}-2`;
  const { origin, resourceGroup } = options;
  const names: Names = { [secondGroup]: 'NAME-2', [group]: 'NAME', [resourceGroup]: 'GROUP', [origin]: 'ORIGIN' };
  const keepAnswer = (name: string, answer: Answer): void => {
    answers[name] = factsOf(answer, names);
  };
  return {
    options,
    isLocal,
    group,
    secondGroup,
    memory: { creationRequestId: undefined },
    living: new Set(),
    client,
    keep: (name, facts) => {
      answers[name] = facts;
    },
    keepAnswer,
    get: async (path) => {
      const answer = await client.ask(path);
      if (answer.status !== 200) throw diagnoseAnswer(answer, '200');
      return answer;
    },
    compare: async (name, status, path, ask) => {
      const answer = await client.ask(path, ask);
      if (answer.status !== status) throw diagnoseAnswer(answer, String(status));
      keepAnswer(name, answer);
      return answer;
    },
    until: async ({ what, seconds, next }, attempt) => {
      const begun = performance.now();
      const passing = { count: 0, say };
      let saidAtSeconds = 0;
      for (;;) {
        if (stop.aborted) throw new Interrupted();
        const found = await unlessPassing(attempt, passing);
        if (found !== undefined) return found;
        const waited = (performance.now() - begun) / 1000;
        if (waited > seconds) throw new SmokeFailure(`${what}: not so after ${seconds} seconds.`, next);
        if (waited > saidAtSeconds + SAY_EVERY_SECONDS) {
          saidAtSeconds = waited;
          say(`      … ${Math.round(waited)} s, waiting: ${what}`);
        }
        await pause(isLocal ? LOCAL_POLL_MS : POLL_MS, stop);
      }
    },
  };
}

/** Looks once; what will pass by itself is said, and counts as nothing seen, unless it comes too often in a row. */
async function unlessPassing<T>(
  attempt: () => Promise<T | undefined>,
  passing: { count: number; say: (line: string) => void },
): Promise<T | undefined> {
  try {
    const found = await attempt();
    passing.count = 0;
    return found;
  } catch (error) {
    if (!(error instanceof SmokeFailure) || !error.isPassing || passing.count >= PASSING_IN_A_ROW) throw error;
    passing.count += 1;
    passing.say(`      … once more after: ${error.message}`);
    return undefined;
  }
}

/** With the time between two looks a quarter of a minute, in which an app is up again after a restart. */
const PASSING_IN_A_ROW = 5;

const SAY_EVERY_SECONDS = 15;

/** Each look costs an execution of a function in Azure. */
const POLL_MS = 3_000;
const LOCAL_POLL_MS = 100;
