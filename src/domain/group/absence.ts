import type { Instant } from '../time.ts';
import { elapsedMs } from '../time.ts';

/**
 * ARM may answer a read with 404 for a moment after it took the write, since reads can come from a cache of another region. No
 * page says for how long; in the recordings of Azure's SDK tests the first read after a PUT always finds the resource, so that a
 * quarter of a minute is far on the safe side. A 404 before that is no proof: what is forgotten too early runs on, unseen.
 */
export const ABSENCE_CERTAIN_AFTER_MS = 15_000;

/** What is known of a group that ARM does not show: when it was created, and what ARM has shown of it. */
export interface MaybeUnseen {
  createdAt: Instant;
  publicIP?: string;
  fqdn?: string;
}

/** How long a 404 for this group is still no proof; 0 when it is one: ARM has shown the group before, or it is old enough. */
export function absenceUncertainForMs(group: MaybeUnseen, at: Instant): number {
  const hasBeenShown = group.publicIP !== undefined || group.fqdn !== undefined;
  return hasBeenShown ? 0 : Math.max(0, ABSENCE_CERTAIN_AFTER_MS - elapsedMs(group.createdAt, at));
}
