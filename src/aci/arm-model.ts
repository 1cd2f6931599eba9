import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { defined } from '../domain/defined.ts';
import { hideAddressCredentials } from '../domain/address-credentials.ts';
import { INCARNATION_TAG } from '../domain/spec/container-group-spec.ts';
import type { Endpoint, Port } from '../domain/group/container-group.ts';
import { isOwnTag, ownTags, sortTags, type OwnFacts } from '../domain/group/own-tags.ts';
import type { SeenResource } from '../domain/reconcile/seen-resource.ts';
import type { ObservedContainer, ObservedEvent, ObservedResource } from '../domain/group/observation.ts';

type ArmEvent = NonNullable<NonNullable<ArmContainerGroup['instanceView']>['events']>[number];

/** The ARM resource of a spec: the same, with the tags that say which group it is and whose. */
export function toArmContainerGroup(spec: ArmContainerGroup, facts: OwnFacts): ArmContainerGroup {
  return { ...spec, tags: withOwnTags(spec.tags, facts) };
}

/** The tags of a resource with ours as they should be. */
export function withOwnTags(tags: Record<string, string> = {}, facts: OwnFacts): Record<string, string> {
  const others = Object.entries(tags).filter(([name]) => !isOwnTag(name));
  return { ...Object.fromEntries(others), ...ownTags(facts, others.length) };
}

/** What a list shows of a resource; its resource group in the letter case in which it was asked for, which ARM varies. */
export function toSeenResource(resourceGroup: string, group: ArmContainerGroup): SeenResource {
  return {
    resourceGroup,
    containerGroupName: group.name ?? '',
    location: group.location ?? '',
    provisioningState: group.provisioningState ?? 'NotSpecified',
    endpoint: toEndpoint(group),
    wantsPublicIP: wantsPublicIP(group),
    tags: sortTags(group.tags ?? {}),
  };
}

/**
 * The incarnation that a resource says it is; absent on one that others made or gave other tags. ARM takes the names of tags in any letter case
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).
 */
export function incarnationOf({ tags = {} }: ArmContainerGroup): string | undefined {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === INCARNATION_TAG)?.[1];
}

/** Whether a container of one resource bears the name of one of the other's. */
export function sharesContainers(one: ArmContainerGroup, other: ArmContainerGroup): boolean {
  return one.containers.some(({ name }) => other.containers.some((container) => container.name === name));
}

/** What one look at a resource shows. */
export function toObservation(group: ArmContainerGroup): ObservedResource {
  const events = [
    ...(group.instanceView?.events ?? []),
    ...group.containers.flatMap(({ instanceView }) => instanceView?.events ?? []),
  ];
  return {
    found: true,
    ...defined({ incarnation: incarnationOf(group) }),
    provisioningState: group.provisioningState ?? 'NotSpecified',
    ...defined({ instanceState: group.instanceView?.state }),
    endpoint: toEndpoint(group),
    wantsPublicIP: wantsPublicIP(group),
    containers: group.containers.map(toObservedContainer),
    events: events.map(toObservedEvent).toSorted((one, other) => (one.lastAt ?? '').localeCompare(other.lastAt ?? '')),
  };
}

function wantsPublicIP({ ipAddress }: ArmContainerGroup): boolean {
  return ipAddress?.type?.toLowerCase() === 'public';
}

function toEndpoint({ ipAddress }: ArmContainerGroup): Endpoint {
  return {
    ...defined({ publicIP: ipAddress?.ip || undefined, fqdn: ipAddress?.fqdn }),
    ports: (ipAddress?.ports ?? []).map(toPort),
  };
}

function toPort({ port, protocol }: { port: number; protocol?: string }): Port {
  return { port, protocol: protocol?.toUpperCase() === 'UDP' ? 'UDP' : 'TCP' };
}

function toObservedContainer({ name, instanceView }: ArmContainerGroup['containers'][number]): ObservedContainer {
  const current = instanceView?.currentState;
  return {
    name,
    ...defined({
      state: current?.state,
      detailStatus: current?.detailStatus === undefined ? undefined : hideAddressCredentials(current.detailStatus),
      exitCode: current?.exitCode,
      restartCount: instanceView?.restartCount,
    }),
  };
}

function toObservedEvent(event: ArmEvent): ObservedEvent {
  return {
    name: event.name ?? '',
    message: hideAddressCredentials(event.message ?? ''),
    count: event.count ?? 1,
    ...defined({ lastAt: event.lastTimestamp?.toISOString() }),
  };
}
