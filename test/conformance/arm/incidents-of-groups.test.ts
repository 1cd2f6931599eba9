import { expect, test } from 'vitest';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { faultsWith } from './faults-with.ts';
import { FAST_POLLING, gameServer, openArmHarness, refusalOf } from './harness.ts';
import { instanceOf, openScene, START_MS } from './scene.ts';
import { openWebhook } from './webhook.ts';

const MINUTE_MS = 60_000;

test('a region has no room for a while, another one has', async () => {
  await using scene = await openScene({
    kind: 'noCapacity',
    regions: ['West Europe'],
    fromSeconds: 60,
    forSeconds: 600,
  });
  await scene.create('before');
  scene.clock.advanceTo(START_MS + MINUTE_MS);
  const refused = await refusalOf(scene.create('meanwhile'));
  expect([refused.statusCode, refused.code]).toEqual([409, 'ServiceUnavailable']);
  expect(refused.message).toContain("is not available in the location 'westeurope'");
  await scene.create('elsewhere', { location: 'northeurope' });
  scene.clock.advanceTo(START_MS + 11 * MINUTE_MS);
  await scene.create('after');
});

test('a region that is found full late fails the operation, and the events say why', async () => {
  await using scene = await openScene({ kind: 'noCapacity', late: true });
  await scene.create('game-1');
  scene.clock.advanceTo(START_MS + MINUTE_MS);
  const group = await scene.get('game-1');
  expect(group.provisioningState).toBe('Failed');
  expect(group.instanceView?.events?.map(({ name }) => name)).toEqual(['InsufficientCapacity.']);
});

test('a quota is reached by others, with what is used in the refusal', async () => {
  await using scene = await openScene({ kind: 'quotaReached', fromSeconds: 1, quota: 'ContainerGroups' });
  await scene.create('game-1');
  scene.clock.advanceTo(START_MS + 1_000);
  const refused = await refusalOf(scene.create('game-2'));
  expect([refused.statusCode, refused.code]).toEqual([400, 'ContainerGroupQuotaReached']);
  expect(refused.message).toContain("quota 'ContainerGroups' exceeded in region 'westeurope'. Limit: '1', Usage: '1'");
});

test('an incident aimed at an image leaves the others alone', async () => {
  await using scene = await openScene({ kind: 'pullFails', images: ['example.azurecr.io/broken'] });
  const [good] = gameServer().containers;
  if (!good) throw new Error('The game server has a container.');
  const broken = { ...good, name: 'side', image: 'example.azurecr.io/broken:3', ports: [] };
  await scene.create('good');
  await scene.create('bad', { containers: [good, broken] });
  scene.clock.advanceTo(START_MS + MINUTE_MS);
  expect((await scene.get('good')).provisioningState).toBe('Succeeded');
  const bad = await scene.get('bad');
  expect(bad.provisioningState).toBe('Failed');
  expect(bad.containers.map(({ instanceView }) => instanceView?.currentState?.detailStatus)).toEqual([
    '',
    'ImagePullBackOff',
  ]);
});

test('a slow pull is waited for up to half an hour, and goes on after its operation has failed', async () => {
  await using scene = await openScene(
    { kind: 'slowPull', names: ['slow'], delaySeconds: 600 },
    { kind: 'slowPull', names: ['slower'], delaySeconds: 3_000 },
  );
  await scene.create('slow');
  await scene.create('slower');
  scene.clock.advanceTo(START_MS + 599_000);
  const pulling = await scene.get('slow');
  expect(pulling.provisioningState).toBe('Creating');
  expect(instanceOf(pulling)?.currentState?.state).toBe('Waiting');
  scene.clock.advanceTo(START_MS + 600_000);
  expect((await scene.get('slow')).provisioningState).toBe('Succeeded');
  scene.clock.advanceTo(START_MS + 1_800_000);
  const failed = await scene.get('slower');
  expect(failed.provisioningState).toBe('Failed');
  expect(instanceOf(failed)?.currentState?.state).toBe('Waiting');
  scene.clock.advanceTo(START_MS + 3_000_000);
  expect(instanceOf(await scene.get('slower'))?.currentState?.state).toBe('Running');
});

test('a group that is stuck in Creating stays so though the incident is over and the emulator was restarted, until it is deleted', async () => {
  await using scene = await openScene({ kind: 'stuckCreating', forSeconds: 60 });
  await scene.create('game-1');
  scene.clock.advanceTo(START_MS + 3 * 60 * MINUTE_MS);
  expect((await scene.get('game-1')).provisioningState).toBe('Creating');
  await scene.reopen();
  scene.arm.setFaults(noFaults);
  scene.clock.advanceTo(START_MS + 6 * 60 * MINUTE_MS);
  const stuck = await scene.get('game-1');
  expect(stuck).toMatchObject({ provisioningState: 'Creating', instanceView: { state: 'Pending' } });
  expect(instanceOf(stuck)?.currentState?.state).toBe('Waiting');
  await scene.client.containerGroups.beginDeleteAndWait('games', 'game-1');
  expect((await refusalOf(scene.get('game-1'))).statusCode).toBe(404);
});

test.each([
  { restartPolicy: 'Always', state: 'Pending', container: 'Waiting' },
  { restartPolicy: 'Never', state: 'Failed', container: 'Terminated' },
])(
  'a group under $restartPolicy that fails after it had succeeded is Failed, without a word',
  async ({ restartPolicy, state, container }) => {
    await using scene = await openScene({ kind: 'failsAfterSuccess', afterSeconds: 120 });
    await using webhook = await openWebhook();
    scene.arm.publishTo(webhook.url);
    await scene.arm.whenSubscribed();
    await scene.create('game-1', { restartPolicy });
    await scene.arm.whenIdle();
    scene.clock.advanceTo(START_MS + 119_000);
    expect((await scene.get('game-1')).provisioningState).toBe('Succeeded');
    scene.clock.advanceTo(START_MS + 120_000);
    const group = await scene.get('game-1');
    expect(group).toMatchObject({ provisioningState: 'Failed', instanceView: { state } });
    expect(instanceOf(group)?.currentState?.state).toBe(container);
    await scene.arm.whenIdle();
    expect(webhook.deliveries).toHaveLength(1);
  },
);

test('a deletion that hangs is accepted and shown as Deleting, refuses other operations, and ends with the next deletion', async () => {
  await using scene = await openScene({ kind: 'deleteHangs', forSeconds: 600 });
  const { containerGroups } = scene.client;
  await scene.create('game-1');
  await scene.arm.whenIdle();
  const statuses: number[] = [];
  const poller = await containerGroups.beginDelete('games', 'game-1', {
    onResponse: ({ status }) => statuses.push(status),
  });
  expect(statuses).toEqual([202, 202]);
  expect(poller.isDone()).toBe(false);
  expect((await scene.get('game-1')).provisioningState).toBe('Deleting');
  for (const call of [scene.create('game-1'), containerGroups.beginRestart('games', 'game-1')]) {
    expect((await refusalOf(call)).code).toBe('ContainerGroupTransitioning');
  }
  await scene.reopen();
  scene.arm.setFaults(noFaults);
  expect((await scene.get('game-1')).provisioningState).toBe('Deleting');
  await scene.client.containerGroups.beginDeleteAndWait('games', 'game-1');
  expect((await refusalOf(scene.get('game-1'))).statusCode).toBe(404);
});

test('a deletion that hangs for a time ends by itself, and who waits for it learns so', async () => {
  await using scene = await openScene({ kind: 'deleteHangs', hangSeconds: 300 });
  await using webhook = await openWebhook();
  scene.arm.publishTo(webhook.url);
  await scene.arm.whenSubscribed();
  await scene.create('game-1');
  const poller = await scene.client.containerGroups.beginDelete('games', 'game-1', FAST_POLLING);
  scene.clock.advanceTo(START_MS + 5 * MINUTE_MS - 1);
  expect((await scene.get('game-1')).provisioningState).toBe('Deleting');
  expect(poller.isDone()).toBe(false);
  scene.clock.advanceTo(START_MS + 5 * MINUTE_MS);
  await poller.pollUntilDone();
  expect((await refusalOf(scene.get('game-1'))).statusCode).toBe(404);
  await scene.arm.whenIdle();
  const told = webhook.deliveries.filter(({ event }) => event.eventType.endsWith('DeleteSuccess'));
  expect(told).toHaveLength(1);
});

test('a restart gives a group another address while that is on', async () => {
  await using scene = await openScene({ kind: 'ipChanges', forSeconds: 60 });
  const { containerGroups } = scene.client;
  await scene.create('game-1');
  expect((await scene.get('game-1')).ipAddress?.ip).toBe('127.0.0.1');
  await containerGroups.beginRestartAndWait('games', 'game-1', FAST_POLLING);
  const { ipAddress } = await scene.get('game-1');
  expect(ipAddress?.ip).toMatch(/^127\.0\.0\.(?!1$)\d+$/);
  scene.clock.advanceTo(START_MS + MINUTE_MS);
  await containerGroups.beginRestartAndWait('games', 'game-1', FAST_POLLING);
  expect((await scene.get('game-1')).ipAddress?.ip).toBe(ipAddress?.ip);
});

test('the platform restarts containers without an event, elsewhere if the address changes', async () => {
  await using scene = await openScene({ kind: 'silentRestarts', afterSeconds: 60 }, { kind: 'ipChanges' });
  await using webhook = await openWebhook();
  scene.arm.publishTo(webhook.url);
  await scene.arm.whenSubscribed();
  await scene.create('game-1');
  scene.clock.advanceTo(START_MS + MINUTE_MS);
  await scene.arm.whenIdle();
  const group = await scene.get('game-1');
  expect(group).toMatchObject({ provisioningState: 'Succeeded', instanceView: { state: 'Running' } });
  expect(instanceOf(group)).toMatchObject({
    restartCount: 1,
    currentState: { state: 'Running', startTime: new Date(START_MS + MINUTE_MS) },
    previousState: { state: 'Terminated', exitCode: 7147 },
  });
  expect(group.ipAddress?.ip).not.toBe('127.0.0.1');
  expect(webhook.deliveries).toHaveLength(1);
});

test('a container crashes again and again while that is on, and then runs on', async () => {
  await using scene = await openScene({ kind: 'crashLoops', afterSeconds: 20, exitCode: 3, forSeconds: 100 });
  await scene.create('game-1');
  // Runs of 20 s, and back-offs of 10 s, 20 s, 40 s: the fourth run would end after the incident.
  scene.clock.advanceTo(START_MS + 75_000);
  const looping = instanceOf(await scene.get('game-1'));
  expect(looping).toMatchObject({ restartCount: 2, currentState: { state: 'Running' } });
  expect(looping?.previousState).toMatchObject({ state: 'Terminated', exitCode: 3 });
  scene.clock.advanceTo(START_MS + 95_000);
  expect(instanceOf(await scene.get('game-1'))?.currentState).toMatchObject({
    state: 'Waiting',
    detailStatus: expect.stringMatching(/^CrashLoopBackOff: Back-off 40s/) as unknown,
  });
  scene.clock.advanceTo(START_MS + 60 * MINUTE_MS);
  const group = await scene.get('game-1');
  expect(group.instanceView?.state).toBe('Running');
  expect(instanceOf(group)).toMatchObject({ restartCount: 3, currentState: { state: 'Running' } });
});

test('a container that takes too much memory is killed with 137, OOMKilled', async () => {
  await using scene = await openScene({ kind: 'outOfMemory', names: ['*-2'], afterSeconds: 30 });
  await scene.create('game-1', { restartPolicy: 'Never' });
  await scene.create('game-2', { restartPolicy: 'Never' });
  scene.clock.advanceTo(START_MS + 30_000);
  expect(instanceOf(await scene.get('game-1'))?.currentState?.state).toBe('Running');
  const group = await scene.get('game-2');
  expect(group).toMatchObject({ provisioningState: 'Succeeded', instanceView: { state: 'Failed' } });
  expect(instanceOf(group)?.currentState).toMatchObject({
    state: 'Terminated',
    exitCode: 137,
    detailStatus: 'OOMKilled',
  });
});

test('somebody else deletes a group, creates one and replaces tags, and the events say that it was not us', async () => {
  await using scene = await openScene(
    { kind: 'deletedOutside', names: ['game-1'], afterSeconds: 10 },
    { kind: 'tagsReplaced', names: ['game-2'], afterSeconds: 20, tags: { team: 'finance' } },
    { kind: 'createdOutside', fromSeconds: 30, resourceGroup: 'games', name: 'theirs', region: 'northeurope' },
    { kind: 'createdOutside', fromSeconds: 30, resourceGroup: 'games', name: 'game-2', region: 'northeurope' },
  );
  await using webhook = await openWebhook();
  scene.arm.publishTo(webhook.url);
  await scene.arm.whenSubscribed();
  await scene.create('game-1', { tags: { 'aci-incarnation': '1' } });
  await scene.create('game-2', { tags: { 'aci-incarnation': '2' } });
  await scene.arm.whenIdle();
  const ours = webhook.deliveries.length;
  for (const seconds of [10, 20, 30]) {
    scene.clock.advanceTo(START_MS + seconds * 1_000);
    await scene.arm.whenIdle();
  }
  expect((await refusalOf(scene.get('game-1'))).statusCode).toBe(404);
  expect((await scene.get('game-2')).tags).toEqual({ team: 'finance' });
  expect(await scene.get('theirs')).toMatchObject({ location: 'northeurope', provisioningState: 'Succeeded' });
  const told = webhook.deliveries.slice(ours).map(({ event }) => ({
    event: `${event.eventType.replace('Microsoft.Resources.', '')} ${event.subject.split('/').at(-1)}`,
    by: event.data.claims.oid,
  }));
  const [anybody] = webhook.deliveries;
  expect(told.map(({ event }) => event)).toEqual([
    'ResourceDeleteSuccess game-1',
    'ResourceWriteSuccess game-2',
    'ResourceWriteSuccess theirs',
  ]);
  expect(told.map(({ by }) => by)).not.toContain(anybody?.event.data.claims.oid);
});

test('a rate hits its share, and the same seed the same groups', async () => {
  const hitWith = async (seed: number): Promise<string[]> => {
    const clock = createVirtualClock({ startMs: START_MS });
    await using harness = await openArmHarness({
      clock,
      seed,
      faults: faultsWith({ kind: 'stuckCreating', rate: 0.3 }),
    });
    const { containerGroups } = harness.client;
    const names = Array.from({ length: 30 }, (_, index) => `game-${index}`);
    for (const name of names) await containerGroups.beginCreateOrUpdate('games', name, gameServer());
    await harness.arm.whenIdle();
    const stuck: string[] = [];
    for await (const { name, provisioningState } of containerGroups.list()) {
      if (name !== undefined && provisioningState !== 'Succeeded') stuck.push(name);
    }
    return stuck;
  };
  const first = await hitWith(7);
  expect(first.length).toBeGreaterThan(2);
  expect(first.length).toBeLessThan(20);
  expect(await hitWith(7)).toEqual(first);
  expect(await hitWith(8)).not.toEqual(first);
});

test('incidents that are set later hit the groups that there are, and those that are taken back do not come', async () => {
  await using scene = await openScene({ kind: 'deletedOutside', afterSeconds: 60 });
  await scene.create('game-1');
  await scene.arm.whenIdle();
  scene.arm.setFaults(noFaults);
  scene.clock.advanceTo(START_MS + 2 * MINUTE_MS);
  expect((await scene.get('game-1')).provisioningState).toBe('Succeeded');
  scene.arm.setFaults(faultsWith({ kind: 'silentRestarts', afterSeconds: 30, fromSeconds: 30 }));
  scene.clock.advanceTo(START_MS + 3 * MINUTE_MS - 1);
  expect(instanceOf(await scene.get('game-1'))?.restartCount).toBe(0);
  scene.clock.advanceTo(START_MS + 3 * MINUTE_MS);
  expect(instanceOf(await scene.get('game-1'))?.restartCount).toBe(1);
});
