import type { LookFact } from '../facts.ts';
import type { Invariant, View } from './invariant.ts';

const MINUTE_MS = 60_000;

/**
 * Two sweeps take 10 minutes; a reconciliation comes 5 minutes after the one before it, and waits 2 minutes in each of the resource groups before its
 * second look. So what differs is settled by the end of the second reconciliation, and forgotten by a sweep after that.
 */
const SETTLED_AFTER_MS = 25 * MINUTE_MS;

/** A failure that Azure has nothing of is left for ACI_FAILED_CREATION_RETENTION, 10 minutes, to be looked at before that. */
const LOOKED_AT_MS = 10 * MINUTE_MS;

/** Both sides know of the same groups. */
export const orphansAndGhosts: Invariant = {
  name: 'orphans and ghosts',
  promise:
    'Once faults have ended, no resource of this installation is unknown to the app, and no group is known that Azure has ' +
    'nothing of, for longer than two sweeps and two reconciliations (25 minutes); a failed creation 10 minutes more.',
  judge(view) {
    const since = new Map<string, number>();
    return {
      take: (fact) => (fact.fact === 'look' ? takeLook(fact, since, view) : []),
    };
  },
};

function takeLook(look: LookFact, since: Map<string, number>, { plan, quietFromMs }: View) {
  const odd = new Map<string, { group: string; what: string; allowedMs: number }>();
  for (const [key, { tags, sequence, provisioningState }] of look.resources) {
    if (tags['aci-owner'] === plan.owner && provisioningState !== 'Deleting' && !look.groups.has(key)) {
      const what = `${key} is in Azure with the tags of this installation, and ACIList does not show it`;
      odd.set(`orphan ${sequence}`, { group: key, what, allowedMs: SETTLED_AFTER_MS });
    }
  }
  for (const [key, { state, createdAt }] of look.groups) {
    if (state !== 'Creating' && !look.resources.has(key)) {
      const what = `${key} is ${state} by ACIList, and there is nothing of it in Azure`;
      odd.set(`ghost ${key} ${createdAt}`, { group: key, what, allowedMs: SETTLED_AFTER_MS + LOOKED_AT_MS });
    }
  }
  for (const id of since.keys()) if (!odd.has(id)) since.delete(id);
  return [...odd].flatMap(([id, { group, what, allowedMs }]) => {
    const firstMs = since.get(id) ?? look.atMs;
    since.set(id, firstMs);
    const ageMs = look.atMs - Math.max(firstMs, quietFromMs);
    return ageMs > allowedMs ? [{ group, says: `${what}, for ${Math.round(ageMs / MINUTE_MS)} minutes` }] : [];
  });
}
