import type { ContainerBody, GroupProperties } from '../wire/container-group-body.ts';

/**
 * Tells whether an update changes what ACI lets nobody change: OS type, restart policy, network, CPU, memory, GPU; nor can containers
 * come or go, for they have CPU and memory (learn.microsoft.com/azure/container-instances/container-instances-update).
 */
export function isForbiddenUpdate(current: GroupProperties, asked: GroupProperties): boolean {
  return fixedPart(current) !== fixedPart(asked);
}

function fixedPart(properties: GroupProperties): string {
  return JSON.stringify([
    properties.osType,
    properties.restartPolicy ?? 'Always',
    properties.ipAddress?.type,
    (properties.subnetIds ?? []).map(({ id }) => id?.toLowerCase()),
    (properties.containers ?? []).map(fixedContainerPart),
  ]);
}

function fixedContainerPart(container: ContainerBody): unknown {
  const { requests, limits } = container.properties?.resources ?? {};
  return [container.name, requests?.cpu, requests?.memoryInGB, limits?.cpu ?? null, limits?.memoryInGB ?? null];
}
