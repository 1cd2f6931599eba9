import { afterAll, beforeAll, expect, test } from 'vitest';
import { badRequests } from './stack/bad-requests.ts';
import { readEverything } from './stack/everything.ts';
import { createBody, createRunning, groupOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;
let untouched: unknown;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
  await createRunning(stack, 'game-1');
  untouched = await readEverything(stack);
});

afterAll(async () => {
  await stack.stop();
});

test.each(badRequests)(
  '$about has its own answer, and changes nothing',
  async ({ path, method, body, status, says }) => {
    const answer = await stack.api(path, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body).toMatchObject(says);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    if (status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const { code, detail, field, expected } = answer.body;
      expect(answer.body.status).toBe(status);
      expect(code).toMatch(/^[a-z][A-Za-z]+$/);
      expect(detail.length).toBeGreaterThan(10);
      // What breaks a rule is told the field and the rule.
      expect(detail).toContain(field === undefined ? '' : `${field}: expected ${expected}`);
    }
    expect(await readEverything(stack)).toEqual(untouched);
  },
);

test.each(['ACICreate', 'ACIDelete', 'ACISetSessions', 'ACISetState', 'ACIDetails'])(
  '%s with a body in chunks is told to send its length, and changes nothing',
  async (path) => {
    const body = new Blob([JSON.stringify(createBody('game-2'))]).stream();
    const answer = await fetch(new URL(`/api/${path}`, stack.origin), { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(411);
    expect(await answer.json()).toMatchObject({ code: 'lengthRequired' });
    expect(await readEverything(stack)).toEqual(untouched);
  },
);

test('nothing of all this was an error of ours', () => {
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('the resource group in another letter case is the same', async () => {
  const answer = await stack.api('ACISetSessions', {
    body: { resourceGroup: 'gAmEs', containerGroupName: 'game-1', activeSessions: 0 },
  });
  expect(answer.body.results).toMatchObject([{ status: 'accepted' }]);
});

const events: { about: string; event: unknown; logged: string }[] = [
  { about: 'that is a text', event: 'boom', logged: 'malformed' },
  { about: 'that is null', event: null, logged: 'malformed' },
  { about: 'that is a list', event: [resourceEvent({})], logged: 'malformed' },
  { about: 'with a text as data', event: { ...resourceEvent({}), data: 'deleted' }, logged: 'malformed' },
  {
    about: 'without data',
    event: { id: '1', eventType: 'Microsoft.Resources.ResourceDeleteSuccess' },
    logged: 'malformed',
  },
  {
    about: 'of another provider',
    event: resourceEvent({ resourceProvider: 'Microsoft.Compute' }),
    logged: 'unknownProvider',
  },
  {
    about: 'of an unknown type',
    event: { ...resourceEvent({}), eventType: 'Microsoft.Storage.BlobCreated' },
    logged: 'unknownType',
  },
  {
    about: 'of another subscription',
    event: resourceEvent({ subscription: '99999999-0000-0000-0000-000000000000' }),
    logged: 'foreign',
  },
  { about: 'about an unknown group', event: resourceEvent({ name: 'nobody' }), logged: 'unknownGroup' },
];

test.each(events)('an event $about is logged, ignored, and changes nothing', async ({ event, logged }) => {
  const earlier = await readEverything(stack);
  const lineCount = stack.logs.length;
  const answer = await stack.postEvents([event]);
  expect(answer.status).toBe(202);
  const lines = stack.logs.slice(lineCount).filter(({ functionName }) => functionName === 'ACIMonitor');
  expect(lines.filter(({ category }) => category === 'user')).toMatchObject([
    { level: 'information', message: `Event Grid event: ${logged}` },
  ]);
  expect(await readEverything(stack)).toEqual(earlier);
});

test('an event that forges a deletion makes us look at ARM, and nothing more', async () => {
  const before = await groupOf(stack, 'game-1');
  const readsBefore = stack.arm.requestCounts()['GET containerGroups'] ?? 0;
  const eventTime = new Date(stack.clock.now()).toISOString();
  expect((await stack.postEvents([{ ...resourceEvent({}), eventTime }])).status).toBe(202);
  await stack.settle();
  expect((stack.arm.requestCounts()['GET containerGroups'] ?? 0) - readsBefore).toBe(1);
  expect(await groupOf(stack, 'game-1')).toEqual(before);
});

function resourceEvent({
  resourceProvider = 'Microsoft.ContainerInstance',
  subscription = '00000000-0000-0000-0000-000000000001',
  name = 'game-1',
}) {
  const resourceUri = `/subscriptions/${subscription}/resourceGroups/games/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
  return {
    id: 'event-1',
    topic: `/subscriptions/${subscription}/resourceGroups/games`,
    subject: resourceUri,
    eventType: 'Microsoft.Resources.ResourceDeleteSuccess',
    eventTime: '2026-11-24T10:00:00Z',
    dataVersion: '2',
    metadataVersion: '1',
    data: {
      resourceProvider,
      resourceUri,
      operationName: 'Microsoft.ContainerInstance/containerGroups/delete',
      status: 'Succeeded',
    },
  };
}
