import { expect } from 'vitest';
import type { ArmView } from './arm-view.ts';
import { createBody, idOf, untilSessions, untilState } from './game.ts';
import type { HttpCalls } from './http-calls.ts';
import { until } from './process-tree.ts';

/** What may come between the steps of the story; by default nothing does. */
export interface StoryTurns {
  /** Comes after the 202 of the creation. */
  afterCreate?: () => Promise<void>;
  /** Has the group swept, once it is marked and empty; resolves with the report of that sweep. */
  collect?: () => Promise<unknown>;
}

/** Walks one group from its creation over three sessions to its collection, and looks that nothing of it is left anywhere. */
export async function walkStory(
  stack: HttpCalls & ArmView,
  { afterCreate = async () => {}, collect = () => sweepNow(stack) }: StoryTurns = {},
): Promise<void> {
  const created = await stack.api('ACICreate', { body: createBody('game-1') });
  expect(created.status).toBe(202);
  await afterCreate();
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
  await untilSessions(stack, 'game-1', 3);
  const marked = await stack.api('ACISetState', { body: { ...idOf('game-1'), state: 'MarkedForDeletion' } });
  expect(marked).toMatchObject({ status: 200, body: { state: 'MarkedForDeletion', activeSessions: 3 } });
  expect(await sweepNow(stack)).toMatchObject({ collectedCount: 0, keptCount: 1 });
  expect(await stack.armStatus('game-1')).toBe(200);

  expect((await report(0)).body.results).toMatchObject([{ status: 'accepted', state: 'MarkedForDeletion' }]);
  await untilSessions(stack, 'game-1', 0);
  expect(await collect()).toMatchObject({ collected: [idOf('game-1')], failedCount: 0 });
  await untilState(stack, 'game-1', 'gone');
  expect(await stack.armStatus('game-1')).toBe(404);
  expect(await stack.armGroups()).toEqual([]);
  expect(stack.armWrites()).toEqual({ created: 1, deleted: 1 });
  for (const state of ['Creating', 'Running', 'MarkedForDeletion', 'Failed']) {
    expect((await stack.api(`ACIList?state=${state}`)).body).toEqual([]);
  }
  expect((await stack.api('ACIDetails?resourceGroup=games&containerGroupName=game-1')).status).toBe(404);
}

async function sweepNow(stack: HttpCalls): Promise<unknown> {
  return (await stack.api('ACIGC', { method: 'POST' })).body;
}
