import { z } from 'zod';
import { isBeingDeleted, type ContainerGroup } from '../group/container-group.ts';
import { isSameEndpoint } from '../group/endpoint-change.ts';
import { hasLeftNothing } from '../group/left-nothing.ts';
import { hasTags, ownTags, readOwnTags } from '../group/own-tags.ts';
import { NOBODYS_INCARNATION, ownershipOf } from '../group/ownership.ts';
import { isRestorable } from '../group/restore.ts';
import { elapsedMs, type Instant } from '../time.ts';
import type { SeenResource } from './seen-resource.ts';

/**
 * In what an entity and its resource can differ. A ghost is an entity without its resource, an orphan a resource of ours without
 * an entity. Of a group that has both: its tags are gone, its address is another, ARM says that it failed, what ARM had not is there again, or
 * a tag of ours is not as it should be.
 */
export const differenceKindSchema = z.enum(['ghost', 'orphan', 'unmarked', 'moved', 'broken', 'returned', 'untagged']);
export type DifferenceKind = z.infer<typeof differenceKindSchema>;

/** What an entity holds under a name: a group, or a state that only another version of the app can read. */
export type Held = { is: 'known'; group: ContainerGroup } | { is: 'unknown' };

/** One name, as the store and as ARM have it; undefined where they have nothing. */
export interface Pair {
  held: Held | undefined;
  resource: SeenResource | undefined;
  /** Whether a group of another name has the incarnation that the resource says: its template was deployed once more, tags and all. */
  isCopy?: boolean;
}

/** What a comparison goes by besides. */
export interface Viewpoint {
  at: Instant;
  /** Undefined of an installation that has no name: no resource without an entity is its own then. */
  owner?: string;
  /** For how long a failure is left to be looked at that Azure has nothing of. */
  failedCreationRetentionMs: number;
}

/**
 * Why a resource without an entity that may be ours is left alone: it does not say which installation it belongs to, or which group it is, or
 * says that it is a group that has another name.
 */
export const unclaimedReasonSchema = z.enum(['noOwner', 'noIncarnation', 'copy']);

/**
 * How a name compares. `foreign` is a resource of another owner, or of somebody who knows nothing of us. `foreignOwner` is a group whose resource
 * is said to be another installation's.
 */
export type Comparison =
  | { is: 'same' }
  | { is: 'foreign' }
  | { is: 'foreignOwner' }
  | { is: 'unclaimed'; reason: z.infer<typeof unclaimedReasonSchema> }
  | { is: 'different'; incarnation: string; kinds: DifferenceKind[] };

/** Compares what the store has under a name with what ARM has. What is on its way, created or deleted, is left to what brings it there. */
export function compare({ held, resource, isCopy = false }: Pair, viewpoint: Viewpoint): Comparison {
  if (held === undefined) {
    return resource === undefined ? { is: 'same' } : compareAlone(resource, isCopy, viewpoint);
  }
  if (held.is === 'unknown' || isOnItsWay(held.group)) {
    return { is: 'same' };
  }
  return compareBoth(held.group, resource, viewpoint);
}

function compareAlone({ tags }: SeenResource, isCopy: boolean, { owner }: Viewpoint): Comparison {
  const { incarnation, owner: theirs } = readOwnTags(tags.own);
  if (theirs === undefined) {
    return incarnation === undefined ? { is: 'foreign' } : { is: 'unclaimed', reason: 'noOwner' };
  }
  if (theirs !== owner) {
    return { is: 'foreign' };
  }
  if (incarnation === undefined || incarnation === NOBODYS_INCARNATION) {
    return { is: 'unclaimed', reason: 'noIncarnation' };
  }
  return isCopy ? { is: 'unclaimed', reason: 'copy' } : { is: 'different', incarnation, kinds: ['orphan'] };
}

function compareBoth(group: ContainerGroup, resource: SeenResource | undefined, viewpoint: Viewpoint): Comparison {
  const { incarnation } = group;
  const tags = readOwnTags(resource?.tags.own ?? {});
  const ownership = resource && ownershipOf(tags.incarnation, incarnation);
  if (resource === undefined || ownership === 'others') {
    return isMissed(group, viewpoint) ? { is: 'different', incarnation, kinds: ['ghost'] } : { is: 'same' };
  }
  if (ownership === 'unmarked') {
    // One that has failed already is seen, and is nobody's to use.
    return group.state === 'Failed' ? { is: 'same' } : { is: 'different', incarnation, kinds: ['unmarked'] };
  }
  if (tags.owner !== undefined && viewpoint.owner !== undefined && tags.owner !== viewpoint.owner) {
    return { is: 'foreignOwner' };
  }
  const kinds = [...driftOf(group, resource), ...(isTagged(group, resource, viewpoint) ? [] : ['untagged' as const])];
  return kinds.length === 0 ? { is: 'same' } : { is: 'different', incarnation, kinds };
}

/** Whether Azure should have a resource of what the store holds under a name. */
export function isExpected(held: Held | undefined, viewpoint: Viewpoint): boolean {
  return held?.is === 'known' && !isOnItsWay(held.group) && isMissed(held.group, viewpoint);
}

function isOnItsWay(group: ContainerGroup): boolean {
  return group.state === 'Creating' || isBeingDeleted(group);
}

/** Whether Azure should have something of the group. A failure that it has nothing of is left for a while to be looked at, as a refused creation is. */
function isMissed(group: ContainerGroup, { at, failedCreationRetentionMs }: Viewpoint): boolean {
  if (group.state !== 'Failed') {
    return true;
  }
  const isSettled = ['deletedOutside', 'nameInUse'].includes(group.failure.code) || hasLeftNothing(group);
  return !isSettled && elapsedMs(group.stateSince, at) >= failedCreationRetentionMs;
}

function driftOf(group: ContainerGroup, resource: SeenResource): DifferenceKind[] {
  const isBroken = ['failed', 'canceled'].includes(resource.provisioningState.toLowerCase());
  if (group.state !== 'Running' && group.state !== 'MarkedForDeletion') {
    return isRestorable(group) && !isBroken ? ['returned'] : [];
  }
  if (isBroken) {
    return ['broken'];
  }
  // While ACI moves a group, or somebody has stopped it, it has no address: the old one is not known to be wrong before there is a new one.
  const hasAddress = resource.endpoint.publicIP !== undefined || group.endpoint?.publicIP === undefined;
  return hasAddress && !isSameEndpoint(group.endpoint, resource.endpoint) ? ['moved'] : [];
}

/** An installation without a name writes no tags but those of a creation. */
function isTagged(group: ContainerGroup, { tags }: SeenResource, { owner }: Viewpoint): boolean {
  return owner === undefined || hasTags(tags, ownTags({ ...group, owner, wishes: group }, tags.otherCount));
}
