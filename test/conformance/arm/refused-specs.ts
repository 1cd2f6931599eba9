import type { Container, ContainerGroup } from '@azure/arm-containerinstance';
import { HELLO_WORLD } from './target.ts';

const requests = { cpu: 1, memoryInGB: 1 };

/** A good container of the SDK's shape. */
export function container(overrides: Partial<Container> = {}): Container {
  return { name: 'server', image: HELLO_WORLD, resources: { requests }, ...overrides };
}

function numbered(count: number, make: (index: number) => Container): Container[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Ends of names that no group may have. */
export const refusedNames: { why: string; suffix: string }[] = [
  { why: 'an upper-case name', suffix: '-Game' },
  { why: 'a name of more than 63 characters', suffix: `-${'a'.repeat(63)}` },
];

/** Specs that the SDK sends and the service refuses, with its code. */
export const refusedSpecs: {
  why: string;
  spec: Partial<ContainerGroup>;
  code: string;
  message?: string;
}[] = [
  { why: 'an unknown region', spec: { location: 'moonbase' }, code: 'LocationNotAvailableForResourceType' },
  { why: 'no region', spec: { location: '' }, code: 'LocationRequired' },
  { why: 'an unknown OS', spec: { osType: 'Plan9' }, code: 'InvalidOsType' },
  { why: 'an unknown restart policy', spec: { restartPolicy: 'Sometimes' }, code: 'InvalidRestartPolicy' },
  { why: 'no containers', spec: { containers: [] }, code: 'MissingContainers' },
  {
    why: '61 containers',
    spec: {
      containers: numbered(61, (index) =>
        container({ name: `c${index}`, resources: { requests: { cpu: 0.1, memoryInGB: 0.1 } } }),
      ),
    },
    code: 'TooManyContainers',
  },
  {
    why: 'two containers of one name',
    spec: { containers: [container(), container()] },
    code: 'DuplicateContainerName',
  },
  {
    why: 'a container name with an underscore',
    spec: { containers: [container({ name: 'a_b' })] },
    code: 'InvalidContainerName',
  },
  { why: 'a container without an image', spec: { containers: [container({ image: '' })] }, code: 'MissingImage' },
  {
    why: 'negative CPU',
    spec: { containers: [container({ resources: { requests: { cpu: -1, memoryInGB: 1 } } })] },
    code: 'InvalidResourceRequests',
  },
  {
    why: 'memory in steps of less than 0.1 GB',
    spec: { containers: [container({ resources: { requests: { cpu: 1, memoryInGB: 0.25 } } })] },
    code: 'MemoryRequirementNotTimesOfOneTenthGB',
  },
  {
    why: 'more memory than any group can have',
    spec: { containers: [container({ resources: { requests: { cpu: 1, memoryInGB: 300 } } })] },
    code: 'InvalidContainerGroupResources',
  },
  {
    why: 'a limit above what the group requests',
    spec: { containers: [container({ resources: { requests, limits: { cpu: 2 } } })] },
    code: 'ContainerLimitGreaterThanContainerGroupTotalRequest',
  },
  {
    why: 'an environment variable with a hyphen',
    spec: { containers: [container({ environmentVariables: [{ name: 'NOT-GOOD', value: '1' }] })] },
    code: 'InvalidContainerEnvironmentVariable',
  },
  { why: 'port 65536', spec: { containers: [container({ ports: [{ port: 65_536 }] })] }, code: 'InvalidPort' },
  {
    why: 'an address without ports',
    spec: { ipAddress: { type: 'Public', ports: [] } },
    code: 'MissingIpAddressPorts',
  },
  {
    why: 'six ports on one address',
    spec: { ipAddress: { type: 'Public', ports: [1, 2, 3, 4, 5, 6].map((port) => ({ port })) } },
    code: 'TooManyPorts',
  },
  {
    why: 'a DNS label of four characters',
    spec: { ipAddress: { type: 'Public', ports: [{ port: 80 }], dnsNameLabel: 'abcd' } },
    code: 'InvalidDnsNameLabel',
  },
  {
    why: 'a public address in a virtual network',
    spec: { subnetIds: [{ id: '/subscriptions/s/subnets/x' }] },
    code: 'InvalidIpAddressTypeForNetworkProfile',
  },
  {
    why: '21 volumes',
    spec: { volumes: Array.from({ length: 21 }, (_, index) => ({ name: `volume-${index}`, emptyDir: {} })) },
    code: 'TooManyVolumes',
  },
  {
    why: 'a volume of two kinds',
    spec: { volumes: [{ name: 'volume', emptyDir: {}, secret: { a: 'Yg==' } }] },
    code: 'InvalidVolume',
  },
  {
    why: 'a mount of a volume that is not there',
    spec: { containers: [container({ volumeMounts: [{ name: 'missing', mountPath: '/data' }] })] },
    code: 'VolumeMountNotFound',
  },
  {
    why: 'more registry credentials than containers',
    spec: { imageRegistryCredentials: [{ server: 'a.io' }, { server: 'b.io' }] },
    code: 'MoreImageRegistryCredentialsThanContainers',
  },
  {
    why: 'a registry with a protocol',
    spec: { imageRegistryCredentials: [{ server: 'https://a.io' }] },
    code: 'InvalidImageRegistryServer',
  },
  {
    why: 'an unknown priority',
    spec: { priority: 'Sometimes' },
    code: 'PriorityNotSpecified',
    message: "The 'Priority' must be one of 'Regular,Spot' for container group '",
  },
  {
    why: 'Spot with a public address',
    spec: { priority: 'Spot' },
    code: 'SpotPriorityContainerGroupNotSupportedForInboundConnectivity',
    message: 'Spot Priority is not supported for container groups with inbound connectivity.',
  },
  {
    why: 'an init container without an image',
    spec: { initContainers: [{ name: 'init', command: ['true'] }] },
    code: 'MissingImage',
  },
  {
    why: 'a probe of port 0',
    spec: { containers: [container({ livenessProbe: { httpGet: { port: 0 } } })] },
    code: 'InvalidPort',
  },
  {
    why: 'a git repository without an address',
    spec: { volumes: [{ name: 'volume', gitRepo: { repository: '' } }] },
    code: 'InvalidVolume',
  },
];

const CONTAINER = { name: 'server', properties: { image: 'game:1', resources: { requests } } };

function wireBody(properties: object, top: object = {}): object {
  return { location: 'westeurope', properties: { osType: 'Linux', containers: [CONTAINER], ...properties }, ...top };
}

function unreadable(problem: string): { code: string; message: string } {
  const message = `The request content was invalid and could not be deserialized: '${problem}'.`;
  return { code: 'InvalidRequestContent', message };
}

function required(field: string, path: string): { code: string; message: string } {
  return unreadable(`Required property '${field}' not found in JSON. Path '${path}'.`);
}

/** Bodies as they are on the wire, which the SDK can't send, with the service's answer. */
export const refusedBodies: { why: string; body: object; error: { code: string; message: string } }[] = [
  {
    why: 'Spot on another SKU than the standard one',
    body: wireBody({ priority: 'Spot', sku: 'Confidential' }),
    error: {
      code: 'SpotPriorityContainerGroupNotSupportedInSku',
      message: "Spot Priority Container Group is not supported in 'Confidential' Sku.",
    },
  },
  {
    why: 'Spot in a virtual network',
    body: wireBody({ priority: 'spot', subnetIds: [{ id: '/subscriptions/s/subnets/x' }] }),
    error: {
      code: 'SpotPriorityContainerGroupNotSupportedForInboundConnectivity',
      message: 'Spot Priority is not supported for container groups with inbound connectivity.',
    },
  },
  {
    why: 'neither a region nor properties',
    body: {},
    error: { code: 'LocationRequired', message: 'The location property is required for this definition.' },
  },
  { why: 'a group without properties', body: { location: 'eastus' }, error: required('properties', '') },
  {
    why: 'a container without properties',
    body: wireBody({ containers: [{ name: 'server' }] }),
    error: required('properties', 'properties.containers[0]'),
  },
  {
    why: 'an init container without properties',
    body: wireBody({ initContainers: [{ name: 'init' }] }),
    error: required('properties', 'properties.initContainers[0]'),
  },
  {
    why: 'httpGet without a port',
    body: wireBody({
      containers: [
        { ...CONTAINER, properties: { ...CONTAINER.properties, readinessProbe: { httpGet: { path: '/' } } } },
      ],
    }),
    error: required('port', 'properties.containers[0].properties.readinessProbe.httpGet'),
  },
  {
    why: 'a git repository without its address',
    body: wireBody({ volumes: [{ name: 'volume', gitRepo: { revision: 'main' } }] }),
    error: required('repository', 'properties.volumes[0].gitRepo'),
  },
  {
    why: 'Log Analytics without an id',
    body: wireBody({ diagnostics: { logAnalytics: { workspaceKey: 'a' } } }),
    error: required('workspaceId', 'properties.diagnostics.logAnalytics'),
  },
  {
    why: 'Log Analytics without a key',
    body: wireBody({ diagnostics: { logAnalytics: { workspaceId: 'a' } } }),
    error: required('workspaceKey', 'properties.diagnostics.logAnalytics'),
  },
  {
    why: 'an unknown log type',
    body: wireBody({ diagnostics: { logAnalytics: { workspaceId: 'a', workspaceKey: 'b', logType: 'Novels' } } }),
    error: unreadable(
      `Error converting value "Novels" to type 'LogAnalyticsLogType'. Path 'properties.diagnostics.logAnalytics.logType'.`,
    ),
  },
  {
    why: 'an unknown identity type',
    body: wireBody({}, { identity: { type: 'Robot' } }),
    error: unreadable(`Error converting value "Robot" to type 'ResourceIdentityType'. Path 'identity.type'.`),
  },
];
