import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { ManagedIdentityCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { faultsWith } from './faults-with.ts';
import { advanceUntil, type ArmHarness, FAST_POLLING, gameServer, openArmHarness, refusalOf } from './harness.ts';
import { callArm, refusalSchema } from './raw-arm.ts';
import { openWebhook } from './webhook.ts';

const START_MS = Date.now();

async function namesOf(harness: ArmHarness): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const { name } of harness.client.containerGroups.listByResourceGroup('games')) names.push(name);
  return names;
}

// Nobody else asks for this scope: a token that MSAL has got once is good for all of this process.
test('the identity endpoint gives no tokens for a while, and who has one that ends feels it', async () => {
  const short = { tokenLifetimeSeconds: 60 };
  await using harness = await openArmHarness({ faults: { ...faultsWith({ kind: 'noTokens' }), identity: short } });
  const credential = new ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } });
  const getToken = (): Promise<unknown> => credential.getToken('https://example.org/.default');
  await expect(getToken()).rejects.toThrow();
  harness.arm.setFaults({ ...noFaults, identity: short });
  await expect(getToken()).resolves.toMatchObject({ token: expect.any(String) as unknown });
  harness.arm.setFaults(faultsWith({ kind: 'noTokens' }));
  await expect(getToken()).rejects.toThrow();
  harness.arm.setFaults(noFaults);
  await getToken();
  harness.arm.setFaults(faultsWith({ kind: 'noTokens' }));
  await getToken();
});

test.each([
  { says: 'with a Retry-After', retryAfterSeconds: 17, header: '17' },
  { says: 'without one', retryAfterSeconds: null, header: undefined },
])('requests are throttled $says', async ({ retryAfterSeconds, header }) => {
  await using harness = await openArmHarness({
    faults: faultsWith({ kind: 'throttled', retryAfterSeconds, operations: ['GET'], names: ['game-1'] }),
  });
  const { containerGroups } = harness.client;
  const answers: PipelineResponse[] = [];
  const onResponse = (answer: PipelineResponse): number => answers.push(answer);
  const refused = await refusalOf(containerGroups.get('games', 'game-1', { onResponse }));
  expect([refused.statusCode, refused.code]).toEqual([429, 'TooManyRequests']);
  expect(answers[0]?.headers.get('retry-after')).toBe(header);
  expect((await refusalOf(containerGroups.get('games', 'game-2'))).statusCode).toBe(404);
});

test('a share of the requests fails with 500, before it takes effect', async () => {
  await using harness = await openArmHarness({
    faults: faultsWith({ kind: 'serverErrors', operations: ['PUT'], regions: ['northeurope'] }),
  });
  const { containerGroups } = harness.client;
  const spec = gameServer({ location: 'northeurope' });
  const failed = await refusalOf(containerGroups.beginCreateOrUpdate('games', 'game-1', spec));
  expect([failed.statusCode, failed.code]).toEqual([500, 'InternalServerError']);
  await containerGroups.beginCreateOrUpdate('games', 'game-2', gameServer());
  expect(await namesOf(harness)).toEqual(['game-2']);
});

test('a creation takes effect although its answer is lost', async () => {
  await using harness = await openArmHarness({ faults: faultsWith({ kind: 'lostAnswers' }) });
  const lost = await refusalOf(harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer()));
  expect([lost.statusCode, lost.code]).toEqual([503, 'ServerTimeout']);
  expect(await namesOf(harness)).toEqual(['game-1']);
});

test.each([
  { says: 'before', afterEffect: false, names: [] },
  { says: 'after', afterEffect: true, names: ['game-1'] },
])('a connection breaks $says the request took effect', async ({ afterEffect, names }) => {
  await using harness = await openArmHarness({
    faults: faultsWith({ kind: 'connectionResets', operations: ['PUT'], afterEffect }),
  });
  const broken = await refusalOf(harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer()));
  expect(broken.code).toBe('ECONNRESET');
  expect(broken.statusCode).toBeUndefined();
  expect(await namesOf(harness)).toEqual(names);
});

test('a slow ARM takes its time by the clock, while the effect is there', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({
    clock,
    faults: faultsWith({ kind: 'slowArm', operations: ['PUT'], delaySeconds: 40 }),
  });
  const { containerGroups } = harness.client;
  const created = containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await expect.poll(() => harness.arm.heldAnswers()).toBe(1);
  expect(await namesOf(harness)).toEqual(['game-1']);
  await advanceUntil(harness.arm, clock, created);
  expect(clock.now()).toBe(START_MS + 40_000);
});

test('lists show what was a while ago, page by page, and a single group as it is', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  const faults = faultsWith({ kind: 'listsLag', lagSeconds: 60 });
  await using harness = await openArmHarness({ clock, faults: { ...faults, arm: { ...faults.arm, pageSize: 2 } } });
  const { containerGroups } = harness.client;
  const create = (name: string): Promise<unknown> => containerGroups.beginCreateOrUpdate('games', name, gameServer());
  const statesOf = async (): Promise<Record<string, string | undefined>> => {
    const states: Record<string, string | undefined> = {};
    for await (const { name = '', provisioningState } of containerGroups.list()) states[name] = provisioningState;
    return states;
  };
  for (const name of ['game-1', 'game-2', 'game-3', 'game-4']) await create(name);
  await harness.arm.whenIdle();
  expect(await statesOf()).toEqual({});
  clock.advanceTo(START_MS + 60_000);
  const all = { 'game-1': 'Succeeded', 'game-2': 'Succeeded', 'game-3': 'Succeeded', 'game-4': 'Succeeded' };
  expect(await statesOf()).toEqual(all);

  clock.advanceTo(START_MS + 100_000);
  await containerGroups.beginDeleteAndWait('games', 'game-2');
  await containerGroups.update('games', 'game-3', { tags: { changed: 'yes' } });
  await create('game-5');
  expect(await statesOf()).toEqual(all);
  expect((await refusalOf(containerGroups.get('games', 'game-2'))).statusCode).toBe(404);
  clock.advanceTo(START_MS + 160_000);
  const { 'game-2': _, ...left } = all;
  expect(await statesOf()).toEqual({ ...left, 'game-5': 'Succeeded' });

  await containerGroups.beginDeleteAndWait('games', 'game-1');
  harness.arm.setFaults(noFaults);
  expect(Object.keys(await statesOf())).toEqual(['game-3', 'game-4', 'game-5']);
});

async function advance(harness: ArmHarness, clock: VirtualClock, untilMs: number): Promise<void> {
  await harness.arm.whenIdle();
  for (let next = clock.nextAtMs(); next !== undefined && next <= untilMs; next = clock.nextAtMs()) {
    clock.advanceTo(next);
    await harness.arm.whenIdle();
  }
  clock.advanceTo(untilMs);
}

test('events are lost, doubled, late and in another order while that is on, for the groups aimed at', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  const forSeconds = 10;
  await using harness = await openArmHarness({
    clock,
    faults: faultsWith(
      { kind: 'eventsLost', forSeconds, names: ['lost'] },
      { kind: 'eventsDoubled', forSeconds, names: ['doubled'] },
      { kind: 'eventsLate', forSeconds, names: ['late'], delaySeconds: 300 },
      { kind: 'eventsReordered', forSeconds, names: ['mixed-*'], spreadSeconds: 60 },
    ),
  });
  await using webhook = await openWebhook();
  harness.arm.publishTo(webhook.url);
  await harness.arm.whenSubscribed();
  const { containerGroups } = harness.client;
  const told = (): string[] => webhook.deliveries.splice(0).map(({ event }) => event.subject.split('/').at(-1) ?? '');
  const mixed = Array.from({ length: 8 }, (_, index) => `mixed-${index}`);
  for (const name of ['lost', 'doubled', 'late']) {
    await containerGroups.beginCreateOrUpdate('games', name, gameServer());
    await harness.arm.whenIdle();
  }
  expect(told()).toEqual(['doubled', 'doubled']);
  for (const name of mixed) await containerGroups.beginCreateOrUpdate('games', name, gameServer());
  await advance(harness, clock, START_MS + 60_000);
  const inOrder = told();
  expect(inOrder.toSorted()).toEqual(mixed);
  expect(inOrder).not.toEqual(mixed);
  await advance(harness, clock, START_MS + 300_000);
  expect(told()).toEqual(['late']);
  await containerGroups.beginDeleteAndWait('games', 'lost', FAST_POLLING);
  await harness.arm.whenIdle();
  expect(told()).toEqual(['lost']);
});

test('the endpoint of faults shows, sets, adds and ends them, and says what is on', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  const { containerGroups } = harness.client;
  const path = '/admin/local/faults';
  await containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  expect((await callArm(harness.arm, 'GET', path)).body).toEqual({ ...noFaults, quotas: 'off' });

  const set = await callArm(harness.arm, 'PUT', path, {
    incidents: [{ kind: 'serverErrors', operations: ['LIST'], fromSeconds: 60, forSeconds: 60 }],
  });
  expect(set).toMatchObject({ status: 200, body: { incidents: [{ kind: 'serverErrors', state: 'coming' }] } });
  clock.advanceTo(START_MS + 60_000);
  expect((await refusalOf(containerGroups.list().next())).statusCode).toBe(500);
  const added = await callArm(harness.arm, 'POST', path, {
    incidents: [{ kind: 'deletedOutside', names: ['game-1'], afterSeconds: 60 }],
  });
  expect(added.body).toMatchObject({
    incidents: [
      { kind: 'serverErrors', state: 'on', from: new Date(START_MS + 60_000).toISOString() },
      { kind: 'deletedOutside', state: 'on', rate: 1 },
    ],
  });
  clock.advanceTo(START_MS + 120_000);
  expect((await refusalOf(containerGroups.get('games', 'game-1'))).statusCode).toBe(404);
  expect((await callArm(harness.arm, 'GET', path)).body).toMatchObject({
    incidents: [{ state: 'over', until: new Date(START_MS + 120_000).toISOString() }, { state: 'on' }],
  });

  const named = await callArm(harness.arm, 'PUT', `${path}/no-events,slow-pull`);
  expect(named.body).toMatchObject({ events: { drop: 1 }, incidents: [{ kind: 'slowPull', state: 'on' }] });
  expect((await callArm(harness.arm, 'DELETE', path)).body).toEqual({ ...noFaults });
});

test.each([
  {
    says: 'a misspelt kind',
    method: 'POST',
    path: '',
    body: { incidents: [{ kind: 'noCapasity' }] },
    text: /"noCapasity"\. Known are noCapacity, .*incidents\[0\]\.kind/s,
  },
  { says: 'a misspelt field', method: 'PUT', path: '', body: { incident: [] }, text: /"incident"/ },
  {
    says: 'a field of another kind',
    method: 'POST',
    path: '',
    body: { incidents: [{ kind: 'pullFails', exitCode: 1 }] },
    text: /"exitCode".*incidents\[0\]/s,
  },
  {
    says: 'a wrong value',
    method: 'PUT',
    path: '',
    body: { incidents: [{ kind: 'eventsLost', rate: 2 }] },
    text: /incidents\[0\]\.rate/,
  },
  {
    says: 'an unknown region',
    method: 'POST',
    path: '',
    body: { incidents: [{ kind: 'noCapacity', regions: ['mars'] }] },
    text: /'mars'.*incidents\[0\]\.regions\[0\]/s,
  },
  {
    says: 'a time that ends before it begins',
    method: 'POST',
    path: '',
    body: { incidents: [{ kind: 'noTokens', fromSeconds: 5, untilSeconds: 5 }] },
    text: /incidents\[0\]\.untilSeconds/,
  },
  {
    says: 'two ends',
    method: 'POST',
    path: '',
    body: { incidents: [{ kind: 'noTokens', forSeconds: 5, untilSeconds: 5 }] },
    text: /incidents\[0\]\.forSeconds/,
  },
  { says: 'an unknown profile', method: 'PUT', path: '/bad-weather', body: undefined, text: /'bad-weather'.*bad-day/ },
])('the endpoint refuses $says with the place, and changes nothing', async ({ method, path, body, text }) => {
  await using harness = await openArmHarness();
  const refused = await callArm(harness.arm, method, `/admin/local/faults${path}`, body);
  expect(refused.status).toBe(400);
  const { error } = refusalSchema.parse(refused.body);
  expect(error.code).toBe('InvalidFaults');
  expect(error.message).toMatch(text);
  expect((await callArm(harness.arm, 'GET', '/admin/local/faults')).body).toEqual({ ...noFaults, quotas: 'off' });
});

test('the endpoint wants a token, as the rest of the emulator', async () => {
  await using harness = await openArmHarness();
  const refused = await callArm(harness.arm, 'DELETE', '/admin/local/faults', undefined, 'made-up');
  expect([refused.status, refusalSchema.parse(refused.body).error.code]).toEqual([401, 'InvalidAuthenticationToken']);
});
