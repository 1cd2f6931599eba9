import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { noFaults, type FailNext } from '../../local/arm/faults/faults.ts';
import { namesInArm } from './stack/arm-client.ts';
import { createBody, createRunning, groupOf, idOf, isFailed, isGone, untilState } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(async () => {
  stack.arm.setFaults(noFaults);
  // Whatever was put off in a test has its time, which ends with the deadline of a creation: nothing may come back, nor bill unseen.
  await stack.advance(40 * 60_000);
  expect((await stack.api('ACIList?state=Creating')).body).toEqual([]);
  expect((await stack.api('ACIList')).body).toEqual([]);
  expect(await namesInArm(stack.arm)).toEqual([]);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

afterAll(async () => {
  await stack.stop();
});

/** Has ARM fail some requests, and lose every event, so that nothing but the polls tells how things are. */
function failNext(...faults: (Partial<FailNext> & Pick<FailNext, 'operation' | 'status' | 'code'>)[]): void {
  stack.arm.setFaults({
    ...noFaults,
    events: { ...noFaults.events, drop: 1 },
    arm: {
      ...noFaults.arm,
      failNext: faults.map((fault) => ({ message: 'Not now.', afterEffect: false, times: 1, ...fault })),
    },
  });
}

/** How often ARM was asked to do this since `from`. */
function countSince(from: Readonly<Record<string, number>>, operation: 'PUT' | 'DELETE'): number {
  const kind = `${operation} containerGroups`;
  return (stack.arm.requestCounts()[kind] ?? 0) - (from[kind] ?? 0);
}

async function create(name: string, image?: string) {
  const created = await stack.api('ACICreate', { body: createBody(name, image === undefined ? {} : { image }) });
  expect(created.status, created.text).toBe(202);
  return created;
}

/** Deletes the group, and tells what became of its creation and how long both took in virtual time. */
async function cancel(name: string) {
  const beganMs = stack.clock.now();
  const deleted = await stack.api('ACIDelete', { body: idOf(name) });
  expect(deleted.status, deleted.text).toBe(202);
  const deletion = await stack.advanceUntil(async () => {
    const { body } = await stack.get(deleted.body.statusQueryGetUri);
    return body.runtimeStatus === 'Completed' && body;
  });
  expect(deletion.output).toEqual({ ok: true, deleted: true });
  expect(await groupOf(stack, name)).toBeUndefined();
  const creation = await stack.get(`/runtime/webhooks/durabletask/instances/provision:games:${name}`);
  return { creation: creation.body, tookMs: stack.clock.now() - beganMs };
}

async function untilPhase(name: string, phase: string): Promise<void> {
  await stack.advanceUntil(async () => {
    const { body } = await stack.get(`/runtime/webhooks/durabletask/instances/provision:games:${name}`);
    return body.customStatus?.phase === phase;
  });
}

/** How often ARM is asked at one attempt: the activity that asks may run twice. */
const ONE_ATTEMPT = [1, 2];

test('a creation that waits for ARM to take it is not sent once it is not wanted any more', async () => {
  failNext({ operation: 'PUT', status: 429, code: 'TooManyRequests', retryAfterSeconds: 600, times: 5 });
  const before = stack.arm.requestCounts();
  await create('put-off');
  await stack.advance(30_000);
  expect(await groupOf(stack, 'put-off')).toMatchObject({ state: 'Creating' });
  const { creation, tookMs } = await cancel('put-off');
  expect(creation).toMatchObject({
    runtimeStatus: 'Completed',
    output: { ok: false, failure: { code: 'provisioningCancelled' } },
  });
  // Not the ten minutes that the creation would have waited.
  expect(tookMs).toBeLessThan(60_000);
  // Longer than that.
  await stack.advance(15 * 60_000);
  expect(ONE_ATTEMPT).toContain(countSince(before, 'PUT'));
  expect(countSince(before, 'DELETE')).toBe(0);
});

test('a creation whose answer was lost is found in ARM and deleted there', async () => {
  failNext({ operation: 'PUT', status: 503, code: 'ServerTimeout', afterEffect: true, retryAfterSeconds: 300 });
  const before = stack.arm.requestCounts();
  await create('unheard-of');
  await stack.advance(30_000);
  expect(await groupOf(stack, 'unheard-of')).toMatchObject({ state: 'Creating' });
  expect(await namesInArm(stack.arm)).toEqual(['unheard-of']);
  expect((await cancel('unheard-of')).tookMs).toBeLessThan(120_000);
  expect(countSince(before, 'PUT')).toBe(1);
  expect(ONE_ATTEMPT).toContain(countSince(before, 'DELETE'));
});

test('a creation that is put long after its birth and deleted at once does not run on, though ARM does not show it yet', async () => {
  const throttled = {
    operation: 'PUT',
    status: 429,
    code: 'TooManyRequests',
    retryAfterSeconds: 90,
    times: 2,
  } as const;
  failNext(throttled);
  await create('put-late');
  await stack.advanceUntil(async () => (await namesInArm(stack.arm)).includes('put-late'));
  expect(stack.clock.now() - Date.parse((await groupOf(stack, 'put-late')).createdAt)).toBeGreaterThan(60_000);
  failNext({ operation: 'GET', status: 404, code: 'ResourceNotFound', containerGroupName: 'put-late', times: 1_000 });
  expect((await stack.api('ACIDelete', { body: idOf('put-late') })).status).toBe(202);
  await stack.advance(10_000);
  failNext();
  await untilState(stack, 'put-late', isGone);
  expect(await namesInArm(stack.arm)).toEqual([]);
});

test('a creation is ended while ARM holds back its answer, with every event lost', async () => {
  failNext();
  await create('held');
  await stack.settle();
  expect(stack.arm.heldAnswers()).toBe(1);
  expect((await cancel('held')).creation.output).toMatchObject({ failure: { code: 'provisioningCancelled' } });
});

test.each([
  { phase: 'pullingImage', image: 'local/does-not-exist' },
  { phase: 'starting', image: 'local/never-ready' },
])('a creation that is $phase is ended, with every event lost', async ({ phase, image }) => {
  failNext();
  const name = `cancelled-${phase.toLowerCase()}`;
  await create(name, image);
  await untilPhase(name, phase);
  expect((await cancel(name)).creation.output).toMatchObject({ failure: { code: 'provisioningCancelled' } });
});

test('a creation that failed at once is deleted without a word to ARM', async () => {
  failNext({ operation: 'PUT', status: 400, code: 'InvalidImageName', times: 2 });
  await create('refused');
  await untilState(stack, 'refused', isFailed);
  const before = stack.arm.requestCounts();
  await cancel('refused');
  expect(countSince(before, 'DELETE')).toBe(0);
});

test('a deletion that ARM throttles waits as long as ARM asks for, and goes on', async () => {
  await createRunning(stack, 'clingy');
  failNext({ operation: 'DELETE', status: 429, code: 'TooManyRequests', retryAfterSeconds: 90, times: 4 });
  const before = stack.arm.requestCounts();
  expect((await cancel('clingy')).tookMs).toBeGreaterThanOrEqual(180_000);
  expect(countSince(before, 'DELETE')).toBeGreaterThanOrEqual(3);
});

test('a deletion whose answer is lost is not asked for twice', async () => {
  await createRunning(stack, 'unsaid');
  failNext({ operation: 'DELETE', status: 503, code: 'ServerTimeout', afterEffect: true });
  const before = stack.arm.requestCounts();
  await cancel('unsaid');
  expect(ONE_ATTEMPT).toContain(countSince(before, 'DELETE'));
});

test('the name of an ended creation is free at once, and its next group knows nothing of it', async () => {
  failNext({ operation: 'PUT', status: 429, code: 'TooManyRequests', retryAfterSeconds: 300 });
  await create('again');
  await stack.advance(10_000);
  await cancel('again');
  stack.arm.setFaults(noFaults);
  await createRunning(stack, 'again');
  const { timeline } = await groupOf(stack, 'again');
  expect(timeline.map(({ event }: { event: string }) => event)).toEqual(['created', 'provisioned']);
  // The wait of the earlier one ends meanwhile.
  await stack.advance(600_000);
  expect(await groupOf(stack, 'again')).toMatchObject({ state: 'Running' });
  await cancel('again');
});
