import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyLeftBehind } from '../fixtures/left-behind.ts';
import { namesInArm } from './stack/arm-client.ts';
import { groupOf, idOf, isGone, isRunning, untilState } from './stack/game.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

const DURABLE_API = '/runtime/webhooks/durabletask';
const MINUTE_MS = 60_000;

// The stack is killed in the middle of everything, and this version goes on with what it finds a minute later.
const before = copyLeftBehind('0.1.0/killed-between-sweeps');
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ dataDirectory: before.dataDirectory, startMs: before.takenAtMs + MINUTE_MS });
});

afterAll(async () => {
  await stack.stop();
});

test('the data directory holds groups in every state and orchestrations in every phase', () => {
  expect(new Set(before.groups.map(({ state }) => state))).toEqual(
    new Set(['Creating', 'Running', 'MarkedForDeletion', 'Failed']),
  );
  expect(new Set(before.orchestrations.map(({ status }) => status))).toEqual(
    new Set(['Pending', 'Running', 'Suspended', 'Completed', 'Failed', 'Terminated']),
  );
});

test('the sweep goes on with the number that it had', async () => {
  const sweep = before.orchestrations.find(({ id }) => id === 'collect-garbage');
  const { number } = JSON.parse(sweep?.phase ?? '{}');
  const report = await stack.advanceUntil(async () => {
    const { body } = await stack.api('ACIGC');
    return body.number !== number && body;
  });
  // The sweepNow that waited in its queue may be carried over into the turn after the one that it ended.
  expect([number + 1, number + 2]).toContain(report.number);
});

test.each(['creating', 'creating-requested', 'creating-throttled', 'creation-pending'])(
  'the group %s, whose creation was under way, comes to run',
  async (name) => {
    await untilState(stack, name, isRunning);
    expect((await instance(`provision:games:${name}`)).output).toMatchObject({ ok: true, group: { state: 'Running' } });
  },
);

test('a creation that was suspended goes on when it is resumed', async () => {
  expect(await instance('provision:games:creating-suspended')).toMatchObject({ runtimeStatus: 'Suspended' });
  await stack.post(`${DURABLE_API}/instances/provision:games:creating-suspended/resume?reason=upgraded`, {});
  await untilState(stack, 'creating-suspended', isRunning);
});

test.each(['creating-cancelled', 'deleting', 'deleting-throttled', 'deletion-pending'])(
  'the deletion of the group %s ends',
  async (name) => {
    await untilState(stack, name, isGone);
    expect((await instance(`delete:games:${name}`)).output).toEqual({ ok: true, deleted: true });
  },
);

test.each(['marked-idle', 'running-idle', 'deletion-terminated', 'deleted-outside'])(
  'the group %s is garbage, and is collected',
  async (name) => {
    await untilState(stack, name, isGone);
  },
);

test('what containers had reported and nobody had read yet counts', async () => {
  expect(await groupOf(stack, 'running')).toMatchObject({ state: 'Running', activeSessions: 4, maxSessions: 8 });
});

test('a marked group is kept while somebody plays on it, and no longer', async () => {
  expect(await groupOf(stack, 'marked-busy')).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 2 });
  await stack.api('ACISetSessions', { body: { ...idOf('marked-busy'), activeSessions: 0 } });
  await untilState(stack, 'marked-busy', isGone);
});

test.each([
  ['pull-failed', 'imagePullFailed'],
  ['set-failed', 'setFailed'],
])('the group %s is shown as Failed, and can be deleted', async (name, code) => {
  expect(await groupOf(stack, name)).toMatchObject({ state: 'Failed', failure: { code } });
  await stack.api('ACIDelete', { body: idOf(name) });
  await untilState(stack, name, isGone);
});

test('what had ended can still be read', async () => {
  // The sweep has begun the one that was terminated anew.
  const ended = before.orchestrations.filter(({ status }) => status === 'Completed' || status === 'Failed');
  expect(ended.length).toBeGreaterThan(3);
  for (const { id, name, status } of ended) {
    const answer = await instance(id, 'showHistory=true&showHistoryOutput=true');
    expect({ id, ...answer }).toMatchObject({ id, name, runtimeStatus: status });
  }
  expect((await instance('provision:games:running')).output).toMatchObject({ ok: true, group: { maxSessions: 8 } });
});

test('in the end Azure has the groups that run and no other, and nothing was logged as an error', async () => {
  const names = [
    'creating',
    'creating-requested',
    'creating-suspended',
    'creating-throttled',
    'creation-pending',
    'running',
  ];
  const { body } = await stack.api('ACIList');
  expect(body.map(({ containerGroupName }: Answer['body']) => containerGroupName)).toEqual(names);
  expect((await namesInArm(stack.arm)).toSorted()).toEqual(names);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

async function instance(id: string, query = ''): Promise<Answer['body']> {
  return (await stack.get(`${DURABLE_API}/instances/${id}?${query}`)).body;
}
