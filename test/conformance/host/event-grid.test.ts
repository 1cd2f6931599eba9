import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { appDirectoryOf, type HostProcess, readJson, startHostProcess } from './process.ts';

let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess(appDirectoryOf('event-grid'));
});
afterAll(() => host.stop());

const event = (subject: string): object => ({
  id: subject,
  topic: '/t',
  subject,
  eventType: 'Test.Happened',
  eventTime: '2026-01-01T00:00:00Z',
  data: { subject },
  dataVersion: '1',
  metadataVersion: '1',
});

function deliver(body: string, eventType: string | undefined, functionName = 'takesEvents'): Promise<Response> {
  return fetch(`${host.origin}/runtime/webhooks/eventgrid?functionName=${functionName}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(eventType !== undefined && { 'aeg-event-type': eventType }) },
    body,
  });
}

const seenSchema = z.array(z.object({ event: z.looseObject({ subject: z.string() }), metadata: z.unknown() }));

function seen(): Promise<z.infer<typeof seenSchema>> {
  return readJson(fetch(`${host.origin}/api/seen`), seenSchema);
}

test('a validation in the Event Grid schema is answered with its code', async () => {
  const response = await deliver(
    JSON.stringify([
      { ...event('/'), eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: 'CODE' } },
    ]),
    'SubscriptionValidation',
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.json()).toEqual({ validationResponse: 'CODE' });
});

test('a validation as a cloud event is answered with the code in its text', async () => {
  const response = await deliver(
    JSON.stringify({ specversion: '1.0', data: JSON.stringify({ validationCode: 'CLOUD' }) }),
    'subscriptionvalidation',
  );
  expect(await response.json()).toEqual({ validationResponse: 'CLOUD' });
});

test('each event of a notification becomes one call, with its data as metadata', async () => {
  const response = await deliver(JSON.stringify([event('/a'), event('/b')]), 'Notification');
  expect(response.status).toBe(202);
  expect(await seen()).toEqual([
    { event: event('/a'), metadata: { subject: '/a' } },
    { event: event('/b'), metadata: { subject: '/b' } },
  ]);
});

test('one failing event makes the whole notification 500, after the others were called too', async () => {
  const response = await deliver(JSON.stringify([event('/fails'), event('/c')]), 'Notification');
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('takesEvents (1 of 2 invocations failed)');
  expect((await seen()).map((each) => each.event.subject)).toContain('/c');
});

test('a cloud event comes without an array', async () => {
  const response = await deliver(
    JSON.stringify({ specversion: '1.0', id: '1', source: '/s', type: 'T', subject: '/cloud', data: 1 }),
    'Notification',
  );
  expect(response.status).toBe(202);
  expect((await seen()).at(-1)?.event.subject).toBe('/cloud');
});

test.each([
  {
    description: 'an unknown function',
    type: 'Notification',
    name: 'nobody',
    body: '[]',
    status: 404,
    text: "cannot find function: 'nobody'",
  },
  {
    description: 'an HTTP function',
    type: 'Notification',
    name: 'seen',
    body: '[]',
    status: 404,
    text: "cannot find function: 'seen'",
  },
  { description: 'no type', type: undefined, name: 'takesEvents', body: '[]', status: 400, text: '' },
  { description: 'an unknown type', type: 'Surprise', name: 'takesEvents', body: '[]', status: 400, text: '' },
  {
    description: 'the end of a subscription',
    type: 'Unsubscribe',
    name: 'takesEvents',
    body: '',
    status: 202,
    text: '',
  },
  {
    description: 'a notification that is not JSON',
    type: 'Notification',
    name: 'takesEvents',
    body: '{',
    status: 500,
    text: '',
  },
  {
    description: 'a notification of neither an array nor an object',
    type: 'Notification',
    name: 'takesEvents',
    body: '5',
    status: 500,
    text: '',
  },
  {
    description: 'a validation without a code',
    type: 'SubscriptionValidation',
    name: 'takesEvents',
    body: '[{}]',
    status: 500,
    text: '',
  },
  {
    description: 'the name in another letter case',
    type: 'Notification',
    name: 'takesevents',
    body: '[]',
    status: 404,
    text: "cannot find function: 'takesevents'",
  },
])('$description: $status (row 11; HttpRequestProcessor.cs)', async ({ type, name, body, status, text }) => {
  const response = await deliver(body, type, name);
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(text);
});

test('the admin API runs an event function with the text of an event', async () => {
  const response = await fetch(`${host.origin}/admin/functions/takesEvents`, {
    method: 'POST',
    body: JSON.stringify({ input: JSON.stringify(event('/admin')) }),
  });
  expect(response.status).toBe(202);
  await expect.poll(async () => (await seen()).at(-1)?.event.subject).toBe('/admin');
});

test.each([
  { origin: 'eventgrid.azure.cn', allowed: 'eventgrid.azure.cn' },
  { origin: 'evil.example', allowed: 'eventgrid.azure.net' },
  { origin: undefined, allowed: 'eventgrid.azure.net' },
])('the handshake of cloud events from $origin allows $allowed (row 11; HttpRequestProcessor.cs)', async (row) => {
  const response = await fetch(`${host.origin}/runtime/webhooks/eventgrid?functionName=takesEvents`, {
    method: 'OPTIONS',
    headers: row.origin === undefined ? {} : { 'webhook-request-origin': row.origin },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('webhook-allowed-origin')).toBe(row.allowed);
});
