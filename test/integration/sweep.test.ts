import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { createBody, createRunning, groupOf, idOf, isGone, isRunning, untilState, untilStates } from './stack/game.ts';
import { makeManyGroups, readReportAfter, readSweepCosts } from './stack/many-groups.ts';
import { readAllPages } from './stack/pages.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    profile: 'instant',
    faults: { quotas: 'off' },
    // Azure has no resources of the many groups here: a reconciliation would find that out.
    settings: { ACI_HISTORY_RETENTION: 'PT6H', ACI_RECONCILE_INTERVAL: 'P1D', ACI_INSPECT_INTERVAL: 'PT1H' },
  });
});

afterAll(async () => {
  await stack.stop();
});

const mark = async (name: string) => stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } });
const report = async (name: string, activeSessions: number, more: object = {}) =>
  stack.api('ACISetSessions', { body: [{ ...idOf(name), activeSessions, ...more }] });

/** Has a sweep begin, and lets it and all it started come to an end. ACIGC itself would wait in real time for the virtual one. */
async function sweep(): Promise<Answer['body']> {
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', {});
  await stack.advance(20_000);
  return (await stack.api('ACIGC')).body;
}

test('a session that is set between the look of a sweep and its delete keeps the group alive', async () => {
  await createRunning(stack, 'late-player');
  await mark('late-player');
  // The deletion is decided by the sweep's look, and has not asked the entity yet: started here as a sweep starts it.
  const deletion = { ...idOf('late-player'), mode: 'graceful', sessionsStaleAfterMs: 86_400_000, cause: 'sweep 99' };
  const waitPolicy = { pollIntervalMs: 10_000, deadlineMs: 1_800_000 };
  const accepted = await report('late-player', 1);
  expect(accepted.body.results).toMatchObject([{ status: 'accepted' }]);
  await stack.post('/runtime/webhooks/durabletask/orchestrators/deleteContainerGroup/delete:games:late-player', {
    ...deletion,
    waitPolicy,
  });
  const outcome = await stack.advanceUntil(async () => {
    const { body } = await stack.get('/runtime/webhooks/durabletask/instances/delete:games:late-player');
    return body?.runtimeStatus === 'Completed' && body;
  });
  expect(outcome.output).toMatchObject({ ok: false, failure: { code: 'sessionsActive' } });
  expect(await groupOf(stack, 'late-player')).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 1 });
  expect(await sweep()).toMatchObject({ collectedCount: 0, keptCount: 1 });
});

test('of a sweep and a report that race, the report is accepted and the group kept, or it is refused and the group goes', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `race-${index}`);
  await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  await untilStates(stack, names, isRunning);
  await Promise.all(names.map(mark));
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', {});
  const reports = await Promise.all(names.map((name) => report(name, 1)));
  await stack.advance(20_000);
  for (const [index, name] of names.entries()) {
    const [{ status }] = reports[index]?.body.results ?? [{}];
    const group = await groupOf(stack, name);
    if (status === 'accepted') {
      expect(group, name).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 1 });
      expect(group.deletion, name).toBeUndefined();
    } else {
      expect(['refused', 'unknownGroup'], name).toContain(status);
      expect(group, name).toBeUndefined();
    }
  }
});

test('what a sweep cannot delete now is reported, and the next sweeps go on with it', async () => {
  await createRunning(stack, 'stubborn');
  await mark('stubborn');
  const failure = {
    operation: 'DELETE',
    status: 500,
    code: 'InternalServerError',
    message: 'No.',
    afterEffect: false,
    times: Infinity,
  } as const;
  stack.arm.setFaults({
    ...noFaults,
    quotas: 'off',
    arm: { ...noFaults.arm, failNext: [{ ...failure, containerGroupName: 'stubborn' }] },
  });
  await sweep();
  expect(await groupOf(stack, 'stubborn')).toMatchObject({ state: 'MarkedForDeletion', deletion: {} });
  stack.arm.setFaults({ ...noFaults, quotas: 'off' });
  await untilState(stack, 'stubborn', isGone);
});

test('a sweep that was terminated is started again by the timer', async () => {
  const before = (await sweep()).number;
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/terminate?reason=test', undefined);
  await stack.settle();
  await stack.advance(70_000);
  const { body } = await stack.get('/runtime/webhooks/durabletask/instances/collect-garbage');
  expect(body).toMatchObject({ runtimeStatus: 'Running' });
  expect(body.customStatus.number).toBeGreaterThan(before);
});

test('the sweep is eternal: seven hours of it leave one instance with a short history', async () => {
  const before = (await sweep()).number;
  await stack.advance(7 * 60 * 60_000);
  const { body } = await stack.get('/runtime/webhooks/durabletask/instances/collect-garbage?showHistory=true');
  expect(body.customStatus.number).toBeGreaterThanOrEqual(before + 80);
  // One event that each sweep left behind would be more.
  expect(body.historyEvents.length).toBeLessThan(60);
});

test('many groups are swept in turns of a page, each with a short history and one list, and each deletion is started once', async () => {
  await stack.advance(310_000);
  const before = await readSweepCosts(stack);
  const { number: after } = (await stack.api('ACIGC')).body;
  await makeManyGroups(stack, { prefix: 'many', count: 250, garbageCount: 75 });
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', { after });
  const swept = await stack.advanceUntil(() => readReportAfter(stack, after));
  expect(swept).toMatchObject({ startedCount: 75, collectedCount: 75, failedCount: 0 });
  expect(swept.keptCount).toBeGreaterThanOrEqual(175);
  const now = await readSweepCosts(stack);
  const turns = now.orchestrators.collectGarbage.executions - before.orchestrators.collectGarbage.executions;
  expect(turns).toBeGreaterThan(2);
  // An activity that runs again lists its page again.
  expect(now.queries.entityLists - before.queries.entityLists).toBeLessThanOrEqual(2 * turns);
  expect(now.orchestrators.collectGarbage.longestHistory).toBeLessThan(200);
  const deletions = await readAllPages((headers) =>
    stack.get('/runtime/webhooks/durabletask/instances?instanceIdPrefix=delete:games:many-&top=100', headers),
  );
  expect(deletions).toHaveLength(75);
});

test('histories that ended longer ago than the retention are gone', async () => {
  const { body } = await stack.get(
    '/runtime/webhooks/durabletask/instances?instanceIdPrefix=provision:games:race-&top=100',
  );
  expect(body).toEqual([]);
});

// The clock stays back: keep this the last one.
test('a clock that is set back by two hours does not stop the sweeps', async () => {
  const before = (await stack.api('ACIGC')).body.number;
  stack.clock.setBack(2 * 3_600_000);
  await stack.advance(11 * 60_000);
  const { number, sweptAt } = (await stack.api('ACIGC')).body;
  expect(number).toBeGreaterThanOrEqual(before + 2);
  expect(Math.abs(Date.parse(sweptAt) - stack.clock.now())).toBeLessThan(6 * 60_000);
});
