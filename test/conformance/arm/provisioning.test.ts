import { expect, test } from 'vitest';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { advanceUntil, FAST_POLLING, gameServer, openArmHarness, refusalOf } from './harness.ts';

const START_MS = Date.now();

function running(image: string): ReturnType<typeof gameServer> {
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  return gameServer({ containers: [{ name: 'server', image, resources }] });
}

test('with the realistic profile a group takes as long as in Azure, through every state', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock, profile: 'realistic' });
  const { containerGroups, containers } = harness.client;
  const bodies: unknown[] = [];
  const create = containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer(), {
    onResponse: ({ request, parsedBody }) => request.method === 'PUT' && bodies.push(parsedBody),
  });
  await advanceUntil(harness.arm, clock, create);
  expect(clock.now() - START_MS).toBeGreaterThanOrEqual(700);
  expect(clock.now() - START_MS).toBeLessThanOrEqual(1_300);
  expect(bodies).toMatchObject([{ provisioningState: 'Pending', instanceView: { state: 'Pending' } }]);
  const early = await refusalOf(containers.listLogs('games', 'game-1', 'server'));
  expect(early.code).toBe('ContainerGroupDeploymentNotReady');

  clock.advanceTo(START_MS + 8_000);
  const pulling = await containerGroups.get('games', 'game-1');
  expect(pulling).toMatchObject({ provisioningState: 'Creating', instanceView: { state: 'Pending' } });
  expect(pulling.containers[0]?.instanceView?.currentState?.state).toBe('Waiting');

  clock.advanceTo(START_MS + 17_000);
  const started = await containerGroups.get('games', 'game-1');
  expect(started.provisioningState).toBe('Creating');
  expect(started.containers[0]?.instanceView?.currentState?.state).toBe('Running');

  clock.advanceTo(START_MS + 29_999);
  expect((await containerGroups.get('games', 'game-1')).provisioningState).toBe('Creating');
  clock.advanceTo(START_MS + 35_000);
  const done = await containerGroups.get('games', 'game-1');
  expect(done).toMatchObject({ provisioningState: 'Succeeded', instanceView: { state: 'Running' } });
  expect(harness.lines).toEqual([
    expect.stringMatching(/^games\/game-1 Creating → Running 127\.0\.0\.1 in 3\d\.\d s$/),
  ]);
});

// Azure's clock is not that of the machine that asks.
test('a group takes no longer when the machine’s clock is set back meanwhile', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock, profile: 'realistic' });
  const { containerGroups } = harness.client;
  const create = containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await advanceUntil(harness.arm, clock, create);
  clock.advanceTo(START_MS + 8_000);
  clock.setBack(7_200_000);
  clock.advanceTo(clock.now() + 27_000);
  expect((await containerGroups.get('games', 'game-1')).provisioningState).toBe('Succeeded');
  expect(harness.lines).toEqual([expect.stringMatching(/in 3\d\.\d s$/)]);
});

test('the same seed repeats every duration, another one has others', async () => {
  const durations = async (seed: number): Promise<string[]> => {
    const clock = createVirtualClock({ startMs: START_MS });
    await using harness = await openArmHarness({ clock, profile: 'realistic', seed });
    for (const name of ['game-1', 'game-2']) {
      const created = harness.client.containerGroups.beginCreateOrUpdate('games', name, gameServer());
      await advanceUntil(harness.arm, clock, created);
    }
    clock.advanceTo(START_MS + 60_000);
    return harness.lines;
  };
  const first = await durations(7);
  expect(await durations(7)).toEqual(first);
  expect(await durations(8)).not.toEqual(first);
});

test('an image that cannot be pulled fails the operation, and the events say why', async () => {
  await using harness = await openArmHarness();
  const { containerGroups } = harness.client;
  const create = containerGroups.beginCreateOrUpdateAndWait(
    'games',
    'game-1',
    running('local/does-not-exist:2'),
    FAST_POLLING,
  );
  await expect(create).rejects.toThrow('The long-running operation has failed');
  const group = await containerGroups.get('games', 'game-1');
  expect(group).toMatchObject({ provisioningState: 'Failed', instanceView: { state: 'Pending' } });
  const instance = group.containers[0]?.instanceView;
  expect(instance?.currentState).toMatchObject({ state: 'Waiting', detailStatus: 'ImagePullBackOff' });
  expect(instance?.events?.map(({ name, count, type }) => [name, count, type])).toEqual([
    ['Pulling', 2, 'Normal'],
    ['Failed', 2, 'Warning'],
    ['BackOff', 2, 'Normal'],
  ]);
  expect(instance?.events?.[1]?.message).toContain('Failed to pull image "local/does-not-exist:2"');
});

test('a fault list makes any image fail, and a group with one bad container of two fails', async () => {
  const images = { ...noFaults.images, pullFails: ['example.azurecr.io/broken'] };
  await using harness = await openArmHarness({ faults: { ...noFaults, images } });
  const { containerGroups } = harness.client;
  const [good] = gameServer().containers;
  if (!good) throw new Error('The game server has a container.');
  const spec = gameServer({
    containers: [good, { ...good, name: 'side', image: 'example.azurecr.io/broken:3', ports: [] }],
  });
  await expect(containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', spec, FAST_POLLING)).rejects.toThrow(
    'failed',
  );
  const group = await containerGroups.get('games', 'game-1');
  expect(group.containers.map(({ instanceView }) => instanceView?.currentState?.state)).toEqual(['Running', 'Waiting']);
});

test('a container that never becomes ready waits until the half hour of provisioning is over', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  const { containerGroups } = harness.client;
  await containerGroups.beginCreateOrUpdate('games', 'game-1', running('local/never-ready'));
  clock.advanceTo(START_MS + 1_799_000);
  const waiting = await containerGroups.get('games', 'game-1');
  expect(waiting.provisioningState).toBe('Creating');
  expect(waiting.containers[0]?.instanceView?.currentState?.state).toBe('Waiting');
  clock.advanceTo(START_MS + 1_800_000);
  expect((await containerGroups.get('games', 'game-1')).provisioningState).toBe('Failed');
});

test('a region found full late fails the operation with the event InsufficientCapacity.', async () => {
  const capacity = { regionsFull: ['westeurope'], async: true };
  await using harness = await openArmHarness({ faults: { ...noFaults, capacity } });
  const { containerGroups } = harness.client;
  const create = containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  await expect(create).rejects.toThrow('failed');
  const group = await containerGroups.get('games', 'game-1');
  expect(group.provisioningState).toBe('Failed');
  expect(group.instanceView?.events?.map(({ name }) => name)).toEqual(['InsufficientCapacity.']);
});

test.each([
  { restartPolicy: 'Never', exitCode: 0, state: 'Succeeded', restarts: 0 },
  { restartPolicy: 'Never', exitCode: 3, state: 'Failed', restarts: 0 },
  { restartPolicy: 'OnFailure', exitCode: 0, state: 'Succeeded', restarts: 0 },
  { restartPolicy: 'OnFailure', exitCode: 3, state: 'Running', restarts: 2 },
  { restartPolicy: 'Always', exitCode: 0, state: 'Running', restarts: 2 },
])(
  'a container that ends with $exitCode under $restartPolicy leaves its group $state',
  async ({ restartPolicy, exitCode, state, restarts }) => {
    const clock = createVirtualClock({ startMs: START_MS });
    const images = { ...noFaults.images, exits: [{ image: 'batch', exitCode, afterMs: 60_000 }] };
    await using harness = await openArmHarness({ clock, faults: { ...noFaults, images } });
    const { containerGroups } = harness.client;
    const spec = { ...running('batch:1'), restartPolicy };
    await containerGroups.beginCreateOrUpdate('games', 'game-1', spec);
    // Two runs of a minute each, with back-offs of 10 s and 20 s in between, and some of the third.
    clock.advanceTo(START_MS + 160_000);
    const group = await containerGroups.get('games', 'game-1');
    expect(group).toMatchObject({ provisioningState: 'Succeeded', instanceView: { state } });
    const instance = group.containers[0]?.instanceView;
    expect(instance?.restartCount).toBe(restarts);
    if (restarts === 0) expect(instance?.currentState).toMatchObject({ state: 'Terminated', exitCode });
    else expect(instance?.currentState?.state).toBe('Running');
  },
);
