import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, groupOf, idOf, isGone, isRunning, untilState, untilStates } from './stack/game.ts';
import { answerAfter } from './stack/open-request.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

/** A sweep starts 25 deletions at once; it looks at all of these groups first, and begins with the last three some seconds later. */
const names = Array.from({ length: 28 }, (_, index) => `game-${index + 10}`);

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    profile: 'fast',
    faults: { quotas: 'off' },
    settings: { ACI_DELETIONS_PER_FIVE_MINUTES: '10000' },
  });
});

afterAll(async () => {
  await stack.stop();
});

async function createMarked(): Promise<void> {
  await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  await untilStates(stack, names, isRunning);
  const marked = await Promise.all(
    names.map((name) => stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } })),
  );
  expect(new Set(marked.map(({ status }) => status))).toEqual(new Set([200]));
}

/** Has the sweep begin, and stops when it has looked at every group and begun the deletion of the first of them. */
async function beginSweep(): Promise<number> {
  const after = (await sweepStatus()).number;
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', { after });
  await stack.advanceUntil(async () => (await waiting()).length < names.length);
  expect(await sweepStatus()).toMatchObject({ number: after + 1, phase: 'sweeping' });
  return after + 1;
}

async function sweepStatus() {
  return (await sweepInstance()).customStatus;
}

async function sweepInstance(): Promise<Answer['body']> {
  return (await stack.get('/runtime/webhooks/durabletask/instances/collect-garbage')).body;
}

/** The groups whose deletion has not begun. */
async function waiting(): Promise<string[]> {
  const { body } = await stack.api('ACIList?state=all');
  return body
    .filter(({ deletion }: { deletion?: object }) => deletion === undefined)
    .map(({ containerGroupName }: { containerGroupName: string }) => containerGroupName);
}

/** Resolves with the report of that sweep, which has counted all that it started. */
async function untilSweepEnded(number: number) {
  return stack.advanceUntil(async () => {
    const { phase, last } = await sweepStatus();
    return phase === 'waiting' && last.number === number && last;
  });
}

async function report(name: string, activeSessions: number): Promise<Answer['body']> {
  const answer = await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions } });
  await stack.settle();
  return answer.body.results[0];
}

test('a session that comes between the look of a sweep and its delete keeps the group alive, and one that comes after the deletion began is refused, and told so', async () => {
  await createMarked();
  const number = await beginSweep();
  const undecided = await waiting();
  const [late, ...others] = undecided;
  expect(others.length).toBeGreaterThanOrEqual(2);
  const begun = names.find((name) => !undecided.includes(name)) ?? '';
  expect(await report(late ?? '', 1)).toMatchObject({ status: 'accepted', state: 'MarkedForDeletion' });
  expect(await report(begun, 1)).toMatchObject({ status: 'refused', state: 'MarkedForDeletion' });

  expect(await untilSweepEnded(number)).toMatchObject({
    startedCount: 28,
    collectedCount: 27,
    keptCount: 1,
    failedCount: 0,
  });
  expect(await groupOf(stack, begun)).toBeUndefined();
  const kept = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${late}`);
  expect(kept.body).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 1 });
  expect(kept.body.deletion).toBeUndefined();
  expect(kept.body.containerGroup).toMatchObject({ provisioningState: 'Succeeded' });

  await report(late ?? '', 0);
  await untilState(stack, late ?? '', isGone);
});

test('ACIGC while a sweep is under way answers with one that began after the request, and each group is counted once', async () => {
  await createMarked();
  const number = await beginSweep();
  const answer = await answerAfter(stack, stack.api('ACIGC', { method: 'POST' }), async () => {
    const { phase, last } = await sweepStatus();
    return phase === 'waiting' && last.number > number;
  });
  expect(answer).toMatchObject({ status: 200, body: { number: number + 1, startedCount: 0, failedCount: 0 } });
  const { last: before } = (await sweepInstance()).input;
  expect(before).toMatchObject({ number, startedCount: names.length });
  // It waits for none that the sweep before it started, which its report counts all the same.
  const { collectedCount } = await untilSweepEnded(number + 1);
  expect(before.collectedCount + collectedCount).toBe(names.length);
  expect(await waiting()).toEqual([]);
  await stack.settle();
  expect((await sweepStatus()).number).toBe(number + 1);
});

test('many at once ask for a sweep, each gets one that began after its request, and none follows that nobody asked for', async () => {
  const before = (await sweepStatus()).number;
  const answers = await Promise.all(Array.from({ length: 10 }, () => stack.api('ACIGC', { method: 'POST' })));
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.body.number).toBeGreaterThan(before);
  }
  await stack.settle();
  expect((await sweepStatus()).number).toBeLessThanOrEqual(before + answers.length);
});
