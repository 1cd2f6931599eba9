import type { LookFact } from '../facts.ts';
import type { Invariant } from './invariant.ts';

/** All pages together are the list. */
export const wholeLists: Invariant = {
  name: 'whole lists',
  promise:
    'ACIList shows every group, on whichever page: none is missing that the list before and the list after show, of the same creation.',
  judge() {
    const looks: LookFact[] = [];
    return {
      take(fact) {
        if (fact.fact !== 'look') return [];
        looks.push(fact);
        const [before, between, after] = looks.slice(-3);
        if (before === undefined || between === undefined || after === undefined) return [];
        return [...after.groups]
          .filter(([key, { createdAt }]) => before.groups.get(key)?.createdAt === createdAt && !between.groups.has(key))
          .map(([group]) => ({ group, says: `ACIList left out ${group}, which was there before and after` }));
      },
    };
  },
};
