import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { createBody, createRunning, groupOf, idOf, isGone, isRunning, untilState } from './stack/game.ts';
import { answerAfter } from './stack/open-request.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ faults: { quotas: 'off' } });
});

afterAll(async () => {
  await stack.stop();
});

async function setState(name: string, state: string, headers: Record<string, string> = {}): Promise<Answer> {
  return stack.api('ACISetState', { body: { ...idOf(name), state }, headers });
}

async function untilGone(name: string): Promise<void> {
  await untilState(stack, name, isGone);
}

/** The list item of a group, without what only the timeline shows. */
async function itemOf(name: string) {
  const { timeline: _, ...item } = await groupOf(stack, name);
  return item;
}

describe('ACICreate with ?wait', () => {
  const waitFor = async (name: string, image?: string) =>
    answerAfter(
      stack,
      stack.api('ACICreate?wait=60', { body: createBody(name, image === undefined ? {} : { image }) }),
      async () => ['Running', 'Failed'].includes((await groupOf(stack, name))?.state),
    );

  test('answers with the group once it runs', async () => {
    const answer = await waitFor('awaited');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(await itemOf('awaited'));
    expect(answer.body).toMatchObject({ state: 'Running', publicIP: '127.0.0.1' });
  });

  test('answers with the failure, and its HTTP status', async () => {
    expect(await waitFor('awaited-in-vain', 'local/does-not-exist')).toMatchObject({
      status: 422,
      body: { code: 'imagePullFailed', status: 422 },
    });
  });

  test('answers as without it when the group is not ready by then', async () => {
    const answer = await stack.api('ACICreate?wait=1', { body: createBody('impatient') });
    expect(answer).toMatchObject({ status: 202, body: { id: 'provision:games:impatient' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect((await groupOf(stack, 'impatient')).state).toBe('Creating');
    await untilState(stack, 'impatient', isRunning);
  });
});

describe('ACISetState', () => {
  test.each(['MarkedForDeletion', 'Failed'])('refuses %s of a group that is being created', async (state) => {
    const name = `creating-${state.toLowerCase()}`;
    await stack.api('ACICreate', { body: createBody(name) });
    await stack.settle();
    expect(await setState(name, state)).toMatchObject({
      status: 409,
      body: { code: 'stillCreating', state: 'Creating' },
    });
    await untilState(stack, name, isRunning);
  });

  test('takes a repeated mark, which changes nothing', async () => {
    await createRunning(stack, 'marked-twice');
    const first = await setState('marked-twice', 'MarkedForDeletion');
    expect(await setState('marked-twice', 'MarkedForDeletion')).toMatchObject({ status: 200, body: first.body });
    expect((await groupOf(stack, 'marked-twice')).timeline).toHaveLength(3);
  });

  test('refuses to mark what has failed', async () => {
    await createRunning(stack, 'failed');
    expect(await setState('failed', 'Failed')).toMatchObject({
      status: 200,
      body: { state: 'Failed', failure: { code: 'setFailed' } },
    });
    expect(await setState('failed', 'MarkedForDeletion')).toMatchObject({
      status: 409,
      body: { code: 'groupFailed', state: 'Failed' },
    });
  });

  test('refuses every state of a group whose deletion began', async () => {
    await createRunning(stack, 'leaving');
    await stack.api('ACIDelete', { body: idOf('leaving') });
    await stack.settle();
    for (const state of ['MarkedForDeletion', 'Failed']) {
      expect(await setState('leaving', state)).toMatchObject({ status: 409, body: { code: 'deletionBegan' } });
    }
    await untilGone('leaving');
  });

  test('answers a repeated key as the first time, whatever happened since', async () => {
    await createRunning(stack, 'keyed');
    const first = await setState('keyed', 'MarkedForDeletion', { 'Idempotency-Key': 'drain-1' });
    await setState('keyed', 'Failed');
    const again = await setState('keyed', 'MarkedForDeletion', { 'Idempotency-Key': 'drain-1' });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.state).toBe('Failed');
    expect(await setState('keyed', 'MarkedForDeletion', { 'Idempotency-Key': 'drain-2' })).toMatchObject({
      status: 409,
    });
  });
});

describe('ACIDelete', () => {
  test('deletes a group that is played on, and with ifIdle does not', async () => {
    await createRunning(stack, 'played-on');
    await stack.api('ACISetSessions', { body: { ...idOf('played-on'), activeSessions: 2 } });
    await stack.settle();
    expect(await stack.api('ACIDelete', { body: { ...idOf('played-on'), ifIdle: true } })).toMatchObject({
      status: 409,
      body: { code: 'sessionsActive', activeSessions: 2 },
    });
    expect((await groupOf(stack, 'played-on')).state).toBe('Running');
    expect((await stack.api('ACIDelete', { body: idOf('played-on') })).status).toBe(202);
    await untilGone('played-on');
  });

  test('of the same group again leads to the same operation, and to one DELETE', async () => {
    await createRunning(stack, 'deleted-twice');
    const deletesBefore = stack.arm.requestCounts()['DELETE containerGroups'] ?? 0;
    const answers = await Promise.all([1, 2, 3].map(() => stack.api('ACIDelete', { body: idOf('deleted-twice') })));
    expect(answers.map(({ status, body }) => [status, body.id])).toEqual(
      Array.from({ length: 3 }, () => [202, 'delete:games:deleted-twice']),
    );
    await untilGone('deleted-twice');
    expect((stack.arm.requestCounts()['DELETE containerGroups'] ?? 0) - deletesBefore).toBe(1);
    expect((await stack.api('ACIDelete', { body: idOf('deleted-twice') })).body).toEqual({ deleted: true });
  });

  test('of a group whose containers ARM is about to start leaves nothing behind', async () => {
    await stack.api('ACICreate', { body: createBody('half-made') });
    await stack.advance(5_000);
    expect((await stack.api(detailsOf('half-made'))).body).toMatchObject({
      state: 'Creating',
      containerGroup: { provisioningState: 'Creating' },
    });
    expect((await stack.api('ACIDelete', { body: idOf('half-made') })).status).toBe(202);
    await untilGone('half-made');
    await expectNothingLeft('half-made');
  });

  test('sent together with the creation leaves a whole group or none', async () => {
    await Promise.all([
      stack.api('ACICreate', { body: createBody('both') }),
      stack.api('ACIDelete', { body: idOf('both') }),
    ]);
    const isOver = async (instanceId: string) => {
      const { status, body } = await stack.get(`/runtime/webhooks/durabletask/instances/${instanceId}`);
      return status === 404 || body.runtimeStatus === 'Completed';
    };
    await stack.advanceUntil(async () => (await isOver('provision:games:both')) && (await isOver('delete:games:both')));
    const group = await groupOf(stack, 'both');
    if (group === undefined) {
      await expectNothingLeft('both');
    } else {
      expect(group.state).toBe('Running');
    }
  });
});

describe('ACIDetails', () => {
  test("shows a container's log, and its last lines", async () => {
    await createRunning(stack, 'talking');
    const all = await stack.api(`${detailsOf('talking')}&type=logs`);
    expect(all).toMatchObject({ status: 200, body: { containerName: 'server' } });
    const lines = all.body.content.trimEnd().split('\n');
    const tail = await stack.api(`${detailsOf('talking')}&type=logs&containerName=server&tail=1`);
    expect(tail.body.content.trimEnd()).toBe(lines.at(-1));
  });

  test('of ARM out of reach still shows what the entity knows, and says why there is no more', async () => {
    stack.arm.setFaults({
      ...noFaults,
      quotas: 'off',
      arm: {
        ...noFaults.arm,
        failNext: [
          { operation: 'GET', status: 503, code: 'ServerTimeout', message: 'Busy.', afterEffect: false, times: 1 },
        ],
      },
    });
    expect((await stack.api(detailsOf('talking'))).body).toMatchObject({
      state: 'Running',
      containerGroup: null,
      armFailure: { code: 'armUnavailable' },
    });
  });
});

function detailsOf(name: string): string {
  return `ACIDetails?resourceGroup=games&containerGroupName=${name}`;
}

/** That neither the app nor ARM knows the group, now and after everything late has come. */
async function expectNothingLeft(name: string): Promise<void> {
  await stack.advance(120_000);
  expect(await groupOf(stack, name)).toBeUndefined();
  // Another owner's resource of the name would be in the way of a new group.
  await createRunning(stack, name);
}
