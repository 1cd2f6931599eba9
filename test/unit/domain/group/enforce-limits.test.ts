import { describe, expect, test } from 'vitest';
import type { ContainerGroup, GroupIn } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { beingDeleted, BORN, creating, failed, running, silent } from './group-fixture.ts';

/** Two beats may be missing of one every ten seconds; the first is not missed for half a minute. */
const health = { heartbeatSeconds: 10, failureThreshold: 2, initialDelaySeconds: 30 };
const watched: GroupIn<'Running'> = { ...running, health };
const idle: GroupIn<'Running'> = { ...running, idleSeconds: 60, idleSince: BORN };
const mortal: GroupIn<'Running'> = { ...running, maxLifetimeSeconds: 60 };
const heard = (afterMs: number) => ({ at: addMs(BORN, afterMs), source: 'server' as const });

const at = addMs(BORN, 90_000);
const enforce: CommandOf<'enforceLimits'> = { command: 'enforceLimits', at, incarnation: 'first', cause: 'sweep 3' };
const setFailed = { code: 'setFailed', message: 'Somebody did.' } as const;
const fail: CommandOf<'fail'> = { command: 'fail', at: BORN, commandId: 'c1', failure: setFailed };
const report: CommandOf<'reportSessions'> = { command: 'reportSessions', at, activeSessions: 0, source: 'server' };

function messageOf(group: ContainerGroup | undefined): string {
  return group?.state === 'Failed' ? group.failure.message : '';
}

describe('a group that has passed a limit', () => {
  test.each([
    ['lived long enough, and keeps its players', { ...mortal, activeSessions: 2 }, 'maxLifetime'],
    ['lain idle', idle, 'idle'],
  ])('is marked when it has %s', (_, group, detail) => {
    const after = decide(group, enforce).group;
    const { endpoint, activeSessions } = group;
    expect(after).toMatchObject({ state: 'MarkedForDeletion', endpoint, activeSessions });
    expect(after?.timeline.at(-1)).toEqual({
      at,
      state: 'MarkedForDeletion',
      event: 'marked',
      detail,
      cause: 'sweep 3',
    });
  });

  test('fails when its server is silent, and says since when', () => {
    const { group } = decide({ ...watched, lastReport: heard(30_000), activeSessions: 2 }, enforce);
    expect(group).toMatchObject({ state: 'Failed', activeSessions: 2, failure: { code: 'heartbeatLost' } });
    expect(messageOf(group)).toContain('last reported 60.0 s ago');
    expect(messageOf(decide(watched, enforce).group)).toContain('has not reported');
  });

  test('goes on when it has played, or has been heard, by the time that it is told', () => {
    const busy = decide(idle, { ...report, activeSessions: 1, at: addMs(BORN, 70_000) }).group;
    expect(decide(busy, enforce)).toEqual({ outcome: 'unchanged', group: busy });
    const beating = decide(watched, { ...report, at: addMs(BORN, 80_000) }).group;
    expect(decide(beating, enforce)).toEqual({ outcome: 'unchanged', group: beating });
  });
});

describe('a group that runs is idle', () => {
  test('from its start on, unless somebody plays already', () => {
    const provisioned = { command: 'provisioned', at, incarnation: 'first', endpoint: running.endpoint } as const;
    expect(decide(creating, provisioned).group).toMatchObject({ idleSince: at });
    expect(decide({ ...creating, activeSessions: 1 }, provisioned).group).not.toHaveProperty('idleSince');
  });

  test('from the report on that says that nobody plays, whatever comes after it', () => {
    const busy = decide(idle, { ...report, activeSessions: 1 }).group;
    expect(busy).not.toHaveProperty('idleSince');
    const left = decide(busy, { ...report, at: addMs(at, 1) }).group;
    expect(left).toMatchObject({ idleSince: addMs(at, 1) });
    expect(decide(left, { ...report, at: addMs(at, 2) }).group).toMatchObject({ idleSince: addMs(at, 1) });
  });

  test('not once it is marked', () => {
    expect(decide(idle, { command: 'mark', at, commandId: 'c1' }).group).not.toHaveProperty('idleSince');
  });
});

describe('a group that only silence has failed', () => {
  test('runs again with the next report of its server', () => {
    const { group } = decide(silent, report);
    expect(group).toMatchObject({ state: 'Running', endpoint: running.endpoint, stateSince: at, idleSince: at });
    expect(group).not.toHaveProperty('failure');
    expect(group?.timeline.at(-1)).toMatchObject({ event: 'heartbeatReturned', state: 'Running' });
  });

  test.each<[string, ContainerGroup, CommandOf<'reportSessions'>]>([
    ['by the word of a matchmaker', silent, { ...report, source: 'matchmaker' }],
    ['when somebody has given it up since', decide(silent, fail).group ?? silent, report],
    ['when it never ran', { ...failed, failure: silent.failure }, report],
  ])('does not run again %s', (_, group, command) => {
    expect(decide(group, command).group).toMatchObject({ state: 'Failed', lastReport: { at } });
  });

  test('is given up for good by whoever gives it up, and what failed before keeps its reason', () => {
    expect(decide(silent, fail).group).toMatchObject({ state: 'Failed', failure: setFailed });
    expect(decide(failed, fail)).toMatchObject({ outcome: 'unchanged', group: { failure: failed.failure } });
  });

  test('runs from when it failed on, when the report was received before that', () => {
    const { group } = decide({ ...silent, stateSince: addMs(at, 5_000) }, report);
    expect(group).toMatchObject({ state: 'Running', stateSince: addMs(at, 5_000), idleSince: addMs(at, 5_000) });
  });

  test('does not run again once its deletion has begun', () => {
    const begun = { ...silent, deletion: beingDeleted.deletion ?? { requestedAt: BORN, cause: '' } };
    expect(decide(begun, report)).toMatchObject({ outcome: 'refused', group: { state: 'Failed' } });
  });
});
