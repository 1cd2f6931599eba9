import type { ContainerGroup } from './container-group.ts';
import type { Failure, FailureCode } from '../failure.ts';

/**
 * Refusals after which Azure has nothing of the group, when ARM gives them as its answer to the request itself. Any other failure of a request may
 * hide one that ARM has taken, as a time-out or a 5xx does, or one that waits in its place (`transitioning`).
 */
const refusedForCertain: ReadonlySet<string> = new Set<FailureCode>([
  'specRefused',
  'imageInaccessible',
  'dnsLabelTaken',
  'nameInUse',
  'quotaReached',
  'insufficientCapacity',
  'notAuthorized',
  'providerNotRegistered',
  'resourceGroupNotFound',
  'throttled',
]);

/** Whether a request to create a group that ARM answers so has left nothing in Azure, for certain. */
export function leavesNothing({ code }: Failure): boolean {
  return refusedForCertain.has(code);
}

/** Whether Azure never had anything of this group, so that it holds neither its name nor a place, and may be forgotten. */
export function hasLeftNothing(group: ContainerGroup): boolean {
  return group.state === 'Failed' && group.leftNothing === true;
}
