import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFaults, type FailNext } from '../../local/arm/faults/faults.ts';
import { createBody, idOf } from './stack/game.ts';
import { makeNextVersion } from './stack/next-version.ts';
import { startProcessStack, type ProcessStack } from './stack/process-stack.ts';
import type { Answer } from './stack/stack.ts';

// One stack lives through an upgrade, a way back and the upgrade again, killed in between each time; the tests are its steps.
let stack: ProcessStack;
const next = makeNextVersion();

beforeAll(async () => {
  stack = await startProcessStack({ ACI_SEALING_KEYS: `test:${Buffer.alloc(32).toString('base64')}` });
});

afterAll(async () => {
  await stack.stop();
});

const post = (name: string, body: unknown): Promise<Answer> => stack.call(`/api/${name}`, { body });
const stateOf = async (name: string): Promise<string> => {
  const { status, body } = await stack.call(
    `/api/ACIDetails?resourceGroup=games&containerGroupName=${name}&type=timeline`,
  );
  return status === 404 ? 'gone' : body.state;
};
const untilState = (name: string, state: string) => stack.until(async () => (await stateOf(name)) === state);
const instance = async (id: string): Promise<Answer['body']> =>
  (await stack.call(`/runtime/webhooks/durabletask/instances/${id}?showHistory=true`)).body;

/** Whether the step that only the next version has is the first one of an instance. */
const isOfNext = async (id: string): Promise<boolean> =>
  (await instance(id)).historyEvents.at(1)?.EventType.startsWith('Timer');

/** ARM fails at all of this until `holdUp` is called again, so that what needs it stays under way. */
function holdUp(...groups: { operation: FailNext['operation']; containerGroupName: string }[]): void {
  const failure = { status: 500, code: 'InternalServerError', message: 'Later.', afterEffect: false, times: 1_000_000 };
  const failNext = groups.map((group) => ({ ...failure, ...group }));
  stack.arm.setFaults({ ...noFaults, arm: { ...noFaults.arm, failNext } });
}

async function restartWith(appDirectory?: string): Promise<void> {
  await stack.kill();
  await stack.start(appDirectory);
}

async function createRunning(name: string): Promise<void> {
  expect(await post('ACICreate?wait=60', createBody(name))).toMatchObject({ status: 200, body: { state: 'Running' } });
}

/** Sweeps, and returns the number of the sweep. */
async function sweepNow(): Promise<number> {
  const { status, body } = await stack.call('/api/ACIGC', { method: 'POST' });
  expect(status).toBe(200);
  return body.number;
}

let sweepNumber: number;

test('before the upgrade there are groups in every state, and a creation, a deletion and the sweep are under way', async () => {
  for (const name of ['running', 'busy', 'failed', 'deleting', 'untouched']) {
    await createRunning(name);
  }
  await post(
    'ACISetSessions',
    ['running', 'busy'].map((name) => ({ ...idOf(name), activeSessions: 3 })),
  );
  await post('ACISetState', { ...idOf('busy'), state: 'MarkedForDeletion' });
  await post('ACISetState', { ...idOf('failed'), state: 'Failed' });
  sweepNumber = await sweepNow();
  holdUp({ operation: 'GET', containerGroupName: 'creating' }, { operation: 'DELETE', containerGroupName: 'deleting' });
  expect((await post('ACICreate', createBody('creating'))).status).toBe(202);
  expect((await post('ACIDelete', idOf('deleting'))).status).toBe(202);
  await stack.until(async () => (await instance('provision:games:creating')).customStatus?.phase === 'requested');
  await stack.until(async () => (await instance('delete:games:deleting')).customStatus?.retrying !== undefined);
  await stack.call('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', { body: {} });
  await stack.until(async () => {
    const { customStatus } = await instance('collect-garbage');
    return customStatus.number > sweepNumber && customStatus.phase === 'collecting';
  });
});

describe('after the upgrade', () => {
  beforeAll(async () => {
    await restartWith(next);
  });

  test('what was under way ends as it began', async () => {
    holdUp();
    await untilState('creating', 'Running');
    await untilState('deleting', 'gone');
    expect(await isOfNext('provision:games:creating')).toBe(false);
    // The entity goes first, and then its deletion ends.
    const { output } = await stack.until(async () => {
      const deletion = await instance('delete:games:deleting');
      return deletion.runtimeStatus === 'Completed' && deletion;
    });
    expect(output).toEqual({ ok: true, deleted: true });
  });

  test('the sweep ends itself and goes on as the new version, with its number kept', async () => {
    const number = await sweepNow();
    expect(number).toBeGreaterThan(sweepNumber + 1);
    sweepNumber = number;
    expect(await isOfNext('collect-garbage')).toBe(true);
  });

  test('every group is there, and takes what it is told', async () => {
    expect(await Promise.all(['running', 'busy', 'failed', 'creating', 'untouched'].map(stateOf))).toEqual([
      'Running',
      'MarkedForDeletion',
      'Failed',
      'Running',
      'Running',
    ]);
    const { body } = await post('ACISetSessions', { ...idOf('running'), activeSessions: 4 });
    expect(body.results).toMatchObject([{ status: 'accepted' }]);
    await stack.until(async () => {
      const { body: group } = await stack.call('/runtime/webhooks/durabletask/entities/containergroup/games:running');
      return group.schemaVersion > 1 && group.seats === 0 && group.activeSessions === 4;
    });
  });

  test('what begins now begins as the new version', async () => {
    await createRunning('newborn');
    expect(await isOfNext('provision:games:newborn')).toBe(true);
    holdUp({ operation: 'GET', containerGroupName: 'half-born' });
    expect((await post('ACICreate', createBody('half-born'))).status).toBe(202);
    await untilState('half-born', 'Creating');
  });
});

describe('after the way back', () => {
  beforeAll(async () => {
    await restartWith();
    holdUp();
  });

  test('what the older version knows goes on: orchestrations that did not change, and groups that were not changed', async () => {
    expect((await post('ACIDelete', idOf('untouched'))).status).toBe(202);
    await untilState('untouched', 'gone');
    await createRunning('old-again');
    expect(await isOfNext('provision:games:old-again')).toBe(false);
  });

  test('what the newer version began stays as it is', async () => {
    expect((await instance('provision:games:half-born')).runtimeStatus).toBe('Running');
    expect((await instance('collect-garbage')).runtimeStatus).toBe('Running');
  });

  test('groups that the newer version changed are shown and left alone', async () => {
    const report = await post('ACISetSessions', { ...idOf('newborn'), activeSessions: 1 });
    expect(report).toMatchObject({ status: 503, body: { code: 'newerState' } });
    const { body } = await stack.call('/api/ACIList');
    const shown = body.map(({ containerGroupName, failure }: Answer['body']) => [containerGroupName, failure?.code]);
    expect(Object.fromEntries(shown)).toEqual({
      creating: 'newerState',
      newborn: 'newerState',
      running: 'newerState',
      'old-again': undefined,
    });
  });
});

describe('after the upgrade again', () => {
  beforeAll(async () => {
    await restartWith(next);
  });

  test('what the newer version had begun goes on', async () => {
    await untilState('half-born', 'Running');
    expect(await sweepNow()).toBeGreaterThan(sweepNumber);
  });

  test('everything can be ended, and nothing is left', async () => {
    await post('ACISetSessions', { ...idOf('busy'), activeSessions: 0 });
    for (const name of ['running', 'failed', 'creating', 'newborn', 'half-born', 'old-again']) {
      expect((await post('ACIDelete', idOf(name))).status).toBe(202);
    }
    await stack.call('/api/ACIGC', { method: 'POST' });
    for (const name of ['running', 'busy', 'failed', 'creating', 'newborn', 'half-born', 'old-again']) {
      await untilState(name, 'gone');
    }
    expect(stack.output()).not.toMatch(/Non-Deterministic|can't be read/);
  });
});
