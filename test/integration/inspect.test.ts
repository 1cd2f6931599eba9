import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { noFaults, type Faults } from '../../local/arm/faults/faults.ts';
import type { FaultsInput } from '../../local/arm/faults/faults-schema.ts';
import { parseIncidents } from '../../local/arm/faults/parse-faults.ts';
import { createArmClient, completed } from './stack/arm-client.ts';
import { createBody, createRunning, groupOf, idOf, isFailed, isGone, untilState } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

const MINUTE_MS = 60_000;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { ACI_FAILED_RETENTION: 'PT10M' } });
});

afterEach(() => {
  stack.arm.setFaults(noFaults);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

afterAll(async () => {
  await stack.stop();
});

function faultsWith(...incidents: NonNullable<FaultsInput['incidents']>): Faults {
  return { ...noFaults, incidents: parseIncidents({ name: 'the test', input: { incidents } }) };
}

/** Creates a group whose containers are started again by this policy, and brings it to Running. */
async function createWith(name: string, restartPolicy: string): Promise<void> {
  const { containerGroup } = createBody(name);
  await createRunning(stack, name, { containerGroup: { ...containerGroup, restartPolicy } });
}

/** Waits until an inspection has told something of a group: the newest entry of its timeline. */
async function told(name: string, event: string): Promise<{ event: string; cause: string; detail: string }> {
  return stack.advanceUntil(async () => {
    const { timeline } = await groupOf(stack, name);
    return timeline.at(-1).event === event && timeline.at(-1);
  });
}

/** How long it takes until a group has failed. */
async function untilFailed(name: string): Promise<number> {
  const since = stack.clock.now();
  await untilState(stack, name, isFailed);
  return stack.clock.now() - since;
}

async function report(name: string, activeSessions: number): Promise<void> {
  await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions } });
  await stack.advanceUntil(async () => (await groupOf(stack, name)).activeSessions === activeSessions);
}

async function remove(name: string): Promise<void> {
  await stack.api('ACIDelete', { body: idOf(name) });
  await untilState(stack, name, isGone);
}

test('a server that crashes and is left so fails its group within one inspection, and protects no sessions', async () => {
  await createWith('crashed', 'Never');
  await report('crashed', 2);
  stack.arm.setFaults(faultsWith({ kind: 'outOfMemory', names: ['crashed'], afterSeconds: 1 }));
  const crashedMs = stack.clock.now();
  await told('crashed', 'crashed');
  expect(stack.clock.now() - crashedMs).toBeLessThan(15 * MINUTE_MS);
  const { failure, containerEnd, timeline } = await groupOf(stack, 'crashed');
  expect(failure).toEqual({
    code: 'containerCrashed',
    message: 'server ended with exit code 137 (OOMKilled), and restartPolicy Never leaves it so.',
  });
  expect(containerEnd).toMatchObject({ containerName: 'server', exitCode: 137, reason: 'OOMKilled', restartCount: 0 });
  expect(containerEnd.lastLines.at(-1)).toBe('ended with exit code 137');
  expect(timeline.at(-1)).toMatchObject({ event: 'crashed', cause: expect.stringMatching(/^inspection \d+$/) });
  const failedMs = stack.clock.now();
  await untilState(stack, 'crashed', isGone);
  expect(stack.clock.now() - failedMs).toBeLessThan(25 * MINUTE_MS);
});

test('a crash loop fails a group that is always restarted, and leaves its sessions their protection', async () => {
  await createWith('looping', 'Always');
  await report('looping', 2);
  stack.arm.setFaults(faultsWith({ kind: 'crashLoops', names: ['looping'], exitCode: 3 }));
  const failedMs = await untilFailed('looping');
  expect(failedMs).toBeLessThan(20 * MINUTE_MS);
  const { failure, containerEnd, timeline } = await groupOf(stack, 'looping');
  expect(failure).toMatchObject({
    code: 'containerCrashed',
    message: expect.stringMatching(
      /^server keeps ending, the last time with exit code 3; Azure restarted it \d+ times\.$/,
    ),
  });
  expect(containerEnd).toMatchObject({ exitCode: 3, lastLines: expect.arrayContaining(['ended with exit code 3']) });
  expect(timeline.at(-1)).toMatchObject({ event: 'crashLoop' });
  const before = timeline.length;
  await stack.advance(30 * MINUTE_MS);
  expect(await groupOf(stack, 'looping')).toMatchObject({ state: 'Failed', activeSessions: 2 });
  expect((await groupOf(stack, 'looping')).timeline).toHaveLength(before);
  await remove('looping');
});

test('one restart by the platform is no failure: the timeline tells it, and the sessions stay until another boot reports', async () => {
  await createWith('restarted', 'Always');
  await report('restarted', 2);
  stack.arm.setFaults(faultsWith({ kind: 'silentRestarts', names: ['restarted'], afterSeconds: 1 }));
  await told('restarted', 'containerRestarted');
  stack.arm.setFaults(noFaults);
  const { state, activeSessions, timeline } = await groupOf(stack, 'restarted');
  expect({ state, activeSessions }).toEqual({ state: 'Running', activeSessions: 2 });
  expect(timeline.at(-1)).toMatchObject({
    event: 'containerRestarted',
    detail:
      'server once, its last run ended with exit code 7147 (by Azure itself); 2 sessions stay until the server reports another boot',
  });
  await stack.advanceUntil(async () => {
    const { inspection } = (await stack.api('ACIGC')).body;
    return inspection.inspectedCount === 1 && inspection.restartedCount === 0;
  });
  expect((await groupOf(stack, 'restarted')).timeline).toHaveLength(timeline.length);
  await remove('restarted');
});

test('a marked group whose server has ended in order is swept, whatever its sessions were', async () => {
  await createWith('ended', 'OnFailure');
  await report('ended', 2);
  await stack.api('ACISetState', { body: { ...idOf('ended'), state: 'MarkedForDeletion' } });
  stack.arm.setFaults(faultsWith({ kind: 'crashLoops', names: ['ended'], exitCode: 0 }));
  await told('ended', 'ended');
  expect(await groupOf(stack, 'ended')).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 2 });
  await untilState(stack, 'ended', isGone);
});

test('a group that somebody stopped in Azure is Failed, and one that is started again has its protection back', async () => {
  await createWith('stopped', 'Always');
  const { containerGroups } = createArmClient(stack.arm);
  await completed(stack, () => containerGroups.stop('games', 'stopped'));
  await told('stopped', 'ended');
  expect(await groupOf(stack, 'stopped')).toMatchObject({
    state: 'Failed',
    failure: { code: 'containersExited', message: 'The group was stopped in Azure by somebody else.' },
  });
  await completed(stack, () => containerGroups.beginStart('games', 'stopped'));
  await report('stopped', 1);
  await stack.advance(20 * MINUTE_MS);
  expect(await groupOf(stack, 'stopped')).toMatchObject({ state: 'Failed', activeSessions: 1 });
  await remove('stopped');
});

test('an inspection that ARM refuses for the number of calls waits as long as ARM says, and looks all the same', async () => {
  await createWith('throttled', 'Never');
  stack.arm.setFaults(
    faultsWith(
      { kind: 'outOfMemory', names: ['throttled'], afterSeconds: 1 },
      { kind: 'throttled', operations: ['GET'], forSeconds: 400, retryAfterSeconds: 120 },
    ),
  );
  const failedMs = await untilFailed('throttled');
  expect(failedMs).toBeLessThan(20 * MINUTE_MS);
  expect((await stack.api('ACIGC')).body.inspection).toMatchObject({ failedCount: 0 });
  await remove('throttled');
});
