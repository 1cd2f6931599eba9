import { expect, test } from 'vitest';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { type ArmHarness, FAST_POLLING, gameServer, openArmHarness } from './harness.ts';
import { openWebhook, type Webhook } from './webhook.ts';

const START_MS = Date.now();
const MINUTE_MS = 60_000;

async function subscribe(harness: ArmHarness, webhook: Webhook): Promise<void> {
  harness.arm.publishTo(webhook.url);
  await harness.arm.whenSubscribed();
}

function typesOf(webhook: Webhook): string[] {
  return webhook.deliveries.map(({ event }) => event.eventType.replace('Microsoft.Resources.', ''));
}

async function advance(harness: ArmHarness, clock: VirtualClock, ms: number): Promise<void> {
  const untilMs = clock.now() + ms;
  for (;;) {
    await harness.arm.whenIdle();
    const nextMs = clock.nextAtMs();
    if (nextMs === undefined || nextMs > untilMs) break;
    clock.advanceTo(nextMs);
  }
  clock.advanceTo(untilMs);
  await harness.arm.whenIdle();
}

test('every change of a group is told to the webhook, with the correlation id of the answer to the request', async () => {
  await using harness = await openArmHarness();
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  const { containerGroups } = harness.client;
  const correlations: (string | undefined)[] = [];
  const onResponse = (response: {
    request: { method: string };
    headers: { get(name: string): string | undefined };
  }): void => {
    if (response.request.method !== 'GET') correlations.push(response.headers.get('x-ms-correlation-request-id'));
  };
  await containerGroups.beginCreateOrUpdateAndWait('Games', 'game-1', gameServer(), { ...FAST_POLLING, onResponse });
  await harness.arm.whenIdle();
  await containerGroups.stop('Games', 'game-1', { onResponse });
  await harness.arm.whenIdle();
  await containerGroups.beginStartAndWait('Games', 'game-1', { ...FAST_POLLING, onResponse });
  await harness.arm.whenIdle();
  await containerGroups.beginDeleteAndWait('Games', 'game-1', { onResponse });
  await harness.arm.whenIdle();

  expect(webhook.deliveries.map(({ event }) => [event.eventType, event.data.operationName, event.data.status])).toEqual(
    [
      ['Microsoft.Resources.ResourceWriteSuccess', 'Microsoft.ContainerInstance/containerGroups/write', 'Succeeded'],
      [
        'Microsoft.Resources.ResourceActionSuccess',
        'Microsoft.ContainerInstance/containerGroups/stop/action',
        'Succeeded',
      ],
      [
        'Microsoft.Resources.ResourceActionSuccess',
        'Microsoft.ContainerInstance/containerGroups/start/action',
        'Succeeded',
      ],
      ['Microsoft.Resources.ResourceDeleteSuccess', 'Microsoft.ContainerInstance/containerGroups/delete', 'Succeeded'],
    ],
  );
  expect(webhook.deliveries.map(({ event }) => event.data.correlationId)).toEqual(correlations);
  const [created, , , deleted] = webhook.deliveries;
  expect(created?.headers).toMatchObject({ 'aeg-event-type': 'Notification', 'aeg-delivery-count': '0' });
  expect(created?.event.topic).toMatch(/^\/subscriptions\/[^/]+\/resourceGroups\/Games$/);
  expect(created?.event.subject.toLowerCase()).toMatch(
    /\/resourcegroups\/games\/providers\/.*\/containergroups\/game-1$/,
  );
  expect(created?.event.data.httpRequest).toBeUndefined();
  expect(deleted?.event.data.httpRequest).toMatchObject({ method: 'DELETE' });
});

test('the letter case of a resource id varies from event to event', async () => {
  await using harness = await openArmHarness();
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  for (let index = 0; index < 10; index++) {
    await harness.client.containerGroups.beginCreateOrUpdate('games', `game-${index}`, gameServer());
  }
  await harness.arm.whenIdle();
  const cases = new Set(webhook.deliveries.map(({ event }) => /resource[gG]roups/.exec(event.subject)?.[0]));
  expect(cases).toEqual(new Set(['resourceGroups', 'resourcegroups']));
});

test('a failed operation is told as a failure, without the reason; a read is not told at all', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  const spec = gameServer({ containers: [{ name: 'server', image: 'local/does-not-exist', resources }] });
  await harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', spec);
  await harness.client.containerGroups.get('games', 'game-1');
  await advance(harness, clock, 1_000);
  expect(typesOf(webhook)).toEqual(['ResourceWriteFailure']);
  expect(JSON.stringify(webhook.deliveries[0]?.event)).not.toContain('does-not-exist');
});

test('the handshake is repeated until the webhook answers it, and nothing is delivered before', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  await using webhook = await openWebhook({ refuseHandshakes: 2 });
  harness.arm.publishTo(webhook.url);
  await harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await harness.arm.whenIdle();
  expect([webhook.handshakes, webhook.deliveries.length]).toEqual([1, 0]);
  await advance(harness, clock, 1_000);
  expect([webhook.handshakes, webhook.deliveries.length]).toEqual([3, 1]);
});

test('events can be lost, doubled and turned round', async () => {
  const deliveredWith = async (events: Partial<typeof noFaults.events>): Promise<string[]> => {
    await using harness = await openArmHarness({ faults: { ...noFaults, events: { ...noFaults.events, ...events } } });
    await using webhook = await openWebhook();
    await subscribe(harness, webhook);
    const { containerGroups } = harness.client;
    await containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
    await containerGroups.beginDeleteAndWait('games', 'game-1');
    await expect.poll(() => harness.arm.eventCounts().pending).toBe(0);
    await harness.arm.whenIdle();
    return typesOf(webhook);
  };
  expect(await deliveredWith({ drop: 1 })).toEqual([]);
  expect((await deliveredWith({ duplicate: 1 })).toSorted()).toEqual([
    'ResourceDeleteSuccess',
    'ResourceDeleteSuccess',
    'ResourceWriteSuccess',
    'ResourceWriteSuccess',
  ]);
});

test('reversed events of one window arrive latest first', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  const events = { ...noFaults.events, duplicate: 1, reverse: true };
  await using harness = await openArmHarness({ clock, faults: { ...noFaults, events } });
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  await harness.client.containerGroups.beginDeleteAndWait('games', 'game-1');
  await advance(harness, clock, MINUTE_MS);
  expect(typesOf(webhook)).toEqual([
    'ResourceDeleteSuccess',
    'ResourceDeleteSuccess',
    'ResourceWriteSuccess',
    'ResourceWriteSuccess',
  ]);
});

test('a failing webhook is tried again after 10 s, 30 s, a minute and so on, until it answers', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  webhook.answerWith(500);
  await harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  const counts: number[] = [];
  for (const seconds of [9, 2, 28, 3, 57, 4]) {
    await advance(harness, clock, seconds * 1_000);
    counts.push(webhook.deliveries.length);
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
  expect(webhook.deliveries.map(({ headers }) => headers['aeg-delivery-count'])).toEqual(['0', '1', '2', '3']);
  expect(new Set(webhook.deliveries.map(({ event }) => event.id)).size).toBe(1);
  webhook.answerWith(202);
  await advance(harness, clock, 6 * MINUTE_MS);
  expect(harness.arm.eventCounts()).toEqual({ pending: 0, deadLetters: 0 });
});

test('an event that is refused, or not taken for a day, is dead-lettered', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  webhook.answerWith(400);
  await harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await harness.arm.whenIdle();
  expect(harness.arm.eventCounts()).toEqual({ pending: 0, deadLetters: 1 });
  webhook.answerWith(503);
  await harness.client.containerGroups.beginDelete('games', 'game-1');
  await advance(harness, clock, 25 * 60 * MINUTE_MS);
  expect(harness.arm.eventCounts()).toEqual({ pending: 0, deadLetters: 2 });
  expect(harness.lines.at(-1)).toContain('TimeToLiveExceeded');
});

test('an event that was not delivered survives the end of the emulator', async () => {
  const clock = createVirtualClock({ startMs: START_MS });
  await using harness = await openArmHarness({ clock });
  {
    await using webhook = await openWebhook();
    await subscribe(harness, webhook);
  }
  await harness.client.containerGroups.beginCreateOrUpdate('games', 'game-1', gameServer());
  await harness.arm.whenIdle();
  await harness.reopen();
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  await advance(harness, clock, MINUTE_MS);
  expect(typesOf(webhook)).toEqual(['ResourceWriteSuccess']);
});

test('what happens before the first subscription is told to nobody', async () => {
  await using harness = await openArmHarness();
  await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  await using webhook = await openWebhook();
  await subscribe(harness, webhook);
  await harness.arm.whenIdle();
  expect(webhook.deliveries).toEqual([]);
});
