import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import {
  SECOND_LOOK_AFTER_MS,
  secondLookAfterMs,
  settle,
  type SecondLook,
  type SettlingViewpoint,
  type Suspect,
} from '../../../../src/domain/reconcile/settlement.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN, failed, running, vanished } from '../group/group-fixture.ts';
import { observation, seen } from './seen-fixture.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first' };
const viewpoint: SettlingViewpoint = {
  at: addMs(BORN, 3_600_000),
  owner: 'ours',
  failedCreationRetentionMs: 600_000,
  orphanPolicy: 'adopt',
  tokenDigestOf: ({ incarnation }) => `token of ${incarnation}`,
};
const nothing: SecondLook = {
  held: undefined,
  resource: undefined,
  observation: undefined,
  provisioningEnd: undefined,
  isUnderWay: false,
};
const suspected = (...kinds: Suspect['kinds']): Suspect => ({ ...id, kinds });
const held = (group: ContainerGroup) => ({ is: 'known', group }) as const;

describe('a ghost', () => {
  const look = { ...nothing, held: held(running) };

  test('that ARM has shown before is recorded as absent', () => {
    expect(settle(suspected('ghost'), look, viewpoint)).toEqual([{ do: 'recordAbsence', ...id }]);
  });

  test.each<[string, SecondLook]>([
    ['that is there after all', { ...look, resource: seen(), observation }],
    ['under whose name a creation or a deletion runs', { ...look, isUnderWay: true }],
    ['whose name has been created anew', { ...look, held: held({ ...running, incarnation: 'second' }) }],
    ['that is gone from the store, too', nothing],
  ])('%s is left', (_, other) => {
    expect(settle(suspected('ghost'), other, viewpoint)).toEqual([]);
  });

  test('that ARM has never shown is left until its creation can no longer be on its way', () => {
    const group = { ...failed, stateSince: addMs(viewpoint.at, -600_000) };
    const ended = (ago: number, isOrderly: boolean): SecondLook => ({
      ...nothing,
      held: held(group),
      provisioningEnd: { at: addMs(viewpoint.at, -ago), isOrderly },
    });
    expect(settle(suspected('ghost'), ended(10_000, true), viewpoint)).toEqual([]);
    expect(settle(suspected('ghost'), ended(20_000, true), viewpoint)).toHaveLength(1);
    expect(settle(suspected('ghost'), ended(300_000, false), viewpoint)).toEqual([]);
    expect(settle(suspected('ghost'), ended(380_000, false), viewpoint)).toHaveLength(1);
    expect(settle(suspected('ghost'), { ...nothing, held: held(group) }, viewpoint)).toHaveLength(1);
  });

  test('whose server reported a moment ago is none: ARM is wrong, or the next reconciliation finds it silent', () => {
    const heard = (agoMs: number): SecondLook => {
      const lastReport = { at: addMs(viewpoint.at, -agoMs), source: 'server' as const };
      return { ...nothing, held: held({ ...running, lastReport }) };
    };
    expect(settle(suspected('ghost'), heard(119_999), viewpoint)).toEqual([]);
    expect(settle(suspected('ghost'), heard(120_000), viewpoint)).toHaveLength(1);
    const replaced = (agoMs: number) => ({ ...heard(agoMs), resource: seen({ incarnation: 'second' }), observation });
    expect(settle(suspected('ghost'), replaced(119_999), viewpoint)).toEqual([]);
    expect(settle(suspected('ghost'), replaced(120_000), viewpoint)).toHaveLength(1);
  });

  test('in whose place another one stands leaves no doubt', () => {
    const group = { ...failed, stateSince: addMs(viewpoint.at, -600_000) };
    const replaced = { ...nothing, held: held(group), resource: seen({ incarnation: 'second' }), observation };
    const provisioningEnd = { at: viewpoint.at, isOrderly: false };
    expect(settle(suspected('ghost'), { ...replaced, provisioningEnd }, viewpoint)).toHaveLength(1);
  });
});

describe('an orphan', () => {
  const look = { ...nothing, resource: seen({ wishes: { maxSessions: 8, labels: { fleet: 'eu' } } }), observation };
  const orphan = suspected('orphan');

  test('that runs is adopted with what its tags tell', () => {
    expect(settle(orphan, look, viewpoint)).toEqual([
      {
        do: 'adopt',
        ...id,
        location: 'westeurope',
        wishes: { maxSessions: 8, labels: { fleet: 'eu' } },
        tokenDigest: 'token of first',
        endpoint: running.endpoint,
      },
    ]);
  });

  test('whose containers ended is adopted as failed', () => {
    const ended = { ...look, observation: { ...observation, instanceState: 'Stopped' } };
    expect(settle(orphan, ended, viewpoint)).toMatchObject([{ do: 'adopt', failure: { code: 'containersExited' } }]);
  });

  test('that comes to run is reported until it does', () => {
    const coming = { ...look, observation: { ...observation, instanceState: 'Pending' } };
    expect(settle(orphan, coming, viewpoint)).toEqual([{ do: 'reportOrphan', ...id, reason: 'inTransition' }]);
  });

  test('is deleted or only reported where the policy says so', () => {
    const deleted = settle(orphan, look, { ...viewpoint, orphanPolicy: 'delete' });
    expect(deleted).toEqual([{ do: 'deleteOrphan', ...id }]);
    const reported = settle(orphan, look, { ...viewpoint, orphanPolicy: 'report' });
    expect(reported).toEqual([{ do: 'reportOrphan', ...id, reason: 'policy' }]);
  });

  test.each<[string, SecondLook]>([
    ['that has an entity after all', { ...look, held: held({ ...running, maxSessions: 8, labels: { fleet: 'eu' } }) }],
    ['whose state only another version can read', { ...look, held: { is: 'unknown' } }],
    ['under whose name a creation runs', { ...look, isUnderWay: true }],
    ['in whose place another one stands', { ...look, resource: seen({ incarnation: 'second' }) }],
    ['that has another owner by now', { ...look, resource: seen({ owner: 'theirs' }) }],
    ['that is gone', nothing],
    ['whose instance view is not known', { ...look, observation: undefined }],
  ])('%s is left', (_, other) => {
    expect(settle(orphan, other, viewpoint)).toEqual([]);
  });
});

describe('a group that differs from its resource', () => {
  const look = (group: ContainerGroup, change: Parameters<typeof seen>[1] = {}): SecondLook => ({
    ...nothing,
    held: held(group),
    resource: seen({}, change),
    observation,
  });

  test('since the tags are gone is told so', () => {
    const unmarked = look(running, { tags: { own: {}, otherCount: 0 } });
    expect(settle(suspected('unmarked'), unmarked, viewpoint)).toEqual([{ do: 'recordTagMissing', ...id }]);
  });

  test('in address and tags is told the address, and its resource is tagged', () => {
    const endpoint = { publicIP: '20.0.0.9', ports: [] };
    const group = { ...running, maxSessions: 4, labels: { fleet: 'eu' } };
    expect(settle(suspected('moved', 'untagged'), look(group, { endpoint }), viewpoint)).toEqual([
      { do: 'recordEndpoint', ...id, endpoint },
      { do: 'tag', ...id, wishes: { maxSessions: 4, labels: { fleet: 'eu' } } },
    ]);
  });

  test('in what the first look did not show waits for the next one', () => {
    const group = { ...running, maxSessions: 4 };
    expect(settle(suspected('moved'), look(group), viewpoint)).toEqual([]);
  });

  test('since ARM says that it failed is told why', () => {
    const provisioningState = 'Failed';
    const broken = look(running, { provisioningState });
    const settled = settle(
      suspected('broken'),
      { ...broken, observation: { ...observation, provisioningState } },
      viewpoint,
    );
    expect(settled).toMatchObject([{ do: 'recordFailure', ...id, failure: { code: 'provisioningFailed' } }]);
    expect(settle(suspected('broken'), broken, viewpoint)).toEqual([]);
    expect(settle(suspected('broken'), { ...broken, observation: undefined }, viewpoint)).toEqual([]);
  });
});

describe('a group whose resource is there after all', () => {
  const look = { ...nothing, held: held(vanished), resource: seen(), observation };

  test('is restored with the address that it has now', () => {
    const endpoint = { publicIP: '20.0.0.9', ports: [] };
    const moved = { ...look, observation: { ...observation, endpoint } };
    expect(settle(suspected('returned'), moved, viewpoint)).toEqual([{ do: 'restore', ...id, endpoint }]);
  });

  test.each<[string, SecondLook]>([
    ['does not run', { ...look, observation: { ...observation, instanceState: 'Stopped' } }],
    ['is on its way', { ...look, observation: { ...observation, instanceState: 'Pending' } }],
    ['has gone again', { ...look, resource: undefined, observation: undefined }],
    ['has another owner by now', { ...look, resource: seen({ owner: 'theirs' }) }],
    ['is being deleted', { ...look, isUnderWay: true }],
    ['shows no instance view', { ...look, observation: undefined }],
  ])('is left where it %s', (_, other) => {
    expect(settle(suspected('returned'), other, viewpoint)).toEqual([]);
  });
});

test.each<[string, Suspect['kinds'], number]>([
  ['a missing entity', ['orphan'], SECOND_LOOK_AFTER_MS],
  ['a missing resource', ['ghost'], SECOND_LOOK_AFTER_MS],
  ['missing tags', ['unmarked'], SECOND_LOOK_AFTER_MS],
  ['a resource that is there after all', ['returned'], SECOND_LOOK_AFTER_MS],
  ['what a read of the resource proves', ['moved', 'broken', 'untagged'], 0],
])('the second look for %s waits as long as it must', (_, kinds, expected) => {
  expect(secondLookAfterMs([suspected('moved'), suspected(...kinds)])).toBe(expected);
  expect(secondLookAfterMs([])).toBe(0);
});
