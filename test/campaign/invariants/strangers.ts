import type { Invariant } from './invariant.ts';

/** What is not ours is left alone. */
export const strangers: Invariant = {
  name: 'strangers',
  promise:
    'A resource that somebody else has created, whose tags name no owner or another one, is never changed or deleted by the ' +
    'app, and never shown as one of its groups.',
  judge() {
    const theirs = new Map<number, string>();
    const seen = new Set<number>();
    return {
      take(fact) {
        if (fact.fact === 'resources') {
          for (const { sequence, key, isBySomebodyElse } of fact.resources.values()) {
            if (!seen.has(sequence) && isBySomebodyElse) theirs.set(sequence, key);
            seen.add(sequence);
          }
        }
        const isWrite = fact.fact === 'arm' && ['DELETE', 'PATCH', 'PUT'].includes(fact.method);
        if (isWrite && fact.resource !== undefined && theirs.has(fact.resource.sequence)) {
          const { key } = fact.resource;
          return [{ group: key, says: `the app sent a ${fact.method} for ${key}, which somebody else had created` }];
        }
        if (fact.fact !== 'look') return [];
        return [...fact.groups].flatMap(([key, { state }]) => {
          const resource = fact.resources.get(key);
          const isTheirs = resource !== undefined && theirs.has(resource.sequence);
          return isTheirs && (state === 'Running' || state === 'MarkedForDeletion')
            ? [{ group: key, says: `${key}, which somebody else had created, is shown as ${state}` }]
            : [];
        });
      },
    };
  },
};
