import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from './stack/callers.ts';
import { createBody, idOf } from './stack/game.ts';
import { startProcessStack, type ProcessStack } from './stack/process-stack.ts';
import type { Answer } from './stack/stack.ts';

const SEALING_KEYS = `test:${Buffer.alloc(32).toString('base64')}`;
const DURABLE = '/runtime/webhooks/durabletask';
const written = new Map<string, object>();

let stack: ProcessStack;
let token: string;

/** Writes the state of a group as a newer version of the app would have it. */
function overwrite(name: string, change: (state: object) => object): void {
  using database = new DatabaseSync(join(stack.hostDirectory, 'task-hub-containergroups.sqlite'));
  const id = `@containergroup@games:${name}`;
  const state: object = JSON.parse(storedText(database, id));
  written.set(name, change(state));
  database.prepare('UPDATE entities SET state = ? WHERE entity_id = ?').run(JSON.stringify(written.get(name)), id);
}

function stored(name: string): unknown {
  using database = new DatabaseSync(join(stack.hostDirectory, 'task-hub-containergroups.sqlite'));
  return JSON.parse(storedText(database, `@containergroup@games:${name}`));
}

function storedText(database: DatabaseSync, id: string): string {
  return String(database.prepare('SELECT state FROM entities WHERE entity_id = ?').get(id)?.['state']);
}

beforeAll(async () => {
  stack = await startProcessStack({ ACI_SEALING_KEYS: SEALING_KEYS });
  for (const name of ['today', 'tomorrow', 'asleep']) {
    const { status } = await stack.call('/api/ACICreate?wait=60', { body: createBody(name) });
    expect(status).toBe(200);
  }
  token = await tokenOf({ get: (path) => stack.call(path) }, 'tomorrow');
  await stack.kill();
  overwrite('tomorrow', (state) => ({ ...state, schemaVersion: 2, seats: { held: 3 } }));
  overwrite('asleep', (state) => ({ ...state, state: 'Hibernating', wakesAt: '2026-12-01T00:00:00.000Z' }));
  await stack.start();
});

afterAll(async () => {
  await stack.stop();
});

const post = (path: string, body: unknown): Promise<Answer> => stack.call(`/api/${path}`, { body });

describe.each(['tomorrow', 'asleep'])('a group that a newer version wrote, %s,', (name) => {
  const report = { ...idOf(name), activeSessions: 2 };

  test.each<[string, () => Promise<Answer>]>([
    ['ACICreate', () => post('ACICreate', createBody(name))],
    ['ACIDelete', () => post('ACIDelete', idOf(name))],
    ['ACISetState', () => post('ACISetState', { ...idOf(name), state: 'MarkedForDeletion' })],
    ['ACISetSessions', () => post('ACISetSessions', [report])],
  ])('is left alone by %s, which answers 503', async (_, send) => {
    const { status, body } = await send();
    expect([status, body.code]).toEqual([503, 'newerState']);
    expect(body.detail).toContain(`A newer version of the app wrote the state of ${name}.`);
  });

  test('is left alone by a deletion that began before', async () => {
    const waitPolicy = { pollIntervalMs: 10_000, deadlineMs: 60_000 };
    const body = { ...idOf(name), mode: 'force', sessionsStaleAfterMs: 1, cause: 'test', waitPolicy };
    await stack.call(`${DURABLE}/orchestrators/deleteContainerGroup/delete:games:${name}`, { body });
    const ended = await stack.until(async () => {
      const { body: instance } = await stack.call(`${DURABLE}/instances/delete:games:${name}`);
      return instance.runtimeStatus === 'Completed' && instance;
    });
    expect(ended.output).toMatchObject({ ok: false, failure: { code: 'newerState' } });
  });

  test('is shown by ACIDetails, and why nothing can be done with it', async () => {
    const { status, body } = await stack.call(`/api/ACIDetails?resourceGroup=games&containerGroupName=${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...idOf(name), publicIP: expect.any(String), failure: { code: 'newerState' } });
    expect(body.containerGroup.name).toBe(name);
  });

  test('is in the report of a sweep, which takes nothing for garbage', async () => {
    await stack.call('/api/ACIGC', { method: 'POST' });
    const { body } = await stack.call('/api/ACIGC');
    expect(body).toMatchObject({ collectedCount: 0, keptCount: 1, failedCount: 2 });
    expect(body.failed).toContainEqual(
      expect.objectContaining({ containerGroupName: name, failure: expect.objectContaining({ code: 'newerState' }) }),
    );
  });

  test('is an event that is taken, and logged', async () => {
    const resource = `resourceGroups/games/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
    const data = {
      resourceProvider: 'Microsoft.ContainerInstance',
      resourceUri: `/subscriptions/00000000-0000-0000-0000-000000000001/${resource}`,
      operationName: 'Microsoft.ContainerInstance/containerGroups/delete',
    };
    const event = { id: 'event-1', eventType: 'Microsoft.Resources.ResourceDeleteSuccess', data, dataVersion: '2' };
    const headers = { 'aeg-event-type': 'Notification' };
    const logged = () => stack.output().split('Event Grid event: newerState').length;
    const before = logged();
    const taken = { ...event, subject: resource, topic: '/subscriptions/1', eventTime: '2100-01-01T00:00:00Z' };
    await stack.call('/runtime/webhooks/eventgrid?functionName=ACIMonitor', { body: [taken], headers });
    await stack.until(async () => logged() > before);
  });
});

test('reports of other groups are taken beside one of a newer version', async () => {
  const reports = ['today', 'tomorrow'].map((name) => ({ ...idOf(name), activeSessions: 1 }));
  const answer = await post('ACISetSessions', reports);
  expect(answer.status).toBe(200);
  expect(answer.body.results).toMatchObject([{ status: 'accepted' }, { status: 'newerState' }]);
});

test("a container's own report is answered with 503 when its token is right, and with 401 when it is wrong", async () => {
  const send = (sig: string) => post(`ACIReport/games/tomorrow?sig=${encodeURIComponent(sig)}`, { activeSessions: 1 });
  expect(await send(token)).toMatchObject({ status: 503, body: { code: 'newerState' } });
  expect(await send(`${token.slice(0, -4)}AAAA`)).toMatchObject({ status: 401 });
});

test('a list shows the group in the state that it has, and one in a state of tomorrow among the Failed', async () => {
  const names = async (query: string): Promise<string[]> =>
    (await stack.call(`/api/ACIList${query}`)).body.map(
      (item: { containerGroupName: string }) => item.containerGroupName,
    );
  expect((await names('')).toSorted()).toEqual(['today', 'tomorrow']);
  expect(await names('?state=Failed')).toEqual(['asleep']);
});

test('nothing of all that touched what the newer version wrote', async () => {
  await stack.kill();
  expect(stored('tomorrow')).toEqual(written.get('tomorrow'));
  expect(stored('asleep')).toEqual(written.get('asleep'));
  await stack.start();
});
