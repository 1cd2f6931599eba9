import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultQuotas, noFaults, type Faults } from '../../local/arm/faults/faults.ts';
import { namesInArm } from './stack/arm-client.ts';
import { createBody, groupOf, idOf, isFailed, isGone, isRunning, untilStates } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(async () => {
  setFaults({ quotas: 'off' });
  await untilStates(stack, names, isGone);
  expect(await namesInArm(stack.arm)).toEqual([]);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

afterAll(async () => {
  await stack.stop();
});

const names = Array.from({ length: 12 }, (_, index) => `game-${index + 10}`);

function setFaults({ arm, events, ...faults }: Trouble): void {
  stack.arm.setFaults({
    ...noFaults,
    ...faults,
    arm: { ...noFaults.arm, ...arm },
    events: { ...noFaults.events, ...events },
  });
}

interface Trouble extends Partial<Pick<Faults, 'quotas' | 'capacity'>> {
  arm?: Partial<Faults['arm']>;
  events?: Partial<Faults['events']>;
}

async function createAll(): Promise<void> {
  const created = await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  expect(new Set(created.map(({ status }) => status))).toEqual(new Set([202]));
}

async function deleteAll(): Promise<void> {
  const deleted = await Promise.all(names.map((name) => stack.api('ACIDelete', { body: idOf(name) })));
  expect(new Set(deleted.map(({ status }) => status))).toEqual(new Set([202]));
}

function countOf(kind: string): number {
  return stack.arm.requestCounts()[`${kind} containerGroups`] ?? 0;
}

test('when every write takes effect and its answer is lost, there is one PUT and one DELETE a group', async () => {
  const before = { put: countOf('PUT'), delete: countOf('DELETE') };
  setFaults({ arm: { lostAnswerRate: 1 } });
  await createAll();
  await untilStates(stack, names, isRunning);
  expect(countOf('PUT') - before.put).toBe(names.length);
  await deleteAll();
  await untilStates(stack, names, isGone);
  expect(countOf('DELETE') - before.delete).toBe(names.length);
});

test('what ACI throttles waits for its turn, and all groups run in the end', async () => {
  const beganMs = stack.clock.now();
  setFaults({ quotas: { ...defaultQuotas, writesPerFiveMinutes: 5 } });
  await createAll();
  await untilStates(stack, names, isRunning);
  // Twelve creations, five in five minutes: the last two begin in the third window.
  expect(stack.clock.now() - beganMs).toBeGreaterThan(10 * 60_000);
  await deleteAll();
});

test('groups beyond the quota fail at once and say which, and the others run', async () => {
  setFaults({ quotas: { ...defaultQuotas, containerGroups: 10 } });
  await createAll();
  await untilStates(stack, names, (state) => ['Running', 'Failed'].includes(state ?? ''));
  const groups = await Promise.all(names.map((name) => groupOf(stack, name)));
  const failed = groups.filter(({ state }) => state === 'Failed');
  expect(failed.map(({ failure }) => failure.code)).toEqual(['quotaReached', 'quotaReached']);
  expect(failed[0].failure.message).toContain("Limit: '10'");
  expect(groups.filter(({ state }) => state === 'Running')).toHaveLength(10);
  await deleteAll();
});

const failing = { code: 'AuthorizationFailed', message: 'It does not.', status: 403, afterEffect: false, times: 1 };

async function createUntil(name: string, state: string): Promise<void> {
  expect((await stack.api('ACICreate', { body: createBody(name) })).status).toBe(202);
  await stack.advanceUntil(async () => (await groupOf(stack, name))?.state === state);
}

test('a name is free again once ARM has refused the group, and not when it was never asked', async () => {
  const [refused = '', unasked = ''] = names;
  // An activity may run twice, and both are refused.
  const always = { ...failing, times: Infinity };
  setFaults({ arm: { failNext: [{ ...always, operation: 'PUT' }] } });
  await createUntil(refused, 'Failed');
  setFaults({});
  await createUntil(refused, 'Running');
  setFaults({ arm: { failNext: [{ ...always, operation: 'GET', containerGroupName: unasked }] } });
  await createUntil(unasked, 'Failed');
  setFaults({});
  expect((await stack.api('ACICreate', { body: createBody(unasked) })).status).toBe(409);
  await Promise.all([refused, unasked].map((name) => stack.api('ACIDelete', { body: idOf(name) })));
});

test('a group that is there though ARM says no runs, as when its request was sent twice', async () => {
  const [name = ''] = names;
  setFaults({ arm: { failNext: [{ ...failing, operation: 'PUT', afterEffect: true }] } });
  await createUntil(name, 'Running');
  await stack.api('ACIDelete', { body: idOf(name) });
});

test('a region that fills up later leaves no resource behind once the group is deleted', async () => {
  setFaults({ capacity: { regionsFull: ['westeurope'], async: true } });
  await createAll();
  await untilStates(stack, names, isFailed);
  expect(await namesInArm(stack.arm)).toHaveLength(names.length);
  await deleteAll();
});

test('with throttling, errors, lost answers and half of the events missing, all converges', async () => {
  setFaults({
    quotas: 'off',
    arm: { throttleRate: 0.1, serverErrorRate: 0.1, lostAnswerRate: 0.3 },
    events: { drop: 0.5, duplicate: 0.5 },
  });
  await createAll();
  await untilStates(stack, names, isRunning);
  for (const name of names) {
    await stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } });
  }
  await untilStates(stack, names, isGone);
});
