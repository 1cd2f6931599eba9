import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { namesInArm } from './stack/arm-client.ts';
import { tokenOf } from './stack/callers.ts';
import { createBody, createRunning, groupOf, idOf, isFailed, isGone, untilState } from './stack/game.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

const DURABLE_API = '/runtime/webhooks/durabletask/instances';
const MINUTE_MS = 60_000;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { ACI_PROVISIONING_DEADLINE: 'PT12M', ACI_POLL_INTERVAL: 'PT2S' } });
});

afterEach(() => {
  stack.arm.setFaults(noFaults);
});

afterAll(async () => {
  await stack.stop();
});

async function createNeverReady(name: string): Promise<void> {
  expect((await stack.api('ACICreate', { body: createBody(name, { image: 'local/never-ready' }) })).status).toBe(202);
  await stack.advanceUntil(async () => (await namesInArm(stack.arm)).includes(name));
}

async function terminate(id: string): Promise<void> {
  await stack.post(`${DURABLE_API}/${id}/terminate?reason=test`, undefined);
  await stack.advanceUntil(async () => (await stack.get(`${DURABLE_API}/${id}`)).body.runtimeStatus === 'Terminated');
}

async function remove(name: string): Promise<void> {
  expect((await stack.api('ACIDelete', { body: idOf(name) })).status).toBe(202);
  await untilGone(name);
}

async function untilGone(name: string): Promise<void> {
  await untilState(stack, name, isGone);
  expect(await namesInArm(stack.arm)).not.toContain(name);
}

describe('a provisioning that was terminated', () => {
  test('leaves a group that is Failed soon after its deadline, and can be deleted', async () => {
    await createNeverReady('abandoned');
    const createdMs = Date.parse((await groupOf(stack, 'abandoned')).createdAt);
    await terminate('provision:games:abandoned');
    await stack.advance(10 * MINUTE_MS);
    expect(await groupOf(stack, 'abandoned')).toMatchObject({ state: 'Creating' });
    await untilState(stack, 'abandoned', isFailed);
    expect(stack.clock.now() - createdMs).toBeGreaterThan(12 * MINUTE_MS);
    expect(stack.clock.now() - createdMs).toBeLessThan(27 * MINUTE_MS);
    const { failure, timeline } = await groupOf(stack, 'abandoned');
    expect(failure).toMatchObject({ code: 'deadlineExceeded' });
    expect(timeline.at(-1)).toMatchObject({ event: 'failed', cause: expect.stringMatching(/^sweep \d+$/) });
    await remove('abandoned');
  });

  test('is a problem to whoever waits for it, and to whoever asks for it', async () => {
    const waiting = stack.api('ACICreate?wait=20', {
      body: createBody('waited-for', { image: 'local/never-ready' }),
    });
    await stack.advanceUntil(async () => (await groupOf(stack, 'waited-for')) !== undefined);
    await terminate('provision:games:waited-for');
    expect(await waiting).toMatchObject({ status: 500, body: { code: 'endedWithoutOutcome' } });
    const asked = await stack.api('ACIOperation?id=provision:games:waited-for');
    expect(asked).toMatchObject({
      status: 500,
      body: { code: 'endedWithoutOutcome', id: 'provision:games:waited-for', runtimeStatus: 'Terminated' },
    });
    await remove('waited-for');
  });
});

test('a creation that hangs until its deadline ends by its own word, with a short history of many looks', async () => {
  await createNeverReady('hanging');
  await untilState(stack, 'hanging', isFailed);
  const { timeline } = await groupOf(stack, 'hanging');
  expect(timeline.at(-1).cause).toMatch(/^request /);
  const { body } = await stack.get(`${DURABLE_API}/provision:games:hanging?showHistory=true`);
  expect(body.output).toMatchObject({ ok: false, failure: { code: 'deadlineExceeded' } });
  expect(body.input.progress.attempt).toBeGreaterThan(40);
  expect(body.historyEvents.length).toBeLessThan(850);
  await remove('hanging');
});

test('a provisioning that was suspended beyond its deadline cannot make its group Running any more', async () => {
  await createNeverReady('asleep');
  await stack.post(`${DURABLE_API}/provision:games:asleep/suspend?reason=test`, undefined);
  await untilState(stack, 'asleep', isFailed);
  await stack.post(`${DURABLE_API}/provision:games:asleep/resume?reason=test`, undefined);
  const { output } = await stack.advanceUntil(async (): Promise<Answer['body']> => {
    const { body } = await stack.get(`${DURABLE_API}/provision:games:asleep`);
    return body.runtimeStatus === 'Completed' && body;
  });
  expect(output).toMatchObject({ ok: false, failure: { code: 'deadlineExceeded' } });
  await remove('asleep');
});

test('a group whose provisioning is suspended can be deleted', async () => {
  await createNeverReady('undead');
  await stack.post(`${DURABLE_API}/provision:games:undead/suspend?reason=test`, undefined);
  await stack.advanceUntil(
    async () => (await stack.get(`${DURABLE_API}/provision:games:undead`)).body.runtimeStatus === 'Suspended',
  );
  await remove('undead');
  expect((await stack.get(`${DURABLE_API}/provision:games:undead`)).body.runtimeStatus).toBe('Terminated');
});

describe('a deletion that began and was terminated is taken up by a sweep', () => {
  beforeAll(async () => {
    for (const name of ['of-running', 'of-failed']) {
      await createRunning(stack, name);
    }
    await stack.api('ACISetState', { body: { ...idOf('of-failed'), state: 'Failed' } });
    await createNeverReady('of-creating');
  });

  test.each(['of-running', 'of-failed', 'of-creating'])('%s', async (name) => {
    const failure = { operation: 'DELETE', status: 500, code: 'InternalServerError', message: 'No.' } as const;
    const failNext = [{ ...failure, afterEffect: false, times: 20, containerGroupName: name }];
    stack.arm.setFaults({ ...noFaults, arm: { ...noFaults.arm, failNext } });
    expect((await stack.api('ACIDelete', { body: idOf(name) })).status).toBe(202);
    await stack.advanceUntil(async () => (await groupOf(stack, name)).deletion !== undefined);
    await terminate(`delete:games:${name}`);
    stack.arm.setFaults(noFaults);
    expect(await namesInArm(stack.arm)).toContain(name);
    await untilGone(name);
  });
});

describe('what its creator wished of a group', () => {
  const groupIn = async (name: string, state: string) =>
    stack.advanceUntil(async (): Promise<Answer['body']> => {
      const group = await groupOf(stack, name);
      return group?.state === state && group;
    });

  /** Reports as the server of a group does, with its own token. */
  async function report(name: string): Promise<void> {
    const sig = encodeURIComponent(await tokenOf(stack, name));
    const answer = await stack.api(`ACIReport/games/${name}?sig=${sig}`, { body: { activeSessions: 0 } });
    expect(answer.body.results, answer.text).toMatchObject([{ status: 'accepted' }]);
  }

  test('a group that is old is marked with its players, and one that lies idle goes', async () => {
    await createRunning(stack, 'old', { maxLifetimeSeconds: 1_200 });
    await createRunning(stack, 'lying-idle', { idleSeconds: 600 });
    await stack.api('ACISetSessions', { body: { ...idOf('old'), activeSessions: 3 } });
    expect(await groupOf(stack, 'old')).toMatchObject({ state: 'Running', maxLifetimeSeconds: 1_200 });
    await untilGone('lying-idle');
    const { timeline } = await groupIn('old', 'MarkedForDeletion');
    expect(timeline.at(-1)).toMatchObject({ event: 'marked', detail: 'maxLifetime' });
    await stack.advance(60 * MINUTE_MS);
    expect(await groupOf(stack, 'old')).toMatchObject({ activeSessions: 3 });
    await stack.api('ACISetSessions', { body: { ...idOf('old'), activeSessions: 0 } });
    await untilGone('old');
  });

  test('a group whose server falls silent is Failed until it reports again', async () => {
    await createRunning(stack, 'watched', { health: { heartbeatSeconds: 60 } });
    const { failure } = await groupIn('watched', 'Failed');
    expect(failure).toMatchObject({ code: 'heartbeatLost' });
    await report('watched');
    expect((await groupIn('watched', 'Running')).timeline.at(-1)).toMatchObject({ event: 'heartbeatReturned' });
    await remove('watched');
  });

  test('a group that waits for its server is Running with its first report, and no sooner', async () => {
    expect((await stack.api('ACICreate', { body: createBody('slow-boot', { readiness: 'report' }) })).status).toBe(202);
    const status = async () => (await stack.get(`${DURABLE_API}/provision:games:slow-boot`)).body.customStatus;
    await stack.advanceUntil(async () => (await status())?.phase === 'waitingForReport');
    expect(await groupOf(stack, 'slow-boot')).toMatchObject({ state: 'Creating' });
    await report('slow-boot');
    await groupIn('slow-boot', 'Running');
    await remove('slow-boot');
  });

  test('a group that failed is deleted after an hour', async () => {
    await createRunning(stack, 'spoilt');
    await stack.api('ACISetState', { body: { ...idOf('spoilt'), state: 'Failed' } });
    await stack.advance(59 * MINUTE_MS);
    expect(await groupOf(stack, 'spoilt')).toMatchObject({ state: 'Failed' });
    await untilGone('spoilt');
  });
});
