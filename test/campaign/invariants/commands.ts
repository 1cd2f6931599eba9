import type { CommandFact, LookFact, ReportFact } from '../facts.ts';
import type { Resource } from '../world/resources.ts';
import type { Finding, Invariant, View } from './invariant.ts';

/** What these mean is told to whoever asked, and so is what he can do; `internal` is told of what nobody expected. */
const MAY_FAIL = new Set([0, 200, 202, 400, 404, 409, 410, 422, 429, 502, 503, 504]);

/** A host that is killed answers nobody, and takes less than a minute to be back. */
const KILL_MS = 60_000;

interface Memory {
  last?: LookFact;
  turnsAtMs: number[];
  /** By group. */
  marks: Map<string, CommandFact>;
  reports: Map<string, ReportFact>;
  creations: Map<string, CommandFact>;
  outcomes: Map<string, CommandFact>;
  /** What ACIDelete was asked to delete, players or not. */
  deletions: { command: CommandFact; resource: Resource | undefined }[];
  resources: ReadonlyMap<string, Resource>;
}

/** What was acknowledged is done. */
export const commands: Invariant = {
  name: 'commands',
  promise:
    'Every request is answered, and with a reason where it is refused. What was acknowledged is done, or its failure shown: a ' +
    'creation has an outcome; a group that was marked or given up is never shown as Running again in the same life; one that ' +
    'ACIDelete was told to delete is gone in the end, or Failed with a reason; none that was forgotten comes back; the last ' +
    'accepted count of sessions is the one that is shown; a sweep that was asked for began after the request.',
  judge(view) {
    const memory: Memory = {
      turnsAtMs: [],
      marks: new Map(),
      reports: new Map(),
      creations: new Map(),
      outcomes: new Map(),
      deletions: [],
      resources: new Map(),
    };
    return {
      take(fact) {
        switch (fact.fact) {
          case 'turn':
            memory.turnsAtMs.push(fact.atMs);
            return [];
          case 'resources':
            memory.resources = fact.resources;
            return [];
          case 'report':
            memory.reports.set(fact.group, fact);
            return /^5\d\d$/.test(fact.status) && fact.status !== '503'
              ? [{ group: fact.group, says: `a report was answered ${fact.status}` }]
              : [];
          case 'command':
            remember(memory, fact);
            return judgeAnswer(memory, fact);
          case 'look':
            memory.last = fact;
            return [
              ...lostMarks(memory, fact),
              ...comeBack(fact),
              ...(fact.atMs > view.quietFromMs ? lostCounts(memory, fact) : []),
            ];
          case 'arm':
          case 'server':
          case 'store':
          case 'leak':
            return [];
        }
      },
      finish: () => [...lostDeletions(memory), ...lostCreations(memory, view)],
    };
  },
};

function remember(memory: Memory, fact: CommandFact): void {
  const { group = '', command, status, body } = fact;
  if (command === 'ACISetState' && status === 200) memory.marks.set(group, fact);
  if (command === 'ACICreate' && status === 202) memory.creations.set(group, fact);
  if (command === 'GET ACIOperation') memory.outcomes.set(group, fact);
  const isForced = command === 'ACIDelete' && !(typeof body === 'object' && body !== null && 'ifIdle' in body);
  if (isForced && status === 202) memory.deletions.push({ command: fact, resource: memory.resources.get(group) });
}

function judgeAnswer({ turnsAtMs }: Memory, fact: CommandFact): Finding[] {
  const { command, status, sentAtMs, atMs, answer, group } = fact;
  const about = group === undefined ? {} : { group };
  const isKilled = turnsAtMs.some((each) => each >= sentAtMs - KILL_MS && each <= atMs + KILL_MS);
  if (status === 0 && !isKilled) return [{ ...about, says: `${command} was not answered` }];
  // A creation that a forced deletion had to terminate tells so.
  const isTold = status === 500 && codeOf(answer) === 'endedWithoutOutcome';
  if (!isTold && (!MAY_FAIL.has(status) || codeOf(answer) === 'internal')) {
    return [{ ...about, says: `${command} was answered ${status} ${JSON.stringify(answer)}` }];
  }
  if (status >= 400 && codeOf(answer) === undefined) {
    return [{ ...about, says: `${command} was refused with ${status} and no code` }];
  }
  if (command === 'ACIGC' && status === 200 && sweptAtOf(answer) < sentAtMs) {
    return [{ says: 'ACIGC was answered with a sweep that had begun before the request' }];
  }
  return [];
}

function codeOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : undefined;
}

function sweptAtOf(answer: unknown): number {
  const isReport = typeof answer === 'object' && answer !== null && 'sweptAt' in answer;
  return isReport ? Date.parse(String(answer.sweptAt)) : Number.NaN;
}

/** Groups of the same creation that run again after their mark. */
function lostMarks({ marks }: Memory, { groups }: LookFact): Finding[] {
  return [...marks].flatMap(([group, { answer, body }]) => {
    const shown = groups.get(group);
    const isSameLife = createdAtOf(answer) === shown?.createdAt;
    const isUndone = shown?.state === 'Running' || shown?.state === 'Creating';
    return isSameLife && isUndone
      ? [{ group, says: `${group} is ${shown.state} after ${JSON.stringify(body)} was answered 200` }]
      : [];
  });
}

/** No store is ever lost in a campaign: what is adopted was forgotten while it was there. */
function comeBack({ groups }: LookFact): Finding[] {
  return [...groups]
    .filter(([, { sessionsUnknown }]) => sessionsUnknown === true)
    .map(([group]) => ({
      group,
      says: `${group} is back as one that was adopted, after it was forgotten with its resource there`,
    }));
}

function createdAtOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'createdAt' in answer ? answer.createdAt : undefined;
}

/** Counts that are not shown although they were accepted in good time before the look, and nothing was reported since. */
function lostCounts({ reports }: Memory, { groups, atMs }: LookFact): Finding[] {
  return [...reports.values()].flatMap(({ group, status, sentAtMs, atMs: answeredAtMs, count }) => {
    const shown = groups.get(group);
    const isOfThisLife = shown !== undefined && Date.parse(shown.createdAt) < sentAtMs;
    return isOfThisLife && status === 'accepted' && answeredAtMs < atMs - APPLIED_MS && shown.activeSessions !== count
      ? [
          {
            group,
            says: `${group} is shown with ${shown.activeSessions} sessions, where a report of ${count} was accepted last`,
          },
        ]
      : [];
  });
}

/** What a killed host had taken and not done is done within 66 seconds by the next one (§ local-host.md). */
const APPLIED_MS = 120_000;

function lostDeletions({ deletions, last, resources }: Memory): Finding[] {
  return deletions.flatMap(({ command: { group = '', sentAtMs }, resource }) => {
    const shown = last?.groups.get(group);
    if (shown?.state === 'Failed') return [];
    const isShown = shown !== undefined && Date.parse(shown.createdAt) <= sentAtMs;
    const isThere =
      resource !== undefined && resources.get(group)?.sequence === resource.sequence && !resource.isBySomebodyElse;
    if (!isShown && !isThere) return [];
    return [
      {
        group,
        says: `${group} was to be deleted, and ${isShown ? `is ${shown.state}` : 'its resource is there'} in the end`,
      },
    ];
  });
}

function lostCreations({ creations, outcomes }: Memory, { plan }: View): Finding[] {
  return [...creations.keys()].flatMap((group) => {
    const outcome = outcomes.get(group);
    const isForgotten = outcome?.status === 404 && plan.settings['ACI_HISTORY_RETENTION'] === 'PT1H';
    if (isForgotten || hasOutcome(outcome?.answer)) return [];
    return [{ group, says: `the creation of ${group} has no outcome: ${JSON.stringify(outcome?.answer)}` }];
  });
}

function hasOutcome(answer: unknown): boolean {
  const isEnded = typeof answer === 'object' && answer !== null && 'outcome' in answer && answer.outcome != null;
  return isEnded || codeOf(answer) === 'endedWithoutOutcome';
}
