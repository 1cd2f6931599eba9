import { describe, expect, test } from 'vitest';
import type { ContainerGroupSpec } from '../../../../src/domain/spec/container-group-spec.ts';
import { checkCreationPolicy, registryOf, type CreationPolicy } from '../../../../src/domain/spec/creation-policy.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const container = {
  name: 'game',
  image: 'example.azurecr.io/game:1',
  resources: { requests: { cpu: 2, memoryInGB: 4 } },
};
const spec: ContainerGroupSpec = { location: 'West Europe', osType: 'Linux', containers: [container] };
const standard: CreationPolicy = { allowIdentity: false, allowSubnet: false };

const fieldsOf = (ruled: Partial<ContainerGroupSpec>, policy: Partial<CreationPolicy>): string[] =>
  checkCreationPolicy(id, { ...spec, ...ruled }, { ...standard, ...policy }).map(({ field }) => field);

describe('a policy', () => {
  test('without lists and ceilings allows every plain group', () => {
    expect(checkCreationPolicy(id, spec, standard)).toEqual([]);
  });

  test('gives everything that it forbids the same code', () => {
    const violations = checkCreationPolicy(id, spec, { ...standard, regions: ['eastus'], maxCpu: 1 });
    expect(violations).toMatchObject([
      { code: 'notAllowed' },
      { code: 'notAllowed', expected: 'at most 1 vCPUs in all' },
    ]);
  });

  const rows: {
    says: string;
    ruled?: Partial<ContainerGroupSpec>;
    policy: Partial<CreationPolicy>;
    fields: string[];
  }[] = [
    { says: 'takes its resource groups in any case', policy: { resourceGroups: ['GAMES'] }, fields: [] },
    { says: 'refuses other resource groups', policy: { resourceGroups: ['lobby'] }, fields: ['resourceGroup'] },
    { says: 'takes its regions with spaces or without', policy: { regions: ['westeurope'] }, fields: [] },
    { says: 'refuses other regions', policy: { regions: ['East US'] }, fields: ['containerGroup.location'] },
    { says: 'takes images of its registries', policy: { registries: ['Example.azurecr.io'] }, fields: [] },
    {
      says: 'refuses images of other registries, of init containers too',
      ruled: { initContainers: [{ name: 'one' }, { name: 'two', image: 'busybox' }] },
      policy: { registries: ['mcr.microsoft.com'] },
      fields: ['containerGroup.containers[0].image', 'containerGroup.initContainers[1].image'],
    },
    {
      says: 'takes containers up to its ceilings together',
      ruled: { containers: [container, container] },
      policy: { maxCpu: 4, maxMemoryInGB: 8, maxContainers: 2 },
      fields: [],
    },
    {
      says: 'refuses more CPU in all',
      ruled: { containers: [container, container] },
      policy: { maxCpu: 3 },
      fields: ['containerGroup.containers'],
    },
    { says: 'refuses more memory in all', policy: { maxMemoryInGB: 3.5 }, fields: ['containerGroup.containers'] },
    {
      says: 'counts init containers as containers',
      ruled: { initContainers: [{ name: 'one' }] },
      policy: { maxContainers: 1 },
      fields: ['containerGroup.containers'],
    },
    {
      says: 'refuses an identity',
      ruled: { identity: { type: 'SystemAssigned' } },
      policy: {},
      fields: ['containerGroup.identity'],
    },
    {
      says: 'refuses an identity behind a type that says none',
      ruled: { identity: { type: 'None', userAssignedIdentities: { '/subscriptions/…': {} } } },
      policy: {},
      fields: ['containerGroup.identity'],
    },
    {
      says: 'refuses an identity for encryption',
      ruled: {
        encryptionProperties: {
          vaultBaseUrl: 'https://…',
          keyName: 'k',
          keyVersion: '1',
          identity: '/subscriptions/…',
        },
      },
      policy: {},
      fields: ['containerGroup.encryptionProperties.identity'],
    },
    {
      says: 'refuses a registry whose name only looks like an allowed one',
      ruled: { containers: [{ ...container, image: 'doc\u{212A}er.io/game' }] },
      policy: { registries: ['docker.io'] },
      fields: ['containerGroup.containers[0].image'],
    },
    {
      says: 'refuses a registry before an allowed one',
      ruled: { containers: [{ ...container, image: 'https://docker.io/game' }] },
      policy: { registries: ['docker.io'] },
      fields: ['containerGroup.containers[0].image'],
    },
    { says: 'takes an identity that is none', ruled: { identity: { type: 'None' } }, policy: {}, fields: [] },
    {
      says: "refuses a registry's identity",
      ruled: {
        imageRegistryCredentials: [
          { server: 'one', identityUrl: 'https://…' },
          { server: 'two', identity: '/subscriptions/…' },
        ],
      },
      policy: {},
      fields: [
        'containerGroup.imageRegistryCredentials[0].identityUrl',
        'containerGroup.imageRegistryCredentials[1].identity',
      ],
    },
    {
      says: 'takes identities when it allows them',
      ruled: {
        identity: { type: 'SystemAssigned' },
        imageRegistryCredentials: [{ server: 'one', identity: '/subscriptions/…' }],
      },
      policy: { allowIdentity: true },
      fields: [],
    },
    {
      says: 'refuses a subnet',
      ruled: { subnetIds: [{ id: '/subscriptions/…' }] },
      policy: {},
      fields: ['containerGroup.subnetIds'],
    },
    {
      says: 'takes a subnet when it allows them',
      ruled: { subnetIds: [{ id: '/subscriptions/…' }] },
      policy: { allowSubnet: true },
      fields: [],
    },
  ];

  test.each(rows)('$says', ({ ruled = {}, policy, fields }) => {
    expect(fieldsOf(ruled, policy)).toEqual(fields);
  });
});

test.each([
  ['nginx', 'docker.io'],
  ['library/nginx:1.27', 'docker.io'],
  ['index.docker.io/library/nginx', 'docker.io'],
  ['example.azurecr.io/game', 'example.azurecr.io'],
  ['Example.azurecr.io/game', 'example.azurecr.io'],
  ['registry:5000/game', 'registry:5000'],
  ['nginx:1.27', 'docker.io'],
  ['', 'docker.io'],
])('the registry of the image "%s" is %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});
