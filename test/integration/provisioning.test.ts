import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { noFaults, type FailNext, type Faults } from '../../local/arm/faults/faults.ts';
import { createBody, createRunning, groupOf, idOf, isFailed, isGone, untilState } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  // Shorter than the half hour after which ACI gives up by itself.
  stack = await startStack({ settings: { ACI_PROVISIONING_DEADLINE: 'PT20M' } });
});

afterEach(() => {
  stack.arm.setFaults(noFaults);
});

afterAll(async () => {
  await stack.stop();
});

function setFaults(faults: Partial<Faults>): void {
  stack.arm.setFaults({ ...noFaults, ...faults });
}

function failNext(fault: Partial<FailNext>): void {
  const failure = {
    operation: 'PUT',
    status: 500,
    code: 'InternalServerError',
    message: 'It broke.',
    afterEffect: false,
    times: 1,
  } as const;
  setFaults({ arm: { ...noFaults.arm, failNext: [{ ...failure, ...fault }] } });
}

/** Creates a group and lets it come to its end, whatever that is. */
async function outcomeOf(name: string, image?: string) {
  const created = await stack.api('ACICreate', { body: createBody(name, image === undefined ? {} : { image }) });
  expect(created.status, created.text).toBe(202);
  const status = await stack.advanceUntil(async () => {
    const { body } = await stack.get(created.body.statusQueryGetUri);
    return body.runtimeStatus !== 'Running' && body.runtimeStatus !== 'Pending' && body;
  });
  expect(status.runtimeStatus).toBe('Completed');
  return status.output;
}

test('a group whose image cannot be pulled is Failed with the cause', async () => {
  const output = await outcomeOf('no-image', 'local/does-not-exist');
  expect(output).toMatchObject({ ok: false, failure: { code: 'imagePullFailed' } });
  expect(output.failure.message).toContain('local/does-not-exist');
  expect(await groupOf(stack, 'no-image')).toMatchObject({ state: 'Failed', failure: { code: 'imagePullFailed' } });
});

test('a group that never becomes ready fails at its deadline, and says what was seen last', async () => {
  const beganMs = stack.clock.now();
  const output = await outcomeOf('never-ready', 'local/never-ready');
  expect(output).toMatchObject({ ok: false, failure: { code: 'deadlineExceeded' } });
  expect(output.failure.message).toContain('Waiting');
  const took = stack.clock.now() - beganMs;
  expect(took).toBeGreaterThanOrEqual(20 * 60_000);
  expect(took).toBeLessThan(21 * 60_000);
});

test('an image that Azure refuses at once fails at once', async () => {
  const beganMs = stack.clock.now();
  expect(await outcomeOf('not-accessible', 'local/not-accessible')).toMatchObject({
    failure: { code: 'imageInaccessible' },
  });
  expect(stack.clock.now() - beganMs).toBeLessThan(10_000);
});

test.each([
  { about: 'at once', async: false },
  { about: 'late', async: true },
])('a region without room, found out $about, says so', async ({ async }) => {
  setFaults({ capacity: { regionsFull: ['westeurope'], async } });
  expect(await outcomeOf(`no-room-${async}`)).toMatchObject({ failure: { code: 'insufficientCapacity' } });
});

test('a throttled creation waits as long as ARM asks for, and then goes on', async () => {
  // Two attempts, each of which may be made twice.
  failNext({ status: 429, code: 'TooManyRequests', retryAfterSeconds: 90, times: 4 });
  const beganMs = stack.clock.now();
  expect(await outcomeOf('throttled')).toMatchObject({ ok: true });
  expect(stack.clock.now() - beganMs).toBeGreaterThanOrEqual(180_000);
});

test('an answer that is lost after ARM took the request leads to no second PUT', async () => {
  const putsBefore = stack.arm.requestCounts()['PUT containerGroups'] ?? 0;
  failNext({ status: 503, code: 'ServerTimeout', afterEffect: true });
  expect(await outcomeOf('lost-answer')).toMatchObject({ ok: true, group: { state: 'Running' } });
  expect((stack.arm.requestCounts()['PUT containerGroups'] ?? 0) - putsBefore).toBe(1);
});

test('a refused specification fails at once with what ARM said', async () => {
  // The activity may run twice, and its first answer be lost.
  failNext({ status: 400, code: 'InvalidImageName', message: 'The image name is invalid.', times: 2 });
  const output = await outcomeOf('refused');
  expect(output).toMatchObject({ ok: false, failure: { code: 'specRefused' } });
  expect(output.failure.message).toContain('The image name is invalid.');
});

test('ACIDelete of a group that is being created ends the creation, and leaves nothing in ARM', async () => {
  await stack.api('ACICreate', { body: createBody('unwanted') });
  // The PUT is sent, and ARM holds its answer back.
  await stack.settle();
  expect(stack.arm.heldAnswers()).toBe(1);
  expect((await stack.api('ACIDelete', { body: idOf('unwanted') })).status).toBe(202);
  await untilState(stack, 'unwanted', isGone);
  await stack.advance(120_000);
  expect(await groupOf(stack, 'unwanted')).toBeUndefined();
  // A creation of the name finds no resource of another owner in its way.
  expect(await outcomeOf('unwanted')).toMatchObject({ ok: true });
});

test('a group deleted by somebody else is Failed with deletedOutside, and the next sweep forgets it', async () => {
  await createRunning(stack, 'stolen');
  await stack.deleteInArm('stolen');
  await untilState(stack, 'stolen', isFailed);
  expect((await groupOf(stack, 'stolen')).failure.code).toBe('deletedOutside');
  await stack.advance(6 * 60_000);
  expect(await groupOf(stack, 'stolen')).toBeUndefined();
});

test('an existing name is refused with its state, and never a second PUT', async () => {
  await createRunning(stack, 'taken');
  const putsBefore = stack.arm.requestCounts()['PUT containerGroups'];
  const again = await stack.api('ACICreate', { body: { ...createBody('taken'), resourceGroup: 'GAMES' } });
  expect(again).toMatchObject({
    status: 409,
    body: { code: 'alreadyExists', state: 'Running', statusUrls: { id: 'provision:games:taken' } },
  });
  expect(stack.arm.requestCounts()['PUT containerGroups']).toBe(putsBefore);
});

test('an Idempotency-Key gets the first answer again, and another body with it is refused', async () => {
  const headers = { 'Idempotency-Key': 'match-4711' };
  const first = await stack.api('ACICreate', { body: createBody('repeated'), headers });
  const second = await stack.api('ACICreate', { body: createBody('repeated'), headers });
  expect(second).toMatchObject({ status: 202, body: first.body });
  const other = await stack.api('ACICreate', { body: createBody('repeated', { maxSessions: 5 }), headers });
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotencyKeyReused' } });
});
