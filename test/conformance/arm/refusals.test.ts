import { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultQuotas, type FailNext, noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { type ArmHarness, connect, FAST_POLLING, gameServer, openArmHarness, refusalOf } from './harness.ts';
import { callArm, CONTAINER_INSTANCE, IN_GAMES, refusalSchema } from './raw-arm.ts';
import { container, refusedBodies } from './refused-specs.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';

describe('a spec is refused at once, with the service’s code and nothing created, for', () => {
  let harness: ArmHarness;
  beforeAll(async () => {
    harness = await openArmHarness();
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  test('an image that nobody may see', async () => {
    const spec = gameServer({ containers: [container({ image: 'local/not-accessible:1' })] });
    const error = await refusalOf(harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', spec));
    expect(error).toMatchObject({ statusCode: 400, code: 'InaccessibleImage' });
    expect((await refusalOf(harness.client.containerGroups.get('games', 'game-1'))).statusCode).toBe(404);
  });

  test.each(refusedBodies)('$why', async ({ body, error }) => {
    const path = `${IN_GAMES}/containerGroups/game-1?api-version=2023-05-01`;
    expect(await callArm(harness.arm, 'PUT', path, body)).toEqual({ status: 400, body: { error } });
  });
});

test('what is no container instance is refused with the words of Resource Manager', async () => {
  await using harness = await openArmHarness();
  const ask = async (method: string, path: string): Promise<object> => {
    const { status, body } = await callArm(harness.arm, method, path);
    return { status, ...refusalSchema.parse(body).error };
  };
  const unknownType = (apiVersion: string): object => ({
    status: 404,
    code: 'InvalidResourceType',
    message: `The resource type could not be found in the namespace 'Microsoft.ContainerInstance' for api version '${apiVersion}'.`,
  });
  const version = 'api-version=2023-05-01';
  expect(await ask('GET', `${IN_GAMES}/containerGroupies?${version}`)).toEqual(unknownType('2023-05-01'));
  expect(await ask('GET', `${CONTAINER_INSTANCE}/locations/eastus/novels?${version}`)).toEqual(
    unknownType('2023-05-01'),
  );
  expect(await ask('PUT', `${IN_GAMES}/ngroups/one?api-version=2025-09-01`)).toEqual(unknownType('2025-09-01'));
  const other = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Container/things`;
  expect(await ask('GET', `${other}?${version}`)).toEqual({
    status: 404,
    code: 'InvalidResourceNamespace',
    message: "The resource namespace 'Microsoft.Container' is invalid.",
  });
  expect(await ask('GET', other)).toMatchObject({ status: 400, code: 'MissingApiVersionParameter' });
  expect(await ask('POST', `${CONTAINER_INSTANCE}/containerGroups?${version}`)).toEqual({
    status: 405,
    code: 'MethodNotAllowed',
    message: "The requested resource does not support http method 'POST'.",
  });
  expect(await ask('GET', `/subscriptions/another/providers/Microsoft.Container/things?${version}`)).toMatchObject({
    status: 404,
    code: 'SubscriptionNotFound',
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
  const invalid = await refusalOf(connect(harness.arm, 'yesterday').containerGroups.get('games', 'game-1'));
  expect(invalid).toMatchObject({ statusCode: 400, code: 'InvalidApiVersionParameter' });
  const { containerGroups: later } = connect(harness.arm, '2024-05-01-preview');
  const unlisted = await refusalOf(later.listByResourceGroup('games').next());
  expect(unlisted).toMatchObject({ statusCode: 404, code: 'InvalidResourceType' });
  expect(unlisted.message).toBe(
    "The resource type 'containerGroups' could not be found in the namespace 'Microsoft.ContainerInstance' for api version " +
      "'2024-05-01-preview'. The supported api-versions are '2023-05-01'.",
  );
  const uncreated = await refusalOf(later.beginCreateOrUpdate('games', 'game-1', gameServer()));
  expect(uncreated).toMatchObject({ statusCode: 400, code: 'NoRegisteredProviderFound' });
  expect(uncreated.message).toContain(
    "No registered resource provider found for location 'westeurope' and API version '2024-05-01-preview' for type " +
      "'containerGroups'. The supported api-versions are '2023-05-01'. The supported locations are 'australiacentral, ",
  );
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
