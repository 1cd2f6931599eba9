import { isOwnTag } from '../group/own-tags.ts';
import { checkDnsNameLabel, checkEnvironmentVariableName, checkLabel } from './azure-names.ts';
import { checkSpot } from './check-spot.ts';
import type { ContainerGroupSpec } from './container-group-spec.ts';
import type { Violation } from '../violation.ts';

type Container = ContainerGroupSpec['containers'][number];
type InitContainer = NonNullable<ContainerGroupSpec['initContainers']>[number];
type Volume = NonNullable<ContainerGroupSpec['volumes']>[number];

/** https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits */
export const MAX_CONTAINERS = 60;
export const MAX_VOLUMES = 20;
export const MAX_PORTS = 5;

/** ARM allows 50 tags a resource; two are ours (https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). */
export const MAX_TAGS = 48;

const TAG_NAME = /^[^<>%&\\?/]{1,512}$/;
const MAX_TAG_VALUE_LENGTH = 256;

/** Everything that ACI would refuse in a spec, found before anything is started. Empty when there is nothing. */
export function checkContainerGroupSpec(spec: ContainerGroupSpec, root: string): Violation[] {
  return [
    ...checkContainers(spec, root),
    ...checkIpAddress(spec, root),
    ...checkVolumes(spec, root),
    ...checkDiagnostics(spec, root),
    ...checkSpot(spec, root),
    ...checkTags(spec, root),
  ];
}

function checkContainers(spec: ContainerGroupSpec, root: string): Violation[] {
  const field = `${root}.containers`;
  const initContainers = spec.initContainers ?? [];
  const count = spec.containers.length + initContainers.length;
  if (spec.containers.length === 0) {
    return [{ field, expected: 'at least one container' }];
  }
  if (count > MAX_CONTAINERS) {
    return [{ field, expected: `at most ${MAX_CONTAINERS} containers with init containers, not ${count}` }];
  }
  const volumeNames = new Set((spec.volumes ?? []).map(({ name }) => name));
  const all = [
    ...spec.containers.map((container, index) => ({ container, at: `${field}[${index}]` })),
    ...initContainers.map((container, index) => ({ container, at: `${root}.initContainers[${index}]` })),
  ];
  return [
    ...duplicates(all.map(({ container, at }) => ({ field: `${at}.name`, value: container.name }))),
    ...all.flatMap(({ container, at }) => checkAnyContainer(container, at, volumeNames)),
    ...spec.containers.flatMap((container, index) => checkContainer(container, `${field}[${index}]`)),
  ];
}

function checkAnyContainer(container: InitContainer, at: string, volumeNames: Set<string>): Violation[] {
  const variables = container.environmentVariables ?? [];
  return [
    ...checkLabel(`${at}.name`, container.name, { min: 1, max: 63 }),
    // An init container with nothing but a name would come without its `properties`, which ARM requires; none runs without an image.
    ...(container.image === undefined ? [{ field: `${at}.image`, expected: 'an image' }] : []),
    ...variables.flatMap(({ name }, index) =>
      checkEnvironmentVariableName(`${at}.environmentVariables[${index}].name`, name),
    ),
    ...variables.flatMap(({ value, secureValue }, index) =>
      value !== undefined && secureValue !== undefined
        ? [{ field: `${at}.environmentVariables[${index}]`, expected: 'either value or secureValue, not both' }]
        : [],
    ),
    ...duplicates(
      variables.map(({ name }, index) => ({ field: `${at}.environmentVariables[${index}].name`, value: name })),
    ),
    ...(container.volumeMounts ?? []).flatMap(({ name }, index) =>
      volumeNames.has(name)
        ? []
        : [{ field: `${at}.volumeMounts[${index}].name`, expected: 'the name of one of the volumes' }],
    ),
  ];
}

function checkContainer({ resources, ports, livenessProbe, readinessProbe }: Container, at: string): Violation[] {
  const { requests, limits } = resources;
  return [
    ...positive(`${at}.resources.requests.cpu`, requests.cpu),
    ...positive(`${at}.resources.requests.memoryInGB`, requests.memoryInGB),
    ...atLeast(`${at}.resources.limits.cpu`, limits?.cpu, requests.cpu),
    ...atLeast(`${at}.resources.limits.memoryInGB`, limits?.memoryInGB, requests.memoryInGB),
    ...(ports ?? []).flatMap(({ port }, index) => checkPort(`${at}.ports[${index}].port`, port)),
    ...checkProbe(`${at}.livenessProbe`, livenessProbe),
    ...checkProbe(`${at}.readinessProbe`, readinessProbe),
  ];
}

function checkProbe(at: string, probe: Container['livenessProbe']): Violation[] {
  return probe?.httpGet === undefined ? [] : checkPort(`${at}.httpGet.port`, probe.httpGet.port);
}

function checkIpAddress(spec: ContainerGroupSpec, root: string): Violation[] {
  const address = spec.ipAddress;
  if (address === undefined) {
    return [];
  }
  const field = `${root}.ipAddress`;
  const { ports, dnsNameLabel } = address;
  const isInSubnet = (spec.subnetIds ?? []).length > 0;
  const count: Violation[] =
    ports.length > 0 && ports.length <= MAX_PORTS
      ? []
      : [{ field: `${field}.ports`, expected: `1 to ${MAX_PORTS} ports` }];
  return [
    ...count,
    ...ports.flatMap(({ port }, index) => checkPort(`${field}.ports[${index}].port`, port)),
    ...duplicates(
      ports.map(({ port, protocol = 'TCP' }, index) => ({
        field: `${field}.ports[${index}]`,
        value: `${port}/${protocol}`,
      })),
    ),
    ...(dnsNameLabel === undefined ? [] : checkDnsNameLabel(`${field}.dnsNameLabel`, dnsNameLabel)),
    ...(isInSubnet && address.type === 'Public'
      ? [{ field: `${field}.type`, expected: 'Private, since the group is in a subnet' }]
      : []),
    ...(isInSubnet && dnsNameLabel !== undefined
      ? [{ field: `${field}.dnsNameLabel`, expected: 'no DNS label, since the group is in a subnet' }]
      : []),
  ];
}

function checkVolumes(spec: ContainerGroupSpec, root: string): Violation[] {
  const volumes = spec.volumes ?? [];
  if (volumes.length > MAX_VOLUMES) {
    return [{ field: `${root}.volumes`, expected: `at most ${MAX_VOLUMES} volumes` }];
  }
  return [
    ...duplicates(volumes.map(({ name }, index) => ({ field: `${root}.volumes[${index}].name`, value: name }))),
    ...volumes.flatMap((volume, index) => checkVolume(volume, `${root}.volumes[${index}]`)),
  ];
}

function checkVolume(volume: Volume, at: string): Violation[] {
  const sources = [volume.azureFile, volume.emptyDir, volume.secret, volume.gitRepo].filter(
    (source) => source !== undefined,
  );
  return [
    ...checkLabel(`${at}.name`, volume.name, { min: 5, max: 63 }),
    ...(sources.length === 1
      ? []
      : [{ field: at, expected: 'exactly one of azureFile, emptyDir, secret and gitRepo' }]),
  ];
}

function checkDiagnostics({ diagnostics }: ContainerGroupSpec, root: string): Violation[] {
  return diagnostics?.logAnalytics?.workspaceKey === ''
    ? [{ field: `${root}.diagnostics.logAnalytics.workspaceKey`, expected: 'the key of the workspace' }]
    : [];
}

function checkTags(spec: ContainerGroupSpec, root: string): Violation[] {
  const tags = Object.entries(spec.tags ?? {});
  const names = tags.map(([name]) => name);
  const field = `${root}.tags`;
  return [
    ...(names.length > MAX_TAGS ? [{ field, expected: `at most ${MAX_TAGS} tags` }] : []),
    ...names.filter(isOwnTag).map((name) => ({
      field: `${field}.${name.toLowerCase()}`,
      expected: 'another name: this tag is set by the product',
    })),
    ...(tags.every(([name, value]) => TAG_NAME.test(name) && value.length <= MAX_TAG_VALUE_LENGTH)
      ? []
      : [{ field, expected: 'names of 1 to 512 characters without <>%&\\?/, and values of at most 256 characters' }]),
  ];
}

function checkPort(field: string, port: number): Violation[] {
  return port >= 1 && port <= 65_535 ? [] : [{ field, expected: 'a port from 1 to 65535' }];
}

function positive(field: string, value: number): Violation[] {
  return value > 0 ? [] : [{ field, expected: 'a number above 0' }];
}

function atLeast(field: string, limit: number | undefined, request: number): Violation[] {
  return limit === undefined || limit >= request ? [] : [{ field, expected: 'at least as much as the request' }];
}

function duplicates(values: { field: string; value: string }[]): Violation[] {
  const seen = new Set<string>();
  return values.flatMap(({ field, value }) => {
    const isSeen = seen.has(value);
    seen.add(value);
    return isSeen ? [{ field, expected: 'a value that no other entry has' }] : [];
  });
}
