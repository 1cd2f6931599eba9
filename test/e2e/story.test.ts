import { expect, test } from 'vitest';
import { createBody, idOf, untilState } from './game.ts';
import { startStack, until, type StartedStack } from './started-stack.ts';

test('a group lives from its creation to its collection', async () => {
  await using stack = await startStack(['--profile', 'fast']);
  await walkStory(stack);
});

test.each(['no-events', 'doubled-reversed-events'])('it does so with the faults %s', async (faults) => {
  await using stack = await startStack(['--profile', 'fast', '--faults', faults]);
  await walkStory(stack);
});

async function walkStory(stack: StartedStack): Promise<void> {
  const created = await stack.api('ACICreate', { body: createBody('game-1') });
  expect(created.status).toBe(202);
  const status = await until(async () => {
    const { body } = await stack.get(created.body.statusQueryGetUri);
    return body.runtimeStatus === 'Completed' ? body : undefined;
  });
  expect(status.output).toMatchObject({ ok: true, group: { state: 'Running' } });
  expect((await stack.api('ACIList')).body).toMatchObject([
    { containerGroupName: 'game-1', publicIP: '127.0.0.1', ports: [{ port: 7777, protocol: 'UDP' }] },
  ]);
  expect(await stack.armStatus('game-1')).toBe(200);

  const report = async (activeSessions: number) =>
    stack.api('ACISetSessions', { body: { ...idOf('game-1'), activeSessions } });
  expect((await report(3)).body.results).toMatchObject([{ status: 'accepted', state: 'Running' }]);
  const marked = await stack.api('ACISetState', { body: { ...idOf('game-1'), state: 'MarkedForDeletion' } });
  expect(marked).toMatchObject({ status: 200, body: { state: 'MarkedForDeletion', activeSessions: 3 } });
  expect((await stack.api('ACIGC', { method: 'POST' })).body).toMatchObject({ collectedCount: 0, keptCount: 1 });
  expect(await stack.armStatus('game-1')).toBe(200);

  expect((await report(0)).body.results).toMatchObject([{ status: 'accepted', state: 'MarkedForDeletion' }]);
  expect((await stack.api('ACIGC', { method: 'POST' })).body).toMatchObject({ collected: [idOf('game-1')] });
  await untilState(stack, 'game-1', 'gone');
  expect(await stack.armStatus('game-1')).toBe(404);
  expect((await stack.api('ACIList?state=MarkedForDeletion')).body).toEqual([]);
  expect((await stack.api('ACIDetails?resourceGroup=games&containerGroupName=game-1')).status).toBe(404);
}
