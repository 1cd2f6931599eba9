import { isOn } from '../../../local/arm/faults/incidents.ts';
import type { CommandFact, ListedGroup, LookFact } from '../facts.ts';
import type { Finding, Invariant, View } from './invariant.ts';

/**
 * ACI has a small group ready 30 to 35 s after the request, and its event comes within 3 s (timing-profile.ts). Looks without an event come after
 * 10, 25 and 47 s.
 */
const PROMPT_MS = 45_000;

/** So long before and after, nothing may have disturbed what is timed. */
const UNDISTURBED_MS = 120_000;

/** What a killed host had in flight is back after five minutes at the latest. */
const RECOVERED_MS = 600_000;

/** These disturb nobody who creates a group. */
const HARMLESS = new Set(['createdOutside', 'ipChanges', 'listsLag']);

/** Events are what makes it fast. */
export const promptness: Invariant = {
  name: 'promptness',
  promise:
    'While nothing is wrong, a group is Running within 45 seconds of the request that creates it: the event that tells that ' +
    'Azure is ready is heard, and not only made up for by the next look.',
  judge(view) {
    const creations = new Map<string, CommandFact[]>();
    const turnsAtMs: number[] = [];
    const timed = new Set<string>();
    return {
      take(fact) {
        if (fact.fact === 'turn') turnsAtMs.push(fact.atMs);
        if (fact.fact === 'command' && fact.command === 'ACICreate' && fact.status === 202 && isPlain(fact.body)) {
          creations.set(fact.group ?? '', [...(creations.get(fact.group ?? '') ?? []), fact]);
        }
        if (fact.fact !== 'look') return [];
        const born = newborn(fact, timed).filter(([key, group]) => isRequested(creations.get(key) ?? [], group));
        return born.filter(([, group]) => isUndisturbed(view, group, turnsAtMs)).flatMap(findLate);
      },
    };
  },
};

/** One that waits for its server, or comes back when its server is heard again, is Running later. */
function isPlain(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('readiness' in body) && !('health' in body);
}

/** Groups that run and were not seen before. */
function newborn({ groups }: LookFact, timed: Set<string>): [string, ListedGroup][] {
  const fresh = [...groups].filter(([key, { createdAt }]) => !timed.has(`${key} ${createdAt}`));
  for (const [key, { createdAt }] of fresh) timed.add(`${key} ${createdAt}`);
  return fresh.filter(([, { state }]) => state === 'Running');
}

/** An adopted group is as old as its adoption. */
function isRequested(creations: readonly CommandFact[], { createdAt }: ListedGroup): boolean {
  const createdMs = Date.parse(createdAt);
  return creations.some(({ sentAtMs, atMs }) => sentAtMs <= createdMs + 1_000 && createdMs <= atMs + 1_000);
}

function isUndisturbed({ plan, startMs }: View, group: ListedGroup, turnsAtMs: readonly number[]): boolean {
  const [fromMs, toMs] = [Date.parse(group.createdAt), Date.parse(group.stateSince)];
  const windows = plan.faults.incidents
    .filter(({ kind }) => !HARMLESS.has(kind))
    .map((incident) => windowOf(incident, startMs));
  const isCalm = windows.every(
    (window) =>
      !isOn(window, fromMs - UNDISTURBED_MS) &&
      !isOn(window, toMs) &&
      !(window.fromMs > fromMs - UNDISTURBED_MS && window.fromMs < toMs),
  );
  return isCalm && turnsAtMs.every((each) => each < fromMs - RECOVERED_MS || each > toMs);
}

function windowOf(
  incident: { fromSeconds: number; forSeconds?: number | undefined },
  startMs: number,
): { fromMs: number; untilMs: number | undefined } {
  const fromMs = startMs + incident.fromSeconds * 1_000;
  return { fromMs, untilMs: incident.forSeconds === undefined ? undefined : fromMs + incident.forSeconds * 1_000 };
}

function findLate([key, { createdAt, stateSince }]: [string, ListedGroup]): Finding[] {
  const ms = Date.parse(stateSince) - Date.parse(createdAt);
  return ms > PROMPT_MS
    ? [
        {
          group: key,
          says: `${key} was Running only ${Math.round(ms / 1_000)} s after its creation, while nothing was wrong`,
        },
      ]
    : [];
}
