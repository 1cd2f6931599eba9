import type { ContainerGroups } from '../aci/container-groups.ts';
import { containerGroupEntity } from '../contracts/container-group.ts';
import type { DurableClient } from '../durable/durable-client.ts';
import { resourceEventSchema, type ResourceEvent } from '../contracts/event-grid.ts';
import { resourceChanged } from '../contracts/provisioning.ts';
import { checkGroupId } from '../domain/spec/azure-names.ts';
import { isBeingDeleted, type ContainerGroup } from '../domain/group/container-group.ts';
import { deleteInstanceId, groupKey, provisionInstanceId, type GroupId } from '../domain/group/group-id.ts';
import { ownershipOf, type Ownership } from '../domain/group/ownership.ts';
import { elapsedMs, toInstant } from '../domain/time.ts';

/** What became of an event: acted on, or why it was ignored. */
export type EventOutcome =
  | 'raised'
  | 'absenceRecorded'
  | 'tagMissingRecorded'
  | 'notNeeded'
  | 'unknownProvider'
  | 'unknownType'
  | 'unknownGroup'
  | 'newerState'
  | 'foreign'
  | 'malformed';

/** The line of the log that tells it; the workbook counts these lines by outcome (infra/queries/workbook-events.kql). */
export function describeOutcome(outcome: EventOutcome): string {
  return `Event Grid event: ${outcome}`;
}

/** What ACIMonitor needs beside an event. */
export interface MonitorDependencies {
  containerGroups: Pick<ContainerGroups, 'observe'>;
  now: () => number;
  subscriptionId: string;
  /** Undefined: every one that our identity can reach. */
  allowedResourceGroups: readonly string[] | undefined;
}

/**
 * Takes one event of Event Grid. An event is a hint: it wakes the orchestration that waits for the group, which looks at ARM
 * itself, or it makes us look at ARM for a deletion that nobody here asked for. Anything else is ignored, and the outcome
 * says why. Throws only when a look at ARM failed, so that Event Grid delivers the event again.
 */
export async function takeEvent(
  event: unknown,
  client: DurableClient,
  dependencies: MonitorDependencies,
): Promise<EventOutcome> {
  const parsed = resourceEventSchema.safeParse(event);
  if (!parsed.success) {
    return 'malformed';
  }
  if (parsed.data.data.resourceProvider.toLowerCase() !== 'microsoft.containerinstance') {
    return 'unknownProvider';
  }
  if (!/^Microsoft\.Resources\.Resource(Write|Delete|Action)(Success|Failure|Cancel)$/i.test(parsed.data.eventType)) {
    return 'unknownType';
  }
  const id = groupIdOf(parsed.data, dependencies);
  if (id === 'foreign') {
    return 'foreign';
  }
  const found = id === undefined ? undefined : await client.readAny(containerGroupEntity, groupKey(id));
  if (found === undefined) {
    return 'unknownGroup';
  }
  return found.is === 'newer' ? 'newerState' : actOn(parsed.data, found.state, client, dependencies);
}

async function actOn(
  event: ResourceEvent,
  group: ContainerGroup,
  client: DurableClient,
  dependencies: MonitorDependencies,
): Promise<EventOutcome> {
  const key = groupKey(group);
  if (group.state === 'Creating') {
    await client.raise(resourceChanged, provisionInstanceId(key), {});
    return 'raised';
  }
  if (isBeingDeleted(group)) {
    await client.raise(resourceChanged, deleteInstanceId(key), {});
    return 'raised';
  }
  if (!/ResourceDeleteSuccess$/i.test(event.eventType) || isOlderThan(group, event)) {
    return 'notNeeded';
  }
  const { incarnation } = group;
  const command = { at: toInstant(dependencies.now()), incarnation, cause: `event ${event.id.slice(0, 64)}` };
  switch (await look(group, dependencies)) {
    case 'ours':
      return 'notNeeded';
    case 'absent':
    case 'others':
      await client.signal(containerGroupEntity, key, 'recordAbsence', command);
      return 'absenceRecorded';
    case 'unmarked':
      await client.signal(containerGroupEntity, key, 'recordTagMissing', command);
      return 'tagMissingRecorded';
  }
}

/**
 * An event that happened before the group was created is about an earlier one of its name. A look at ARM would not tell: of a
 * group that ARM refused to create there is nothing to be seen, and its failure must not become a deletion by somebody else.
 */
function isOlderThan(group: ContainerGroup, { eventTime }: ResourceEvent): boolean {
  return eventTime !== undefined && elapsedMs(group.createdAt, eventTime) < 0;
}

async function look(group: ContainerGroup, { containerGroups }: MonitorDependencies): Promise<Ownership | 'absent'> {
  const seen = await containerGroups.observe(group);
  if (!seen.ok) {
    throw new Error(`Whether ${group.containerGroupName} was deleted could not be verified: ${seen.failure.message}`);
  }
  return seen.observation.found ? ownershipOf(seen.observation.incarnation, group.incarnation) : 'absent';
}

const RESOURCE_URI =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerInstance\/containerGroups\/([^/]+)/i;

/** The group that an event is about; `foreign` when it lies outside of our subscription or of the allowed resource groups. */
function groupIdOf(
  { data }: ResourceEvent,
  { subscriptionId, allowedResourceGroups }: MonitorDependencies,
): GroupId | 'foreign' | undefined {
  const [, subscription, resourceGroup, containerGroupName] = RESOURCE_URI.exec(data.resourceUri) ?? [];
  if (subscription === undefined || resourceGroup === undefined || containerGroupName === undefined) {
    return undefined;
  }
  const allowed = allowedResourceGroups?.map((name) => name.toLowerCase());
  const isOurs = subscription.toLowerCase() === subscriptionId.toLowerCase();
  if (!isOurs || allowed?.includes(resourceGroup.toLowerCase()) === false) {
    return 'foreign';
  }
  // The service varies the letter case of names, which the rules for new names would refuse.
  const id = { resourceGroup, containerGroupName: containerGroupName.toLowerCase() };
  return checkGroupId(id).length === 0 ? id : undefined;
}
