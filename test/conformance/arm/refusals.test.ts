import { type Container, type ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultQuotas, type FailNext, noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { type ArmHarness, connect, FAST_POLLING, gameServer, openArmHarness, refusalOf } from './harness.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';

const requests = { cpu: 1, memoryInGB: 1 };

function container(overrides: Partial<Container> = {}): Container {
  return { name: 'server', image: 'game:1', resources: { requests }, ...overrides };
}

function numbered(count: number, make: (index: number) => Container): Container[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const specs: { why: string; name?: string; spec: Partial<ContainerGroup>; code: string; status?: number }[] = [
  { why: 'an upper-case name', name: 'Game-1', spec: {}, code: 'InvalidContainerGroupName' },
  { why: 'a name of 64 characters', name: 'a'.repeat(64), spec: {}, code: 'InvalidContainerGroupName' },
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
    why: 'an image that nobody may see',
    spec: { containers: [container({ image: 'local/not-accessible:1' })] },
    code: 'InaccessibleImage',
  },
];

describe('a spec is refused at once, with the service’s code and nothing created, for', () => {
  let harness: ArmHarness;
  beforeAll(async () => {
    harness = await openArmHarness();
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  test.each(specs)('$why', async ({ name = 'game-1', spec, code, status = 400 }) => {
    const error = await refusalOf(harness.client.containerGroups.beginCreateOrUpdate('games', name, gameServer(spec)));
    expect(error).toMatchObject({ statusCode: status, code });
    const groups = await harness.client.containerGroups.list().byPage().next();
    expect(groups.value).toEqual([]);
  });
});

test('a group that is being changed refuses every change but its deletion', async () => {
  await using harness = await openArmHarness({
    clock: createVirtualClock({ startMs: Date.now() }),
    profile: 'instant',
  });
  const { containerGroups } = harness.client;
  await containerGroups.beginCreateOrUpdate(
    'games',
    'game-1',
    gameServer({ containers: [container({ image: 'local/never-ready' })] }),
  );
  const transitioning = { statusCode: 409, code: 'ContainerGroupTransitioning' };
  expect(await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer()))).toMatchObject(
    transitioning,
  );
  expect(await refusalOf(containerGroups.stop('games', 'game-1'))).toMatchObject(transitioning);
  expect(await refusalOf(containerGroups.beginRestart('games', 'game-1'))).toMatchObject(transitioning);
  const deleted = await containerGroups.beginDeleteAndWait('games', 'game-1');
  expect(deleted.name).toBe('game-1');
});

test('only a token of the local identity opens ARM, and only one for management', async () => {
  await using harness = await openArmHarness();
  const client = (token: string): ContainerInstanceManagementClient =>
    new ContainerInstanceManagementClient(
      { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      SUBSCRIPTION_ID,
      { endpoint: harness.arm.endpoint },
    );
  expect(await refusalOf(client('a.b.c').containerGroups.get('games', 'game-1'))).toMatchObject({
    statusCode: 401,
    code: 'InvalidAuthenticationToken',
  });
  const url = `${harness.arm.identityEndpoint}?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net`;
  const answer = await fetch(url, { headers: { 'X-IDENTITY-HEADER': harness.arm.identityHeader } });
  // oxlint-disable-next-line no-unsafe-type-assertion -- the protocol says so
  const { access_token: forVault } = (await answer.json()) as { access_token: string };
  expect(await refusalOf(client(forVault).containerGroups.get('games', 'game-1'))).toMatchObject({
    statusCode: 401,
    code: 'InvalidAuthenticationTokenAudience',
  });
  expect((await fetch(url)).status).toBe(401);
});

test('other versions of the API, other subscriptions and unknown resource groups are refused', async () => {
  await using harness = await openArmHarness({ faults: { ...noFaults, resourceGroups: ['Games'] } });
  const { client } = harness;
  await client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  expect(await refusalOf(client.containerGroups.get('other', 'game-1'))).toMatchObject({
    code: 'ResourceGroupNotFound',
  });
  client.subscriptionId = 'another';
  expect(await refusalOf(client.containerGroups.get('games', 'game-1'))).toMatchObject({
    code: 'SubscriptionNotFound',
  });
  client.subscriptionId = SUBSCRIPTION_ID;
  for (const [apiVersion, code] of [
    ['2017-10-01-preview', 'NoRegisteredProviderFound'],
    ['yesterday', 'InvalidApiVersionParameter'],
  ] as const) {
    const other = connect(harness.arm, apiVersion);
    expect(await refusalOf(other.containerGroups.get('games', 'game-1'))).toMatchObject({ statusCode: 400, code });
  }
  client.pipeline.addPolicy({
    name: 'withoutVersion',
    sendRequest: (request, next) => {
      request.url = request.url.replace(/api-version=[^&]*/, '');
      return next(request);
    },
  });
  const error = await refusalOf(client.containerGroups.get('games', 'game-1'));
  expect(error).toMatchObject({ statusCode: 400, code: 'MissingApiVersionParameter' });
});

test('quotas of a region count its groups and cores, and give back what is deleted', async () => {
  const quotas = { ...defaultQuotas, containerGroups: 2, standardCores: 3 };
  await using harness = await openArmHarness({ faults: { ...noFaults, quotas } });
  const { containerGroups } = harness.client;
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  const big = gameServer({ containers: [container({ resources: { requests: { cpu: 3, memoryInGB: 1 } } })] });
  const cores = await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-2', big));
  expect(cores).toMatchObject({ statusCode: 400, code: 'ContainerGroupQuotaReached' });
  expect(cores.message).toContain(
    "quota 'StandardCores' exceeded in region 'westeurope'. Limit: '3', Usage: '1' Requested: '3'.",
  );
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-2', { ...big, location: 'eastus' }, FAST_POLLING);
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-3', gameServer(), FAST_POLLING);
  const groups = await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-4', gameServer()));
  expect(groups.message).toContain("container group quota 'ContainerGroups' exceeded");
  await containerGroups.beginDeleteAndWait('games', 'game-1');
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-4', gameServer(), FAST_POLLING);
});

test('creates beyond those of five minutes are throttled until the first of them is five minutes old', async () => {
  const clock = createVirtualClock({ startMs: Date.now() });
  const quotas = { ...defaultQuotas, writesPerFiveMinutes: 2 };
  await using harness = await openArmHarness({ clock, faults: { ...noFaults, quotas } });
  const { containerGroups } = harness.client;
  const remaining: (string | undefined)[] = [];
  const create = (name: string): Promise<unknown> =>
    containerGroups.beginCreateOrUpdate('games', name, gameServer(), {
      onResponse: ({ request, headers }) =>
        request.method === 'PUT' &&
        remaining.push(headers.get('x-ms-ratelimit-remaining-subscription-resource-requests-pt5m')),
    });
  await create('game-1');
  clock.advanceTo(clock.now() + 60_000);
  await create('game-2');
  const error = await refusalOf(create('game-3'));
  expect(error).toMatchObject({ statusCode: 429, code: 'TooManyRequests' });
  expect(error.response?.headers.get('retry-after')).toBe('240');
  expect(remaining.slice(0, 2)).toEqual(['1', '0']);
  clock.advanceTo(clock.now() + 240_000);
  await create('game-3');
});

test('a region without room refuses a group at once', async () => {
  const capacity = { regionsFull: ['West Europe'], async: false };
  await using harness = await openArmHarness({ faults: { ...noFaults, capacity } });
  const { containerGroups } = harness.client;
  const error = await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer()));
  expect(error).toMatchObject({ statusCode: 409, code: 'ServiceUnavailable' });
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer({ location: 'eastus' }), FAST_POLLING);
});

test('a fault on command hits as many requests as it says, before or after they take effect', async () => {
  const fault = (part: Partial<FailNext>): FailNext => ({
    operation: 'PUT',
    status: 503,
    code: 'ServerTimeout',
    message: 'Too late.',
    afterEffect: false,
    times: 1,
    ...part,
  });
  const failNext = [
    fault({ times: 2, containerGroupName: 'game-1' }),
    fault({ afterEffect: true, containerGroupName: 'game-2' }),
    fault({ operation: 'DELETE', status: 429, code: 'TooManyRequests', retryAfterSeconds: 7 }),
  ];
  await using harness = await openArmHarness({ faults: { ...noFaults, arm: { ...noFaults.arm, failNext } } });
  const { containerGroups } = harness.client;
  for (let attempt = 0; attempt < 2; attempt++) {
    const early = await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer()));
    expect(early).toMatchObject({ statusCode: 503, code: 'ServerTimeout' });
  }
  expect((await refusalOf(containerGroups.get('games', 'game-1'))).statusCode).toBe(404);
  await containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-2', gameServer()));
  expect((await containerGroups.get('games', 'game-2')).name).toBe('game-2');
  const throttled = await refusalOf(containerGroups.beginDelete('games', 'game-1'));
  expect(throttled.response?.headers.get('retry-after')).toBe('7');
  await containerGroups.beginDeleteAndWait('games', 'game-1');
});
