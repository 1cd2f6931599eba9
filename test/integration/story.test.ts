import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, createRunning, groupOf, idOf, isGone, untilState } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack.stop();
});

test('a group lives from its creation to its collection', async () => {
  const created = await stack.api('ACICreate', {
    body: createBody('game-1', { maxSessions: 8, labels: { fleet: 'eu' } }),
  });
  expect(created.status).toBe(202);
  expect(created.headers.get('location')).toBe(created.body.statusQueryGetUri);
  await stack.settle();
  expect((await groupOf(stack, 'game-1')).state).toBe('Creating');

  const status = await stack.advanceUntil(async () => {
    const { body } = await stack.get(created.body.statusQueryGetUri);
    return body.runtimeStatus === 'Completed' && body;
  });
  expect(status.output).toMatchObject({ ok: true, group: { state: 'Running', publicIP: '127.0.0.1' } });

  const list = await stack.api('ACIList?fleet=eu');
  expect(list.body).toMatchObject([
    { containerGroupName: 'game-1', publicIP: '127.0.0.1', ports: [{ port: 7777, protocol: 'UDP' }], maxSessions: 8 },
  ]);

  const report = async (activeSessions: number) =>
    stack.api('ACISetSessions', { body: { ...idOf('game-1'), activeSessions } });
  expect((await report(3)).body.results).toMatchObject([{ status: 'accepted', state: 'Running' }]);
  const markedGroup = await stack.api('ACISetState', { body: { ...idOf('game-1'), state: 'MarkedForDeletion' } });
  expect(markedGroup).toMatchObject({ status: 200, body: { state: 'MarkedForDeletion', activeSessions: 3 } });

  expect((await stack.api('ACIGC', { method: 'POST' })).body).toMatchObject({ collectedCount: 0, keptCount: 1 });
  expect((await report(0)).body.results).toMatchObject([{ status: 'accepted', state: 'MarkedForDeletion' }]);

  // The automatic sweep comes every five minutes.
  await stack.advance(6 * 60_000);
  expect(await groupOf(stack, 'game-1')).toBeUndefined();
  expect((await stack.api('ACIGC')).body).toMatchObject({ collectedCount: 1, collected: [idOf('game-1')] });
  expect((await stack.api('ACIList?state=MarkedForDeletion')).body).toEqual([]);
});

test('POST ACIGC has one sweep run and no second one', async () => {
  const { body } = await stack.api('ACIGC', { method: 'POST' });
  await stack.settle();
  expect((await stack.api('ACIGC')).body.number).toBe(body.number);
});

test('a name is free again after its group was deleted', async () => {
  await createRunning(stack, 'game-2');
  const deleted = await stack.api('ACIDelete', { body: idOf('game-2') });
  expect(deleted.status).toBe(202);
  await untilState(stack, 'game-2', isGone);
  await createRunning(stack, 'game-2');
  expect((await groupOf(stack, 'game-2')).timeline).toHaveLength(2);
});
