import type { Creation } from './container-group.ts';

/** How many keyed creations of one name are remembered: they travel in the input of the next creation, which must stay small. */
export const MAX_EARLIER_CREATIONS = 16;

/** What the next creation of a name remembers of the ones before, newest first; one without a key can't be repeated. */
export function rememberCreation(creation: Creation, earlier: readonly Creation[] = []): Creation[] {
  return [creation, ...earlier]
    .filter(({ idempotencyKey }) => idempotencyKey !== undefined)
    .slice(0, MAX_EARLIER_CREATIONS);
}
