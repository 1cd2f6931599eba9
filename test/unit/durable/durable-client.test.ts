import { InvocationContext } from '@azure/functions';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { durableClientPayload } from '../../../local/host/durable/http/client-binding.ts';
import { defineEntity, defineOrchestrator } from '../../../src/contracts/contract.ts';
import type { DurableClient } from '../../../src/durable/durable-client.ts';
import { durableClientInput, durableClientOf } from '../../../src/durable/create-durable-client.ts';

const orchestrator = defineOrchestrator('counting', {
  versions: ['0.1.0', '0.3.0'],
  input: z.object({ from: z.int() }),
  output: z.object({ to: z.int() }),
  status: z.object({ at: z.int() }),
});

let server: Server | undefined;
let asked: string[] = [];
let sent: string[] = [];

afterEach(async () => {
  asked = [];
  sent = [];
  await new Promise((resolve) => {
    server?.close(resolve);
  });
});

/** The client of an extension that answers everything with the same. */
async function clientOf(answer: object | undefined, status = 200): Promise<DurableClient> {
  const listening = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.setEncoding('utf8').on('data', (text: string) => sent.push(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  server = listening;
  const port = await new Promise<number>((resolve) => {
    listening.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const origin = `http://127.0.0.1:${port}`;
  const binding = durableClientPayload({
    hubName: 'hub',
    origin,
    systemKey: 'key',
    rpcBaseUrl: `${origin}/durabletask/`,
  });
  const context = new InvocationContext({ options: { extraInputs: [durableClientInput] } });
  context.extraInputs.set(durableClientInput, JSON.parse(binding));
  return durableClientOf(context);
}

function instance(parts: object) {
  return {
    runtimeStatus: 'Completed',
    createdTime: '2026-11-24T10:00:00Z',
    lastUpdatedTime: '2026-11-24T10:00:31Z',
    input: null,
    output: null,
    ...parts,
  };
}

test('an instance is started with the newest version of its orchestrator', async () => {
  const client = await clientOf({ id: 'one' }, 202);
  expect(await client.start(orchestrator, 'one', { from: 1 })).toBe('started');
  expect(asked).toEqual(['POST /durabletask/orchestrators/counting/one?version=0.3.0']);
});

test('the status of an instance is read without its input', async () => {
  const client = await clientOf(instance({ customStatus: { at: 2 }, output: { to: 3 } }));
  const found = await client.status(orchestrator, 'a:b');
  expect(found).toMatchObject({ isFinished: true, status: { at: 2 }, output: { to: 3 } });
  expect(found).not.toHaveProperty('input', expect.anything());
  expect(asked).toEqual(['GET /durabletask/instances/a%3Ab?showInput=false']);
});

test('the input is read when it is asked for', async () => {
  const client = await clientOf(instance({ runtimeStatus: 'Running', customStatus: null, input: { from: 1 } }));
  const found = await client.statusWithInput(orchestrator, 'one');
  expect(found).toMatchObject({ isFinished: false, input: { from: 1 } });
  expect([found?.status, found?.output]).toEqual([undefined, undefined]);
  expect(asked).toEqual(['GET /durabletask/instances/one?showInput=true']);
});

test('an instance tells how it is, whatever another version of the app left in it', async () => {
  const client = await clientOf(instance({ customStatus: 'odd', output: [1], input: { from: 'here' } }));
  const found = await client.statusWithInput(orchestrator, 'one');
  expect(found).toMatchObject({ runtimeStatus: 'Completed', isFinished: true });
  expect([found?.input, found?.status, found?.output]).toEqual([undefined, undefined, undefined]);
});

test('an instance that failed has no output, though the extension shows its error there', async () => {
  const client = await clientOf(instance({ runtimeStatus: 'Failed', customStatus: null, output: { to: 3 } }));
  expect((await client.status(orchestrator, 'one'))?.output).toBeUndefined();
});

test('an instance that is not there is undefined', async () => {
  const client = await clientOf(undefined, 404);
  expect(await client.status(orchestrator, 'one')).toBeUndefined();
});

test.each([
  ['that runs', 202],
  ['that has ended', 410],
  ['that is not there', 404],
])('an instance %s is terminated without an error', async (_, status) => {
  const client = await clientOf(undefined, status);
  await client.terminate('a:b', 'It is not wanted any more.');
  expect(asked).toEqual(['POST /durabletask/instances/a:b/terminate?reason=It%20is%20not%20wanted%20any%20more.']);
});

test('a terminate that fails is an error that names the instance', async () => {
  const client = await clientOf({}, 500);
  await expect(client.terminate('a:b', 'Why.')).rejects.toThrow('The orchestration a:b could not be terminated.');
});

const entity = defineEntity('Player', { schemaVersion: 1, migrations: {}, state: z.object({}), operations: {} });

const counter = defineEntity('counter', {
  schemaVersion: 1,
  migrations: {},
  state: z.object({ name: z.string() }),
  operations: { rename: { input: z.object({ name: z.string().min(1) }), reply: z.object({}) } },
});

test('an operation is sent to an entity as the library sends it', async () => {
  const client = await clientOf(undefined, 202);
  await client.signal(counter, 'games.(eu)_1:one', 'rename', { name: 'Zoë' });
  expect(asked).toEqual(['POST /durabletask/entities/counter/games.(eu)_1:one?op=rename']);
  expect(sent).toEqual(['{"name":"Zoë"}']);
});

test('an operation that the extension did not store fails, and names the entity', async () => {
  const client = await clientOf({}, 500);
  await expect(client.signal(counter, 'eu:one', 'rename', { name: 'x' })).rejects.toThrow(
    'The operation rename could not be sent to eu:one: the durable extension answered 500.',
  );
});

test('an operation with a wrong input is not sent', async () => {
  const client = await clientOf(undefined, 202);
  await expect(client.signal(counter, 'eu:one', 'rename', { name: '' })).rejects.toThrow('Too small');
  expect(asked).toEqual([]);
});

test('the state of an entity is read', async () => {
  const client = await clientOf({ schemaVersion: 1, name: 'Zoë' });
  expect(await client.read(counter, 'eu:one')).toEqual({ name: 'Zoë' });
  expect(asked).toEqual(['GET /durabletask/entities/counter/eu:one']);
});

test('an entity that is not there has no state', async () => {
  const client = await clientOf(undefined, 404);
  expect(await client.read(counter, 'eu:one')).toBeUndefined();
});

test('a state that could not be read is an error and no absence', async () => {
  const client = await clientOf({}, 500);
  await expect(client.read(counter, 'eu:one')).rejects.toThrow('The entity eu:one could not be read');
});

test('an extension that is not there is an error', async () => {
  const client = await clientOf({});
  await new Promise((resolve) => {
    server?.close(resolve);
  });
  await expect(client.read(counter, 'eu:one')).rejects.toThrow('ECONNREFUSED');
});

test.each([
  ['that lives', { entityExists: true }, false],
  ['that was deleted', {}, true],
  ['that was deleted, and for which something waits', { queueSize: 1 }, false],
  ['of which nothing can be told', null, false],
])('the row of an entity %s', async (_, customStatus, isOver) => {
  const client = await clientOf(instance({ runtimeStatus: 'Running', customStatus }), 202);
  expect(await client.entityRow(entity, 'eu:one')).toEqual({ isOver, lastUpdatedTime: '2026-11-24T10:00:31Z' });
  expect(asked).toEqual(['GET /durabletask/instances/%40player%40eu%3Aone?showInput=false']);
});

test('the rows of an entity are listed by their common beginning, without their states', async () => {
  const row = instance({ instanceId: '@player@eu:one', runtimeStatus: 'Running', customStatus: {} });
  const client = await clientOf([row]);
  const { rows } = await client.entityRows(entity, { limit: 3, continuationToken: 'next' });
  expect(rows).toEqual([{ key: 'eu:one', isOver: true, lastUpdatedTime: '2026-11-24T10:00:31Z' }]);
  expect(asked).toEqual(['GET /durabletask/instances?instanceIdPrefix=%40player%40&showInput=false&top=3']);
});

test('ended orchestrations are listed by their statuses', async () => {
  const client = await clientOf([instance({ instanceId: 'one', customStatus: null })]);
  const { rows } = await client.endedRows(new Date('2026-11-25T00:00:00Z'), { limit: 3 });
  expect(rows).toEqual([{ instanceId: 'one', isOver: true, lastUpdatedTime: '2026-11-24T10:00:31Z' }]);
  expect(asked).toEqual([
    'GET /durabletask/instances?createdTimeTo=2026-11-25T00%3A00%3A00.000Z&runtimeStatus=Completed%2CFailed%2CTerminated%2CCanceled&showInput=false&top=3',
  ]);
});

test.each([
  ['that is there', 200, true],
  ['that is gone', 404, false],
  ['that runs', 412, false],
])('a purge of an instance %s', async (_, status, isPurged) => {
  const client = await clientOf({}, status);
  expect(await client.purge('provision:eu:one')).toBe(isPurged);
  expect(await client.purgeEntityRow(entity, 'eu:one')).toBe(isPurged);
  expect(asked).toEqual([
    'DELETE /durabletask/instances/provision%3Aeu%3Aone',
    'DELETE /durabletask/instances/%40player%40eu%3Aone',
  ]);
});

test('a purge that the extension could not do fails', async () => {
  const client = await clientOf({}, 500);
  await expect(client.purge('one')).rejects.toThrow('one could not be purged: the durable extension answered 500.');
});
