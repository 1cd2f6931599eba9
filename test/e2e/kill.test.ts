import { expect, test } from 'vitest';
import { createBody, idOf, stateOf, untilState } from './game.ts';
import { startStack, until } from './started-stack.ts';

test('killed before ARM has answered, the creation goes on after the next start', async () => {
  // ARM takes 0.7 s and more to answer a PUT here, so that the 202 comes long before it.
  await using stack = await startStack(['--profile', 'realistic', '--faults', 'no-events']);
  expect((await stack.api('ACICreate', { body: createBody('game-1') })).status).toBe(202);
  await stack.killAll();
  await stack.start();
  await untilState(stack, 'game-1', 'Running');
  expect(await stack.armStatus('game-1')).toBe(200);
  expect(stack.armWrites()).toEqual({ created: 1, deleted: 0 });
});

test('killed before it runs, and again while it is deleted, the group ends deleted all the same', async () => {
  await using stack = await startStack(['--profile', 'fast']);
  await stack.api('ACICreate', { body: createBody('game-1') });
  await until(async () => ((await stack.armStatus('game-1')) === 200 ? true : undefined));
  expect(await stateOf(stack, 'game-1')).toBe('Creating');
  await stack.killAll();
  await stack.start();
  await untilState(stack, 'game-1', 'Running');

  expect((await stack.api('ACIDelete', { body: idOf('game-1') })).status).toBe(202);
  await stack.killAll();
  await stack.start();
  await untilState(stack, 'game-1', 'gone');
  expect(await stack.armStatus('game-1')).toBe(404);
  expect(stack.armWrites()).toEqual({ created: 1, deleted: 1 });
  expect((await stack.api('ACIList?state=MarkedForDeletion')).body).toEqual([]);
});

test('a session that was accepted before a kill is there after it', async () => {
  await using stack = await startStack(['--profile', 'instant']);
  await stack.api('ACICreate?wait=30', { body: createBody('game-1') });
  const report = await stack.api('ACISetSessions', { body: { ...idOf('game-1'), activeSessions: 7 } });
  expect(report.body.results).toMatchObject([{ status: 'accepted' }]);
  await stack.killAll();
  await stack.start();
  const sessions = await until(async () => {
    const { body } = await stack.api('ACIList');
    return body[0]?.activeSessions === 7 ? 7 : undefined;
  });
  expect(sessions).toBe(7);
});
