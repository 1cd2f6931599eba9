import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { defined } from '../domain/defined.ts';
import { hideAddressCredentials } from '../domain/address-credentials.ts';
import { INCARNATION_TAG } from '../domain/spec/container-group-spec.ts';
import type { Endpoint, Port } from '../domain/group/container-group.ts';
import type { ObservedContainer, ObservedEvent, Observation } from '../domain/group/observation.ts';

type ArmEvent = NonNullable<NonNullable<ArmContainerGroup['instanceView']>['events']>[number];

/** The ARM resource of a spec: the same, with the tag that says which incarnation it is. */
export function toArmContainerGroup(spec: ArmContainerGroup, incarnation: string): ArmContainerGroup {
  return { ...spec, tags: { ...spec.tags, [INCARNATION_TAG]: incarnation } };
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
export function toObservation(group: ArmContainerGroup): Observation {
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
    wantsPublicIP: group.ipAddress?.type?.toLowerCase() === 'public',
    containers: group.containers.map(toObservedContainer),
    events: events.map(toObservedEvent).toSorted((one, other) => (one.lastAt ?? '').localeCompare(other.lastAt ?? '')),
  };
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
