import type { ListedGroup, LookFact } from '../facts.ts';
import type { Finding, Invariant, View } from './invariant.ts';

const MINUTE_MS = 60_000;

/** ACI_PROVISIONING_DEADLINE is 30 minutes for a creation and for one try of a deletion; a quarter of an hour more for what a killed host has in flight. */
const ORCHESTRATION_MS = 45 * MINUTE_MS;

/** About ten minutes after its deadline at the latest (docs/sweeps.md), and as much again for a host that was killed. */
const CREATING_MS = 50 * MINUTE_MS;

/** Two sweeps, a deletion and its repetition. */
const MARKED_MS = 25 * MINUTE_MS;

/** Longer than the longest ACI_FAILED_RETENTION of a run, by as much as a marked group takes. */
const FAILED_MS = 60 * MINUTE_MS + MARKED_MS;

/** Everything ends. */
export const endlessWaits: Invariant = {
  name: 'endless waits',
  promise:
    'No creation or deletion runs for more than 45 minutes, and no group is Creating for more than 50, faults or not. Once ' +
    'faults have ended, a marked group without sessions is gone within 25 minutes, and a failed one without sessions 25 ' +
    'minutes after it was kept to be looked at.',
  judge(view) {
    const idleSince = new Map<string, number>();
    return { take: (fact) => (fact.fact === 'look' ? [...longOpen(fact), ...longThere(fact, view, idleSince)] : []) };
  },
};

/** One that somebody has suspended waits for somebody. */
function longOpen({ open, atMs }: LookFact): Finding[] {
  return open
    .filter(({ id, status }) => /^(provision|delete):/.test(id) && status !== 'Suspended')
    .filter(({ createdAtMs }) => atMs - createdAtMs > ORCHESTRATION_MS)
    .map(({ id, status, createdAtMs }) => ({
      group: groupOf(id),
      says: `${id} is ${status} ${Math.round((atMs - createdAtMs) / MINUTE_MS)} minutes after it began`,
    }));
}

function groupOf(instanceId: string): string {
  return instanceId.replace(/^\w+:/, '').replace(':', '/');
}

function longThere({ groups, atMs }: LookFact, { quietFromMs }: View, idleSince: Map<string, number>): Finding[] {
  for (const key of idleSince.keys()) if (!groups.has(key)) idleSince.delete(key);
  return [...groups].flatMap(([group, listed]) => {
    const isIdle = listed.activeSessions === 0 && listed.sessionsUnknown === undefined;
    const idleSinceMs = isIdle ? (idleSince.get(group) ?? atMs) : Infinity;
    idleSince.set(group, idleSinceMs);
    const wait = waitOf(listed, Math.max(idleSinceMs, quietFromMs));
    const ms = wait === undefined ? 0 : atMs - wait.sinceMs;
    return wait !== undefined && ms > wait.allowedMs
      ? [{ group, says: `${group} is ${listed.state} without an end, for ${Math.round(ms / MINUTE_MS)} minutes` }]
      : [];
  });
}

/** What a group waits for, and since when at the earliest; one that is played on waits for its players. */
function waitOf(
  { state, createdAt, stateSince, failure }: ListedGroup,
  idleSinceMs: number,
): { sinceMs: number; allowedMs: number } | undefined {
  if (state === 'Creating') return { sinceMs: Date.parse(createdAt), allowedMs: CREATING_MS };
  const sinceMs = Math.max(Date.parse(stateSince), idleSinceMs);
  if (state === 'MarkedForDeletion') return { sinceMs, allowedMs: MARKED_MS };
  // Whose a resource without its tag is, and whether one that was said to be gone is to go, has to be said by somebody.
  return state === 'Failed' && failure?.code !== 'tagMissing' && failure?.code !== 'deletedOutside'
    ? { sinceMs, allowedMs: FAILED_MS }
    : undefined;
}
