import { expect, test } from 'vitest';
import { createBody, idOf, stateOf, untilSessions, untilState } from './game.ts';
import { until } from './process-tree.ts';
import { startStack, type StartedStack } from './started-stack.ts';
import { walkStory } from './story.ts';

// ARM takes 0.7 s and more to answer a write with this profile: time to end everything between its taking a write and its answer.
// What was in flight is hidden for a minute after each kill on Azure, and with this profile here: that is waited for in virtual time, in
// test/conformance/durable/platform-redelivery.test.ts.
const SLOW = ['--profile', 'realistic', '--platform', 'gentle'];

// At once, since each waits half a minute for ARM.
test.concurrent.each([
  { says: 'with events', faults: 'none' },
  { says: 'with every event lost', faults: 'no-events' },
])('the story ends well though everything is killed at three moments, $says', async ({ faults }) => {
  await using stack = await startStack([...SLOW, '--faults', faults]);
  await walkStory(stack, {
    afterCreate: async () => {
      await until(() => stack.armWrites().created === 1 || undefined);
      await stack.killAndStart();
      expect(await stack.armStatus('game-1')).toBe(200);
      // On a slow machine ARM is done by then.
      expect(['Creating', 'Running']).toContain(await stateOf(stack, 'game-1'));
      await stack.killAndStart();
    },
    collect: () => sweepIntoKill(stack),
  });
});

test('killed with the 202 of a creation, a session that was accepted, and the 202 of a deletion, all of it is there after the next start', async () => {
  await using stack = await startStack(['--profile', 'fast']);
  expect((await stack.api('ACICreate', { body: createBody('game-1') })).status).toBe(202);
  await stack.killAndStart();
  await untilState(stack, 'game-1', 'Running');
  const report = await stack.api('ACISetSessions', { body: { ...idOf('game-1'), activeSessions: 7 } });
  expect(report.body.results).toMatchObject([{ status: 'accepted' }]);
  await stack.killAndStart();
  await untilSessions(stack, 'game-1', 7);
  expect((await stack.api('ACIDelete', { body: idOf('game-1') })).status).toBe(202);
  await stack.killAndStart();
  await untilState(stack, 'game-1', 'gone');
  expect(await stack.armGroups()).toEqual([]);
  expect(stack.armWrites()).toEqual({ created: 1, deleted: 1 });
});

/**
 * Ends everything once ARM has taken the deletion. The sweep's own answer is lost with it, unless the machine is so slow that it came
 * before; its report is not.
 */
async function sweepIntoKill(stack: StartedStack): Promise<unknown> {
  const swept = Promise.allSettled([stack.api('ACIGC', { method: 'POST' })]);
  await until(() => stack.armWrites().deleted === 1 || undefined);
  await stack.killAndStart();
  await swept;
  // The event that asked for the sweep makes a second one follow (issue 8, fault 15), which has the first one's report in its input.
  return until(async () => {
    const { body } = await stack.get(`${stack.origin()}/runtime/webhooks/durabletask/instances/collect-garbage`);
    return [body.input?.last, body.customStatus?.last].find((report) => report?.collectedCount === 1);
  });
}
