import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import type { InspectedResource } from '../../../../src/domain/inspect/inspected-resource.ts';
import { isInspected, judge } from '../../../../src/domain/inspect/judgement.ts';
import { addMs } from '../../../../src/domain/time.ts';
import {
  beingDeleted,
  BORN,
  creating,
  failed,
  LATER,
  marked,
  refusedCreation,
  running,
  silent,
} from '../group/group-fixture.ts';
import { backingOff, ended, resource, server } from './resource-fixture.ts';

const intervalMs = 300_000;
const containerEnd = { at: BORN, containerName: 'server', exitCode: 1, restartCount: 3 };
const played = { ...failed, activeSessions: 2 };

test.each<[string, ContainerGroup, boolean]>([
  ['is being created', creating, false],
  ['runs', running, true],
  ['is marked', marked, true],
  ['is marked and being deleted', beingDeleted, false],
  ['is marked and has crashed, for good or not', { ...marked, containerEnd }, true],
  ['has failed with players, and has crashed, for good or not', { ...played, containerEnd }, true],
  ['is marked and has ended', { ...marked, allEndedAt: BORN }, false],
  ['has failed', failed, false],
  ['has failed with players', played, true],
  ['has failed with players, and has ended', { ...played, allEndedAt: BORN }, false],
  [
    'has failed with players, has ended, and was heard of since',
    { ...played, allEndedAt: BORN, lastReport: { at: LATER } },
    true,
  ],
  ['has failed, and nobody knows of players', { ...failed, sessionsUnknownSince: BORN }, true],
  ['has failed since its server is silent', silent, true],
  ['was refused', { ...refusedCreation, activeSessions: 1 }, false],
  ['is not there', { ...played, failure: { code: 'deletedOutside', message: '' } }, false],
  ['is somebody else’s', { ...played, failure: { code: 'tagMissing', message: '' } }, false],
])('a group that %s is looked at: %s', (_, group, expected) => {
  expect(isInspected(group)).toBe(expected);
});

describe('a look at a group', () => {
  const judgeOf = (group: ContainerGroup, seen: InspectedResource) => judge(group, seen, { at: LATER, intervalMs });

  test('that is as it was says nothing', () => {
    expect(judgeOf(running, resource('Always', [server]))).toBeUndefined();
  });

  test.each<[string, Partial<InspectedResource>]>([
    ['is being changed', { provisioningState: 'Updating' }],
    ['is of another creation', { incarnation: 'second' }],
    ['does not say whose it is', { incarnation: '' }],
  ])('whose resource %s says nothing', (_, more) => {
    expect(judgeOf(running, resource('Never', [ended(1)], more))).toBeUndefined();
  });

  test('tells a restart, and why', () => {
    const seen = resource('Always', [
      { ...ended(7147), state: 'Running', restartCount: 1 },
      { ...server, name: 'b', restartCount: 2 },
    ]);
    expect(judgeOf(running, seen)).toEqual({
      restarts: {
        since: BORN,
        containers: [
          { name: 'server', before: 0, count: 1 },
          { name: 'b', before: 0, count: 2 },
        ],
      },
      restarted: 'server once, its last run ended with exit code 7147 (by Azure itself); b 2 times',
    });
  });

  test('keeps counts of which nothing is to be told', () => {
    const restarts = { since: BORN, containers: [{ name: 'server', before: 0, count: 2 }] };
    expect(judgeOf({ ...running, restarts }, resource('Always', [server]))).toEqual({
      restarts: { since: BORN, containers: [] },
    });
  });

  test('tells a crash loop once, and no more restarts after it', () => {
    const looping = resource('Always', [backingOff(3)]);
    const seen = judgeOf(running, looping);
    expect(seen).toMatchObject({ ending: { event: 'crashLoop' }, restarts: { containers: [{ count: 3 }] } });
    expect(seen).not.toHaveProperty('restarted');
    expect(judgeOf({ ...played, containerEnd }, looping)).toBeUndefined();
  });

  test('tells that all has ended also of one that is known to crash, at a later look', () => {
    const over = resource('Never', [ended(1)]);
    const first = { ...containerEnd, at: LATER };
    expect(judgeOf({ ...played, containerEnd: first }, over)).toBeUndefined();
    expect(judge({ ...played, containerEnd: first }, over, { at: addMs(LATER, intervalMs), intervalMs })).toMatchObject(
      {
        ending: { event: 'ended', allEnded: true },
      },
    );
    expect(judge(silent, over, { at: addMs(LATER, 1), intervalMs })).toMatchObject({ ending: { event: 'crashed' } });
  });
});
