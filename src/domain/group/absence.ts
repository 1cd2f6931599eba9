import { z } from 'zod';
import { addMs, elapsedMs, instantSchema, type Instant } from '../time.ts';

/**
 * ARM may answer a read with 404 for a moment after it took the write, since reads can come from a cache of another region. No
 * page says for how long; in the recordings of Azure's SDK tests the first read after a PUT always finds the resource, so that a
 * quarter of a minute is far on the safe side. A 404 before that is no proof: what is forgotten too early runs on, unseen.
 */
export const ABSENCE_CERTAIN_AFTER_MS = 15_000;

/**
 * An activity that was on its way when its orchestration was terminated runs all the same: for as long as a function may
 * (`functionTimeout` of our host.json), and again a minute after its host was lost (`workItemQueueVisibilityTimeout`).
 */
const STRAY_ACTIVITY_MS = 360_000;

/** The Durable API tells times to the second. */
const RESOLUTION_MS = 1_000;

/** When a provisioning ended, and whether by itself: then nothing of it is on its way any more. */
export const provisioningEndSchema = z.object({ at: instantSchema, isOrderly: z.boolean() });
export type ProvisioningEnd = z.infer<typeof provisioningEndSchema>;

/** What ARM has shown of a group. */
interface MaybeUnseen {
  publicIP?: string;
  fqdn?: string;
}

/**
 * Until when ARM may have been asked to create a group, by the end of its provisioning. What is not known any more ended before
 * `begunAt`, when the deletion began: histories are kept for an hour at least.
 */
export function creationAskedUntil(end: ProvisioningEnd | undefined, begunAt: Instant): Instant {
  return end === undefined ? begunAt : addMs(end.at, RESOLUTION_MS + (end.isOrderly ? 0 : STRAY_ACTIVITY_MS));
}

/** How long a 404 for this group is still no proof; 0 when it is one: ARM has shown the group before, or was asked long enough ago. */
export function absenceUncertainForMs(group: MaybeUnseen, askedUntil: Instant, at: Instant): number {
  const hasBeenShown = group.publicIP !== undefined || group.fqdn !== undefined;
  return hasBeenShown ? 0 : Math.max(0, ABSENCE_CERTAIN_AFTER_MS - elapsedMs(askedUntil, at));
}
