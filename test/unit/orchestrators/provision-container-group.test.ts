import { describe, expect, test } from 'vitest';
import { provisionContainerGroup } from '../../../src/contracts/provisioning.ts';
import type { GroupWishes } from '../../../src/domain/group/group-wishes.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { elapsedMs } from '../../../src/domain/time.ts';
import { orchestrateProvisioning } from '../../../src/orchestrators/provision-container-group.ts';
import { beingDeleted, BORN, creating, failed, running } from '../domain/group/group-fixture.ts';
import { drive, type Answer, type World } from './drive.ts';

const MINUTE_MS = 60_000;
const incarnation = 'first';

const input = {
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation,
  spec: {
    location: 'westeurope',
    osType: 'Linux' as const,
    containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
  },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 30 * MINUTE_MS },
};

const wanted = { outcome: 'unchanged', group: toListItem(creating), incarnation };
const unwanted = { outcome: 'unchanged', group: toListItem(beingDeleted), incarnation };
const ready = observed('Succeeded', 'Running');

const standard: Record<string, Answer> = {
  'entity.create': { outcome: 'changed', group: toListItem(creating), incarnation },
  'entity.look': wanted,
  'entity.provisioned': { outcome: 'changed', group: toListItem(running), incarnation },
  'entity.failProvisioning': { outcome: 'changed', group: toListItem(failed), incarnation },
  createContainerGroup: { ok: true },
  readContainerGroup: ready,
};

function provision(answers: Record<string, Answer> = {}, isRaised?: World['isRaised'], wishes: GroupWishes = {}) {
  const world: World = { answers: { ...standard, ...answers }, ...(isRaised === undefined ? {} : { isRaised }) };
  const run = drive(provisionContainerGroup, orchestrateProvisioning, { ...input, ...wishes }, world);
  const timesAsked = (name: string): number => run.asked.filter((one) => one.name === name).length;
  return { ...run, timesAsked, names: run.asked.map(({ name }) => name) };
}

describe('a provisioning', () => {
  test('tells the entity before ARM, and again when the group runs', () => {
    const { names, output, openTimers } = provision();
    expect(names).toEqual(['entity.create', 'createContainerGroup', 'readContainerGroup', 'entity.provisioned']);
    expect(output).toEqual({ ok: true, group: toListItem(running) });
    expect(openTimers).toBe(0);
  });

  test('passes on what it was asked for', () => {
    const { asked } = provision();
    expect(asked[0]?.input).toMatchObject({ incarnation, location: 'westeurope', tokenDigest: 'token', at: BORN });
    expect(asked[1]?.input).toMatchObject({ containerGroupName: 'game-1', incarnation, spec: input.spec });
  });

  test('that the entity refuses never reaches ARM', () => {
    const refusal = { code: 'alreadyExists', message: 'It exists.' };
    const { names, output } = provision({ 'entity.create': { outcome: 'refused', refusal } });
    expect(names).toEqual(['entity.create']);
    expect(output).toEqual({ ok: false, failure: refusal });
  });

  test('that ARM refuses fails at once with its reason', () => {
    const failure = { code: 'specRefused', message: 'ARM answered 400.' };
    const { asked, output, waitsMs } = provision({ createContainerGroup: { ok: false, failure } });
    expect(output).toEqual({ ok: false, failure });
    expect(asked.at(-1)).toMatchObject({ name: 'entity.failProvisioning', input: { failure } });
    expect(waitsMs).toEqual([]);
  });

  test('that breaks leaves no group that is Creating for ever', () => {
    const { names, output } = provision({
      createContainerGroup: () => {
        throw new Error('The worker ran out of memory.');
      },
    });
    expect(names.at(-1)).toBe('entity.failProvisioning');
    expect(output).toMatchObject({ ok: false, failure: { code: 'internal' } });
  });
});

describe('a creation that ARM throttles', () => {
  const failure = { code: 'throttled', message: 'Too many.' };
  const refusing =
    (times: number, retryAfterMs?: number): Answer =>
    (_input, count) =>
      count < times ? { ok: false, failure, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } : { ok: true };

  test('is tried again, ever more rarely', () => {
    const { waitsMs, output, published } = provision({ createContainerGroup: refusing(3) });
    expect(waitsMs).toEqual([5_000, 10_000, 20_000]);
    expect(output.ok).toBe(true);
    expect(published).toContainEqual({ phase: 'requested', retrying: failure });
  });

  test('waits as long as ARM asks for', () => {
    expect(provision({ createContainerGroup: refusing(2, 45_000) }).waitsMs).toEqual([45_000, 45_000]);
  });

  test('waits on when an event of something else comes in between', () => {
    const { waitsMs, timesAsked, openTimers } = provision(
      { createContainerGroup: refusing(1, 45_000) },
      (_event, count) => count < 2,
    );
    expect(waitsMs).toEqual([0, 0, 45_000]);
    expect(timesAsked('createContainerGroup')).toBe(2);
    expect(openTimers).toBe(0);
  });

  test('fails when the next try would come after the deadline', () => {
    const { output, endedAt } = provision({ createContainerGroup: refusing(Infinity) });
    expect(output).toEqual({ ok: false, failure });
    expect(elapsedMs(BORN, endedAt)).toBeLessThanOrEqual(input.waitPolicy.deadlineMs);
    expect(elapsedMs(BORN, endedAt)).toBeGreaterThan(input.waitPolicy.deadlineMs - 2 * MINUTE_MS);
  });

  test('is not tried again once the group is not wanted any more', () => {
    const { output, timesAsked } = provision({ createContainerGroup: refusing(Infinity), 'entity.look': unwanted });
    expect(timesAsked('createContainerGroup')).toBe(1);
    expect(output).toMatchObject({ ok: false, failure: { code: 'provisioningCancelled' } });
  });
});

describe('a creation that ARM refuses', () => {
  const refuse = (code: string) => ({ ok: false, failure: { code, message: 'ARM says no.' }, leftNothing: true });
  const toldOf = ({ asked }: ReturnType<typeof provision>) =>
    asked.find(({ name }) => name === 'entity.failProvisioning')?.input;

  test('has left nothing in Azure, and says so', () => {
    const run = provision({ createContainerGroup: refuse('quotaReached') });
    expect(toldOf(run)).toMatchObject({ failure: { code: 'quotaReached' }, leftNothing: true });
  });

  test('after it was throttled has left nothing, either', () => {
    const createContainerGroup: Answer = (_input, count) => refuse(count === 0 ? 'throttled' : 'specRefused');
    expect(toldOf(provision({ createContainerGroup }))).toMatchObject({ leftNothing: true });
  });

  test('after a look was throttled has left nothing, either, but a look that ends it proves nothing', () => {
    const { leftNothing: _, ...unasked } = refuse('throttled');
    const createContainerGroup: Answer = (_input, count) => (count === 0 ? unasked : refuse('specRefused'));
    expect(toldOf(provision({ createContainerGroup }))).toMatchObject({ leftNothing: true });
    expect(toldOf(provision({ createContainerGroup: unasked }))).not.toHaveProperty('leftNothing');
  });

  test.each(['notAuthorized', 'unsealFailed', 'providerNotRegistered'])(
    'as %s before the request was sent may have left something: an activity may run twice',
    (code) => {
      const { leftNothing: _, ...unasked } = refuse(code);
      expect(toldOf(provision({ createContainerGroup: unasked }))).not.toHaveProperty('leftNothing');
    },
  );

  test('after an answer was lost may have left something', () => {
    const { leftNothing: _, ...lost } = refuse('armUnavailable');
    const createContainerGroup: Answer = (_input, count) => (count === 0 ? lost : refuse('specRefused'));
    expect(toldOf(provision({ createContainerGroup }))).not.toHaveProperty('leftNothing');
  });

  test('after ARM took it has left something', () => {
    const readContainerGroup = refuse('notAuthorized');
    expect(toldOf(provision({ readContainerGroup }))).not.toHaveProperty('leftNothing');
  });
});

describe('a provisioning that waits for a report', () => {
  const readiness = { readiness: 'report' } as const;

  test('is not ready before the server has reported, and tells the entity of its readiness', () => {
    const look: Answer = (_input, count) => (count < 2 ? wanted : { ...wanted, hasReported: true });
    const { asked, output, published, waitsMs } = provision({ 'entity.look': look }, undefined, readiness);
    expect(asked[0]?.input).toMatchObject(readiness);
    expect(waitsMs).toEqual([10_000, 15_000, 22_500]);
    expect(published.at(-1)).toEqual({ phase: 'waitingForReport' });
    expect(output).toEqual({ ok: true, group: toListItem(running) });
  });

  test('fails at its deadline without one, and says so', () => {
    const { output } = provision({}, undefined, readiness);
    expect(output).toMatchObject({ ok: false, failure: { code: 'deadlineExceeded' } });
    expect(output.ok || output.failure.message).toContain('Its server has not reported');
  });

  test('fails when ARM says so, report or not', () => {
    const readContainerGroup = observed('Failed');
    expect(provision({ readContainerGroup }, undefined, readiness).output).toMatchObject({ ok: false });
  });
});

describe('a provisioning that ARM works on', () => {
  const working = observed('Creating');

  test('is looked at again when an event says so, without a wait', () => {
    const readContainerGroup: Answer = (_input, count) => (count < 2 ? working : ready);
    const { waitsMs, output, openTimers } = provision({ readContainerGroup }, () => true);
    expect(waitsMs).toEqual([0, 0]);
    expect(output.ok).toBe(true);
    expect(openTimers).toBe(0);
  });

  test('is not taken for deleted by the first look that misses it', () => {
    const answers: unknown[] = [{ ok: true, observation: { found: false } }];
    const { output } = provision({ readContainerGroup: () => answers.shift() ?? ready });
    expect(output).toMatchObject({ ok: true });
  });

  test('is deletedOutside when it stays away', () => {
    const { output, waitsMs } = provision({ readContainerGroup: { ok: true, observation: { found: false } } });
    expect(output).toMatchObject({ ok: false, failure: { code: 'deletedOutside' } });
    expect(waitsMs.length).toBeGreaterThan(0);
  });

  test('is looked at by itself when every event is lost', () => {
    const readContainerGroup: Answer = (_input, count) => (count < 3 ? working : ready);
    const { waitsMs, output } = provision({ readContainerGroup });
    expect(waitsMs).toEqual([10_000, 15_000, 22_500]);
    expect(output.ok).toBe(true);
  });

  test('shows how far it is', () => {
    const pulling = observed('Creating', undefined, 'Pulling');
    const readContainerGroup: Answer = (_input, count) => (count === 0 ? pulling : ready);
    expect(provision({ readContainerGroup }).published).toEqual([{ phase: 'requested' }, { phase: 'pullingImage' }]);
  });

  test('fails at its deadline, and tells what was seen last', () => {
    const { output, endedAt } = provision({ readContainerGroup: working });
    expect(output).toMatchObject({ ok: false, failure: { code: 'deadlineExceeded' } });
    expect(elapsedMs(BORN, endedAt)).toBe(input.waitPolicy.deadlineMs);
  });

  test('goes on when ARM can be out of reach for a moment, after the wait that it asks for', () => {
    const failure = { code: 'armUnavailable', message: 'No answer.' };
    const readContainerGroup: Answer = (_input, count) =>
      count === 0 ? { ok: false, failure, retryAfterMs: 30_000 } : ready;
    const { waitsMs, output } = provision({ readContainerGroup });
    expect(waitsMs).toEqual([30_000]);
    expect(output.ok).toBe(true);
  });

  test('fails when we lose the right to look', () => {
    const failure = { code: 'notAuthorized', message: 'ARM answered 403.' };
    expect(provision({ readContainerGroup: { ok: false, failure } }).output).toEqual({ ok: false, failure });
  });

  test('says that ARM was silent when it was until the deadline', () => {
    const failure = { code: 'armUnavailable', message: 'No answer.' };
    const message = 'The group did not run within 30.0 min. ARM did not say anything of it.';
    expect(provision({ readContainerGroup: { ok: false, failure } }).output).toEqual({
      ok: false,
      failure: { code: 'deadlineExceeded', message },
    });
  });
});

describe('a provisioning whose group is deleted meanwhile', () => {
  const cancelled = { ok: false, failure: { code: 'provisioningCancelled' } };
  const refusal = { code: 'deletionBegan', message: 'It is being deleted.' };

  test('ends as cancelled at the next look', () => {
    const answers = { readContainerGroup: observed('Creating'), 'entity.look': unwanted };
    const { output, timesAsked } = provision(answers);
    expect(timesAsked('readContainerGroup')).toBe(1);
    expect(output).toMatchObject(cancelled);
  });

  test('ends as cancelled when another incarnation has taken its place', () => {
    const answers = {
      readContainerGroup: observed('Creating'),
      'entity.look': { outcome: 'refused', refusal: { code: 'otherIncarnation', message: 'Anew.' } },
    };
    expect(provision(answers).output).toMatchObject(cancelled);
  });

  test('ends as cancelled even if it has just come to run', () => {
    expect(provision({ 'entity.provisioned': { outcome: 'refused', refusal } }).output).toMatchObject(cancelled);
  });
});

function observed(provisioningState: string, instanceState?: string, event?: string) {
  return {
    ok: true,
    observation: {
      found: true,
      incarnation,
      provisioningState,
      ...(instanceState === undefined ? {} : { instanceState }),
      endpoint: { publicIP: '20.0.0.1', ports: [] },
      wantsPublicIP: true,
      containers: [],
      events: event === undefined ? [] : [{ name: event, message: '', count: 1 }],
    },
  };
}
