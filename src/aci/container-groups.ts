import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import type { Failed } from '../domain/failure.ts';
import type { GroupId } from '../domain/group/group-id.ts';
import type { Observation, ObservedResource } from '../domain/group/observation.ts';
import type { OwnFacts } from '../domain/group/own-tags.ts';
import type { InspectedResource } from '../domain/inspect/inspected-resource.ts';
import type { SeenResource } from '../domain/reconcile/seen-resource.ts';

/** A call to ARM that went as it should, or did not in a way that we know how to go on from. */
export type ArmResult<T> = ({ ok: true } & T) | Failed;

/** What a resource's tags tell of its group, besides the owner, whose name the implementation knows. */
export type GroupFacts = Omit<OwnFacts, 'owner'>;

/** A resource, seen closely. */
export interface ExaminedResource {
  resource: SeenResource;
  observation: ObservedResource;
}

/** How a request to create a group went; `leftNothing` when ARM answered it with a refusal, or has the name for another, and has nothing of the group. */
export type CreationResult = ArmResult<object> & { leftNothing?: true };

/**
 * Azure Container Instances, as much of it as we use. No method waits for a long-running operation, and none retries: the
 * caller does both, durably.
 *
 * Failures come back as values, with a code of the failure table: `throttled`, `transitioning`, `armUnavailable` and
 * `registryUnavailable` may pass by themselves; `insufficientCapacity` and `quotaReached` ask for another region or less;
 * `specRefused`, `imageInaccessible`, `dnsLabelTaken` need another request; `notAuthorized`, `providerNotRegistered` and
 * `resourceGroupNotFound` need an operator. Anything else throws.
 */
export interface ContainerGroups {
  /**
   * Asks ARM to create the group with the tags `aci-incarnation`, `aci-owner` and those of its facts, and returns once ARM has taken it, with no word on how it
   * goes. Safe to repeat: a resource of this incarnation is left as it is; one of another owner is the failure `nameInUse`; one that
   * does not say whose it is, and has one of the group's containers, is `tagMissing`. After a failure without `leftNothing` the group may exist all the same.
   */
  create(group: GroupId & GroupFacts, spec: ArmContainerGroup): Promise<CreationResult>;

  /** Looks at the resource with its instance view. A resource that is absent is an observation, not a failure. */
  observe(id: GroupId): Promise<ArmResult<{ observation: Observation }>>;

  /** A page of the resources of a resource group, without instance views; none where ARM has no such resource group. `nextPage` while there are more. */
  list(resourceGroup: string, page?: string): Promise<ArmResult<{ resources: SeenResource[]; nextPage?: string }>>;

  /** One resource as a list has it, and as `observe` does; undefined when it is absent. */
  examine(id: GroupId): Promise<ArmResult<{ found: ExaminedResource | undefined }>>;

  /** The containers of a resource, as its instance view has them; undefined when it is absent. */
  inspect(id: GroupId): Promise<ArmResult<{ found: InspectedResource | undefined }>>;

  /**
   * Gives the resource the tags that it should have, and leaves all others as they are. One that is gone, of another incarnation or of
   * another owner is not touched, which `tagged` says.
   */
  tag(group: GroupId & GroupFacts): Promise<ArmResult<{ tagged: boolean }>>;

  /** The resource as ARM shows it, secrets removed; undefined when it is absent. */
  show(id: GroupId): Promise<ArmResult<{ resource: Record<string, unknown> | undefined }>>;

  /**
   * Deletes the resource. `gone` is true when nothing of this incarnation is left, be it that it never was, and false while
   * ARM still works on it. A resource of another incarnation is not touched; neither is one that does not say whose it is, which is
   * the failure `tagMissing`. With `onlyIfAbsent` nothing is deleted: one of this incarnation that is there, and is not being deleted, is
   * the failure `notGone`.
   */
  delete(group: GroupId & { incarnation: string; onlyIfAbsent?: true }): Promise<ArmResult<{ gone: boolean }>>;

  /** The last lines of a container's log; `logsNotAvailable` while there are none to have. */
  logs(id: GroupId, containerName: string, tail: number | undefined): Promise<ArmResult<{ content: string }>>;
}
