import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEverything } from './everything.ts';
import { createRunning, groupOf } from './game.ts';
import { startStack, type Stack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
  await createRunning(stack, 'game-1');
  await stack.settle();
});

afterAll(async () => {
  await stack.stop();
});

const resourceUri =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/Games/providers/Microsoft.ContainerInstance/containerGroups/game-1';

/** An event as Event Grid delivers it, which says that game-1 was deleted. */
const event = (data: object = {}, fields: object = {}) => ({
  id: 'event-1',
  topic: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/Games',
  subject: resourceUri,
  eventType: 'Microsoft.Resources.ResourceDeleteSuccess',
  eventTime: '2026-11-24T10:00:00Z',
  data: {
    resourceProvider: 'Microsoft.ContainerInstance',
    resourceUri,
    operationName: 'Microsoft.ContainerInstance/containerGroups/delete',
    status: 'Succeeded',
    ...data,
  },
  dataVersion: '2',
  metadataVersion: '1',
  ...fields,
});

describe('a bad event is counted, ignored, and not delivered again', () => {
  test.each([
    { says: 'that is a number', sent: 42, outcome: 'malformed' },
    { says: 'that is null', sent: null, outcome: 'malformed' },
    { says: 'that is a list', sent: [event()], outcome: 'malformed' },
    { says: 'without data', sent: event({}, { data: undefined }), outcome: 'malformed' },
    { says: 'with data that is text', sent: event({}, { data: 'deleted' }), outcome: 'malformed' },
    {
      says: 'of another provider',
      sent: event({ resourceProvider: 'Microsoft.Storage' }),
      outcome: 'unknownProvider',
    },
    {
      says: 'of another type',
      sent: event({}, { eventType: 'Microsoft.Storage.BlobCreated' }),
      outcome: 'unknownType',
    },
    {
      says: 'of another subscription',
      sent: event({ resourceUri: resourceUri.replace('0001/', '0002/') }),
      outcome: 'foreign',
    },
    {
      says: 'of an unknown group',
      sent: event({ resourceUri: resourceUri.replace('game-1', 'nobody') }),
      outcome: 'unknownGroup',
    },
  ])('an event $says', async ({ sent, outcome }) => {
    const before = await readEverything(stack);
    expect((await deliver(sent)).status).toBe(202);
    await stack.settle();
    expect(outcomes().at(-1)).toBe(`Event Grid event: ${outcome}`);
    expect(await readEverything(stack)).toEqual(before);
  });

  test('a deletion that did not happen is looked up in ARM, and the group is left alone', async () => {
    const before = await groupOf(stack, 'game-1');
    expect((await deliver(event())).status).toBe(202);
    await stack.settle();
    expect(outcomes().at(-1)).toBe('Event Grid event: notNeeded');
    expect(await groupOf(stack, 'game-1')).toEqual(before);
  });
});

test('none of them was an error of ours', () => {
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

function deliver(sent: unknown): Promise<Response> {
  return fetch(`${stack.origin}/runtime/webhooks/eventgrid?functionName=ACIMonitor`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([sent]),
  });
}

/** What ACIMonitor made of each event so far. */
function outcomes(): string[] {
  return stack.logs.map(({ message }) => message).filter((message) => message.startsWith('Event Grid event:'));
}
