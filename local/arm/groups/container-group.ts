import type { ContainerGroupBody, GroupProperties } from '../wire/container-group-body.ts';
import type { LogLine } from '../containers/container-log.ts';
import type { MappedPort } from '../containers/port-map.ts';
import type { ProvisioningStep } from './lifecycle/provisioning-step.ts';

/** An event of a container or of a group, with times in milliseconds since the epoch. */
export interface InstanceEvent {
  count: number;
  firstMs: number;
  lastMs: number;
  name: string;
  message: string;
  type: 'Normal' | 'Warning';
}

/** What a container does, in the words of `instanceView.currentState`. */
export type ContainerState =
  | { state: 'Waiting'; detailStatus: string }
  | { state: 'Running'; startMs: number }
  | { state: 'Terminated'; startMs: number; finishMs: number; exitCode: number; detailStatus: string };

/** What is observed of a container; there is no state before its image is pulled. */
export interface ContainerInstance {
  restartCount: number;
  currentState?: ContainerState | undefined;
  previousState?: ContainerState | undefined;
  events: InstanceEvent[];
  /** Of those that ended last, how many in a row ended soon. */
  shortRuns?: number;
  /** What the run that ended last wrote at its end; absent where the container is simulated. */
  lastLines?: LogLine[];
}

/** `provisioningState`: how the last write went. */
export type ProvisioningState = 'Pending' | 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Deleting';
/** `instanceView.state`: what the containers do. */
export type InstanceState = 'Pending' | 'Running' | 'Stopped' | 'Succeeded' | 'Failed';

/** A container group as the emulator keeps it: what was asked for, without its secrets, and what has become of it. */
export interface ContainerGroup {
  resourceGroup: string;
  name: string;
  location: string;
  tags: Record<string, string>;
  zones?: ContainerGroupBody['zones'];
  identity?: ContainerGroupBody['identity'];
  properties: GroupProperties;
  provisioningState: ProvisioningState;
  instanceState: InstanceState;
  ip?: string | undefined;
  fqdn?: string | undefined;
  /** What the containers find in their environment; absent in a group of version 0.1.0. */
  sealedEnvironments?: string;
  /** Where the ports of programs are reached on this machine; absent where all containers are simulated. */
  mappedPorts?: MappedPort[];
  /** In the order of `properties.containers`. */
  instances: ContainerInstance[];
  events: InstanceEvent[];
  /** What will happen to it, by time. */
  steps: ProvisioningStep[];
  /** Where its last create or start is in the random numbers; absent in a group of version 0.1.0. */
  planKey?: string;
  /** The operation that runs. */
  operationId?: string | undefined;
}

/** Tells whether another operation runs on a group, or it is on its way out. */
export function isTransitioning(group: ContainerGroup): boolean {
  return group.operationId !== undefined || group.provisioningState === 'Deleting';
}

/** The key under which a group is found: Azure's names are the same in every letter case. */
export function containerGroupKey(resourceGroup: string, name: string): string {
  return `${resourceGroup}/${name}`.toLowerCase();
}

/** The resource id of a group, with its names in the case in which it was created. */
export function containerGroupId(subscriptionId: string, group: { resourceGroup: string; name: string }): string {
  return (
    `/subscriptions/${subscriptionId}/resourceGroups/${group.resourceGroup}` +
    `/providers/Microsoft.ContainerInstance/containerGroups/${group.name}`
  );
}

/** The cores and gigabytes that a group takes: the sum of its containers' requests. */
export function requestedResources(properties: GroupProperties): { cpu: number; memoryInGB: number } {
  let cpu = 0;
  let memoryInGB = 0;
  for (const container of properties.containers ?? []) {
    cpu += container.properties?.resources?.requests?.cpu ?? 0;
    memoryInGB += container.properties?.resources?.requests?.memoryInGB ?? 0;
  }
  return { cpu, memoryInGB };
}
