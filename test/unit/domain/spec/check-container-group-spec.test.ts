import { describe, expect, test } from 'vitest';
import {
  checkContainerGroupSpec,
  MAX_CONTAINERS,
  MAX_PORTS,
  MAX_TAGS,
  MAX_VOLUMES,
} from '../../../../src/domain/spec/check-container-group-spec.ts';
import { INCARNATION_TAG, type ContainerGroupSpec } from '../../../../src/domain/spec/container-group-spec.ts';

const ROOT = 'containerGroup';
const container: ContainerGroupSpec['containers'][number] = {
  name: 'game',
  image: 'nginx',
  resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
};
const spec: ContainerGroupSpec = { location: 'westeurope', osType: 'Linux', containers: [container] };
const emptyDir = {};

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

interface Row {
  says: string;
  change: Partial<ContainerGroupSpec>;
  /** The fields that are refused; none when the spec is good. */
  fields: string[];
}

function sized(requests: { cpu: number; memoryInGB: number }, limits?: { cpu?: number; memoryInGB?: number }) {
  return { containers: [{ ...container, resources: { requests, ...(limits === undefined ? {} : { limits }) } }] };
}

function withPorts(...ports: { port: number; protocol?: 'TCP' | 'UDP' }[]): Partial<ContainerGroupSpec> {
  return { ipAddress: { type: 'Public', ports } };
}

const tables: Record<string, Row[]> = {
  'the containers': [
    { says: 'one is enough', change: {}, fields: [] },
    { says: 'none is too few', change: { containers: [] }, fields: ['.containers'] },
    {
      says: `${MAX_CONTAINERS} with init containers are the most`,
      change: {
        containers: many(MAX_CONTAINERS - 1, (index) => ({ ...container, name: `game-${index}` })),
        initContainers: [{ name: 'init', image: 'busybox' }],
      },
      fields: [],
    },
    {
      says: `${MAX_CONTAINERS + 1} with init containers are too many`,
      change: {
        containers: many(MAX_CONTAINERS, (index) => ({ ...container, name: `game-${index}` })),
        initContainers: [{ name: 'init', image: 'busybox' }],
      },
      fields: ['.containers'],
    },
    {
      says: 'one that runs first needs an image, too',
      change: { initContainers: [{ name: 'init', command: ['true'] }] },
      fields: ['.initContainers[0].image'],
    },
    {
      says: 'a probe of port 0 is refused',
      change: {
        containers: [
          { ...container, livenessProbe: { httpGet: { port: 0 } }, readinessProbe: { httpGet: { port: 65_535 } } },
        ],
      },
      fields: ['.containers[0].livenessProbe.httpGet.port'],
    },
    {
      says: 'two of one name are refused',
      change: { containers: [container, container] },
      fields: ['.containers[1].name'],
    },
    {
      says: 'an init container may not have the name of a container',
      change: { initContainers: [{ name: 'game', image: 'busybox' }] },
      fields: ['.initContainers[0].name'],
    },
    {
      says: 'a name that Azure refuses is refused',
      change: { containers: [{ ...container, name: 'Game' }] },
      fields: ['.containers[0].name'],
    },
    {
      says: 'a name that Azure refuses is refused of an init container, too',
      change: { initContainers: [{ name: 'in--it', image: 'busybox' }] },
      fields: ['.initContainers[0].name'],
    },
  ],
  'the size of a container': [
    { says: 'a small part of a CPU is enough', change: sized({ cpu: 0.01, memoryInGB: 0.1 }), fields: [] },
    {
      says: 'no CPU is refused',
      change: sized({ cpu: 0, memoryInGB: 1 }),
      fields: ['.containers[0].resources.requests.cpu'],
    },
    {
      says: 'less than no memory is refused',
      change: sized({ cpu: 1, memoryInGB: -1 }),
      fields: ['.containers[0].resources.requests.memoryInGB'],
    },
    {
      says: 'limits as high as the request are good',
      change: sized({ cpu: 1, memoryInGB: 1 }, { cpu: 1, memoryInGB: 1 }),
      fields: [],
    },
    { says: 'a limit may be absent', change: sized({ cpu: 1, memoryInGB: 1 }, {}), fields: [] },
    {
      says: 'limits below the request are refused',
      change: sized({ cpu: 1, memoryInGB: 1 }, { cpu: 0.5, memoryInGB: 0.5 }),
      fields: ['.containers[0].resources.limits.cpu', '.containers[0].resources.limits.memoryInGB'],
    },
    {
      says: 'the ports of a container are ports',
      change: { containers: [{ ...container, ports: [{ port: 1 }, { port: 65_535 }, { port: 0 }] }] },
      fields: ['.containers[0].ports[2].port'],
    },
  ],
  'the environment variables': [
    {
      says: 'a plain and a secure one are good',
      change: {
        containers: [
          {
            ...container,
            environmentVariables: [
              { name: 'A', value: '1' },
              { name: 'B', secureValue: '2' },
            ],
          },
        ],
      },
      fields: [],
    },
    {
      says: 'a bad name is refused',
      change: { containers: [{ ...container, environmentVariables: [{ name: 'A-B' }] }] },
      fields: ['.containers[0].environmentVariables[0].name'],
    },
    {
      says: 'two values of one variable are refused',
      change: { containers: [{ ...container, environmentVariables: [{ name: 'A', value: '1', secureValue: '2' }] }] },
      fields: ['.containers[0].environmentVariables[0]'],
    },
    {
      says: 'one name twice is refused',
      change: {
        initContainers: [{ name: 'init', image: 'busybox', environmentVariables: [{ name: 'A' }, { name: 'A' }] }],
      },
      fields: ['.initContainers[0].environmentVariables[1].name'],
    },
  ],
  'the IP address': [
    { says: 'one port is enough', change: withPorts({ port: 80 }), fields: [] },
    {
      says: `${MAX_PORTS} ports are the most`,
      change: withPorts(...many(MAX_PORTS, (index) => ({ port: 1 + index }))),
      fields: [],
    },
    { says: 'no port is too few', change: withPorts(), fields: ['.ipAddress.ports'] },
    {
      says: `${MAX_PORTS + 1} ports are too many`,
      change: withPorts(...many(MAX_PORTS + 1, (index) => ({ port: 1 + index }))),
      fields: ['.ipAddress.ports'],
    },
    { says: 'a port is at most 65535', change: withPorts({ port: 65_536 }), fields: ['.ipAddress.ports[0].port'] },
    {
      says: 'one port may be open for TCP and UDP',
      change: withPorts({ port: 80, protocol: 'TCP' }, { port: 80, protocol: 'UDP' }),
      fields: [],
    },
    {
      says: 'one port twice is refused, TCP being the standard',
      change: withPorts({ port: 80 }, { port: 80, protocol: 'TCP' }),
      fields: ['.ipAddress.ports[1]'],
    },
    {
      says: 'a DNS label that Azure refuses is refused',
      change: { ipAddress: { type: 'Public', ports: [{ port: 80 }], dnsNameLabel: 'game' } },
      fields: ['.ipAddress.dnsNameLabel'],
    },
    {
      says: 'a private address in a subnet is good',
      change: { ipAddress: { type: 'Private', ports: [{ port: 80 }] }, subnetIds: [{ id: '/subscriptions/s/subnet' }] },
      fields: [],
    },
    {
      says: 'a public address in a subnet is refused',
      change: { ipAddress: { type: 'Public', ports: [{ port: 80 }] }, subnetIds: [{ id: '/subscriptions/s/subnet' }] },
      fields: ['.ipAddress.type'],
    },
    {
      says: 'a DNS label in a subnet is refused',
      change: {
        ipAddress: { type: 'Private', ports: [{ port: 80 }], dnsNameLabel: 'game-eu' },
        subnetIds: [{ id: '/subscriptions/s/subnet' }],
      },
      fields: ['.ipAddress.dnsNameLabel'],
    },
    {
      says: 'an empty list of subnets is none',
      change: { ipAddress: { type: 'Public', ports: [{ port: 80 }] }, subnetIds: [] },
      fields: [],
    },
  ],
  'the volumes': [
    {
      says: `${MAX_VOLUMES} are the most`,
      change: { volumes: many(MAX_VOLUMES, (index) => ({ name: `volume-${index}`, emptyDir })) },
      fields: [],
    },
    {
      says: `${MAX_VOLUMES + 1} are too many`,
      change: { volumes: many(MAX_VOLUMES + 1, (index) => ({ name: `volume-${index}`, emptyDir })) },
      fields: ['.volumes'],
    },
    {
      says: 'a name of 4 characters is refused',
      change: { volumes: [{ name: 'data', emptyDir }] },
      fields: ['.volumes[0].name'],
    },
    {
      says: 'two of one name are refused',
      change: { volumes: many(2, () => ({ name: 'files', emptyDir })) },
      fields: ['.volumes[1].name'],
    },
    { says: 'one without a source is refused', change: { volumes: [{ name: 'files' }] }, fields: ['.volumes[0]'] },
    {
      says: 'one with two sources is refused',
      change: { volumes: [{ name: 'files', emptyDir, secret: {} }] },
      fields: ['.volumes[0]'],
    },
    {
      says: 'a share is a source',
      change: { volumes: [{ name: 'files', azureFile: { shareName: 's', storageAccountName: 'a' } }] },
      fields: [],
    },
    {
      says: 'a repository is a source',
      change: { volumes: [{ name: 'files', gitRepo: { repository: 'https://example.com/game.git' } }] },
      fields: [],
    },
    {
      says: 'a mount of a volume is good',
      change: {
        containers: [{ ...container, volumeMounts: [{ name: 'files', mountPath: '/files' }] }],
        volumes: [{ name: 'files', emptyDir }],
      },
      fields: [],
    },
    {
      says: 'a mount of what is no volume is refused',
      change: { containers: [{ ...container, volumeMounts: [{ name: 'files', mountPath: '/files' }] }] },
      fields: ['.containers[0].volumeMounts[0].name'],
    },
  ],
  'Log Analytics': [
    {
      says: 'an empty key is refused',
      change: { diagnostics: { logAnalytics: { workspaceId: 'id', workspaceKey: '' } } },
      fields: ['.diagnostics.logAnalytics.workspaceKey'],
    },
  ],
  'the tags': [
    { says: `${MAX_TAGS} are the most`, change: { tags: tagged(MAX_TAGS) }, fields: [] },
    { says: 'a value of 256 characters is the longest', change: { tags: { fleet: 'x'.repeat(256) } }, fields: [] },
    { says: 'a value of 257 characters is too long', change: { tags: { fleet: 'x'.repeat(257) } }, fields: ['.tags'] },
    { says: 'a name with a slash is refused', change: { tags: { 'a/b': 'x' } }, fields: ['.tags'] },
    { says: `${MAX_TAGS + 1} are too many`, change: { tags: tagged(MAX_TAGS + 1) }, fields: ['.tags'] },
    {
      says: 'ours is refused in any case',
      change: { tags: { 'ACI-Incarnation': 'mine' } },
      fields: [`.tags.${INCARNATION_TAG}`],
    },
  ],
};

describe.each(Object.entries(tables))('of %s', (_, rows) => {
  test.each(rows)('$says', ({ change, fields }) => {
    const violations = checkContainerGroupSpec({ ...spec, ...change }, ROOT);
    expect(violations.map(({ field }) => field)).toEqual(fields.map((field) => `${ROOT}${field}`));
  });
});

test('every fault of a spec is found at once', () => {
  const violations = checkContainerGroupSpec(
    { ...spec, containers: [{ ...container, name: 'Game' }], volumes: [{ name: 'files' }], tags: tagged(60) },
    ROOT,
  );
  expect(violations).toHaveLength(3);
});

function tagged(count: number): Record<string, string> {
  return Object.fromEntries(many(count, (index) => [`tag-${index}`, 'value']));
}
