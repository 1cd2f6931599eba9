import { z } from 'zod';
import { absenceUncertainForMs, creationAskedUntil, type ProvisioningEnd } from '../group/absence.ts';
import { endpointOf, endpointSchema, type ContainerGroup } from '../group/container-group.ts';
import { commandSchemas } from '../group/group-command.ts';
import { groupIdSchema, type GroupId } from '../group/group-id.ts';
import { lastHeartbeatAt } from '../group/group-limits.ts';
import { groupWishes, wishesOf } from '../group/group-wishes.ts';
import type { ObservedResource } from '../group/observation.ts';
import { readOwnTags } from '../group/own-tags.ts';
import { assessProvisioning } from '../group/provisioning.ts';
import { failureSchema } from '../failure.ts';
import { elapsedMs } from '../time.ts';
import { compare, differenceKindSchema, type DifferenceKind, type Pair, type Viewpoint } from './difference.ts';

/** What becomes of a resource of ours without an entity. */
export const orphanPolicySchema = z.enum(['adopt', 'report', 'delete']);
export type OrphanPolicy = z.infer<typeof orphanPolicySchema>;

/**
 * How long after the first look at a difference the second one comes. Reads of the store and lists of ARM are behind by seconds; a creation
 * or a deletion whose messages a crash made invisible goes on after 66 seconds (seen on the real extension, at the one minute of our host.json).
 */
export const SECOND_LOOK_AFTER_MS = 120_000;

/** A name that compared as different at the first look, and of which incarnation that was true. */
export const suspectSchema = z.object({
  ...groupIdSchema.shape,
  incarnation: z.string(),
  kinds: z.array(differenceKindSchema),
});
export type Suspect = z.infer<typeof suspectSchema>;

/** How long a look again waits: not at all where a read of the resource itself is proof enough. */
export function secondLookAfterMs(suspects: readonly Suspect[]): number {
  const isDoubtful = suspects.some(({ kinds }) => kinds.some((kind) => DOUBTFUL.has(kind)));
  return isDoubtful ? SECOND_LOOK_AFTER_MS : 0;
}

const DOUBTFUL: ReadonlySet<DifferenceKind> = new Set(['ghost', 'orphan', 'unmarked', 'returned'] as const);

const of = { ...groupIdSchema.shape, incarnation: z.string() };
const { location, tokenDigest } = commandSchemas.adopt.shape;

/** What is to be done about a difference that two looks have shown; nothing when `left`, and why. */
export const settlementSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('recordAbsence'), ...of }),
  z.object({ do: z.literal('recordTagMissing'), ...of }),
  z.object({ do: z.literal('recordEndpoint'), ...of, endpoint: endpointSchema }),
  z.object({ do: z.literal('recordFailure'), ...of, failure: failureSchema }),
  z.object({ do: z.literal('restore'), ...of, endpoint: endpointSchema }),
  z.object({ do: z.literal('tag'), ...of, wishes: z.object(groupWishes).exactOptional() }),
  z.object({
    do: z.literal('adopt'),
    ...of,
    location,
    wishes: z.object(groupWishes).exactOptional(),
    tokenDigest,
    endpoint: endpointSchema,
    failure: failureSchema.exactOptional(),
  }),
  z.object({ do: z.literal('deleteOrphan'), ...of }),
  z.object({ do: z.literal('reportOrphan'), ...of, reason: z.enum(['policy', 'inTransition']) }),
]);
export type Settlement = z.infer<typeof settlementSchema>;

/** The second look at a suspect: both sides anew, and what is on its way under the name. */
export interface SecondLook extends Pair {
  observation: ObservedResource | undefined;
  /** How the provisioning of the name ended; undefined when none is known. */
  provisioningEnd: ProvisioningEnd | undefined;
  /** Whether a creation or a deletion of the name runs. */
  isUnderWay: boolean;
}

/** What a settlement goes by besides. */
export interface SettlingViewpoint extends Viewpoint {
  orphanPolicy: OrphanPolicy;
  /** The digest of the first token of an incarnation. */
  tokenDigestOf(group: GroupId & { incarnation: string }): string;
}

/** What is done about a suspect: of its differences those that the second look shows as well, of the same incarnation, while nothing is under way. */
export function settle(suspect: Suspect, look: SecondLook, viewpoint: SettlingViewpoint): Settlement[] {
  const compared = compare(look, viewpoint);
  if (look.isUnderWay || compared.is !== 'different' || compared.incarnation !== suspect.incarnation) {
    return [];
  }
  return compared.kinds
    .filter((kind) => suspect.kinds.includes(kind))
    .flatMap((kind) => settleOne(kind, suspect, look, viewpoint) ?? []);
}

function settleOne(
  kind: DifferenceKind,
  { resourceGroup, containerGroupName, incarnation }: Suspect,
  look: SecondLook,
  viewpoint: SettlingViewpoint,
): Settlement | undefined {
  const group = look.held?.is === 'known' ? look.held.group : undefined;
  const id = { resourceGroup, containerGroupName, incarnation };
  switch (kind) {
    case 'ghost':
      return group && isCertain(group, look, viewpoint) ? { do: 'recordAbsence', ...id } : undefined;
    case 'orphan':
      return settleOrphan(id, look, viewpoint);
    case 'unmarked':
      return { do: 'recordTagMissing', ...id };
    case 'moved':
      return look.resource && { do: 'recordEndpoint', ...id, endpoint: look.resource.endpoint };
    case 'broken':
      return settleBroken(id, look);
    case 'returned':
      return settleReturned(id, look);
    case 'untagged':
      return group && { do: 'tag', ...id, wishes: wishesOf(group) };
  }
}

type Of = GroupId & { incarnation: string };

/** Whether what ARM does not show is not there; a resource of another incarnation in its place leaves no doubt but that its server reports. */
function isCertain(group: ContainerGroup, look: SecondLook, { at }: Viewpoint): boolean {
  const heardAt = lastHeartbeatAt(group.lastReport);
  if (heardAt !== undefined && elapsedMs(heardAt, at) < SECOND_LOOK_AFTER_MS) {
    // A server that is gone falls silent: the next reconciliation tells.
    return false;
  }
  if (look.resource !== undefined) {
    return true;
  }
  const askedUntil = creationAskedUntil(look.provisioningEnd, group.stateSince);
  return absenceUncertainForMs(endpointOf(group) ?? {}, askedUntil, at) === 0;
}

/** One that is neither ready nor broken yet is looked at again by the next reconciliation. */
function settleOrphan(id: Of, look: SecondLook, viewpoint: SettlingViewpoint): Settlement | undefined {
  const { resource, observation } = look;
  if (resource === undefined || observation === undefined) {
    return undefined;
  }
  switch (viewpoint.orphanPolicy) {
    case 'report':
      return { do: 'reportOrphan', ...id, reason: 'policy' };
    case 'delete':
      return { do: 'deleteOrphan', ...id };
    case 'adopt': {
      const assessment = assessProvisioning(observation, id.incarnation, Infinity);
      if (assessment.verdict === 'wait') {
        return { do: 'reportOrphan', ...id, reason: 'inTransition' };
      }
      const { wishes } = readOwnTags(resource.tags.own);
      return {
        do: 'adopt',
        ...id,
        location: resource.location,
        tokenDigest: viewpoint.tokenDigestOf(id),
        endpoint: resource.endpoint,
        ...(wishes && { wishes }),
        ...(assessment.verdict === 'failed' && { failure: assessment.failure }),
      };
    }
  }
}

function settleBroken(id: Of, { observation }: SecondLook): Settlement | undefined {
  const assessment = observation && assessProvisioning(observation, id.incarnation, Infinity);
  return assessment?.verdict === 'failed' ? { do: 'recordFailure', ...id, failure: assessment.failure } : undefined;
}

/** One whose containers do not run stays as it is. */
function settleReturned(id: Of, { observation }: SecondLook): Settlement | undefined {
  const assessment = observation && assessProvisioning(observation, id.incarnation, Infinity);
  return assessment?.verdict === 'ready' ? { do: 'restore', ...id, endpoint: assessment.endpoint } : undefined;
}
