import { describe, expect, test } from 'vitest';
import { containerGroupSchema, type ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { isRestorable, wayBackOf } from '../../../../src/domain/group/restore.ts';
import {
  beingDeleted,
  BORN,
  commandsNotGuarded as commands,
  creating,
  failed,
  LATER,
  marked,
  running,
  silent,
  untagged,
  vanished,
} from './group-fixture.ts';

const { endpoint } = running;
const { recordAbsence, recordTagMissing, restore, fail } = commands;
const deletion = { requestedAt: BORN, cause: 'sweep 1' };
const busy = { activeSessions: 3, sessionsUnknownSince: BORN, lastReport: { at: BORN } };

/** The group after one command and another. */
function after(
  group: ContainerGroup | undefined,
  ...given: Parameters<typeof decide>[1][]
): ContainerGroup | undefined {
  return given.reduce((each, command) => decide(each, command).group, group);
}

describe('a group whose resource is there after all', () => {
  test.each<[ContainerGroup, CommandOf<'recordAbsence' | 'recordTagMissing'>]>([
    [running, recordAbsence],
    [running, recordTagMissing],
    [marked, recordAbsence],
    [marked, recordTagMissing],
  ])('is $state again, as it was before $1.command, with what was known of its sessions', (group, record) => {
    const restored = after({ ...group, ...busy }, record, { ...restore, cause: 'reconciliation 7' });
    const { state, createdAt, token } = group;
    expect(restored).toMatchObject({ state, endpoint, createdAt, token, ...busy, stateSince: LATER });
    expect(restored?.timeline.at(-1)).toEqual({
      at: LATER,
      state: group.state,
      event: 'restored',
      detail: record === recordAbsence ? 'deletedOutside' : 'tagMissing',
      cause: 'reconciliation 7',
    });
    for (const field of ['failure', 'failedFrom']) expect(restored).not.toHaveProperty(field);
  });

  test('has not ended: what was known of the end of its containers is dropped', () => {
    const containerEnd = { at: BORN, containerName: 'server', exitCode: 1, restartCount: 0 };
    const restored = after({ ...marked, containerEnd, allEndedAt: BORN }, recordAbsence, restore);
    expect(restored).toMatchObject({ state: 'MarkedForDeletion' });
    for (const field of ['containerEnd', 'allEndedAt']) expect(restored).not.toHaveProperty(field);
  });

  test('is idle from then on when nobody plays on it', () => {
    expect(decide(vanished, restore).group).toMatchObject({ state: 'Running', idleSince: LATER });
  });

  test('is shown under the address that it has now, and says which it had', () => {
    const { group } = decide(vanished, { ...restore, endpoint: { ...endpoint, publicIP: '20.0.0.9' } });
    expect(group).toMatchObject({ endpoint: { publicIP: '20.0.0.9' } });
    expect(group?.timeline.at(-1)).toMatchObject({ detail: 'deletedOutside, 20.0.0.1 → 20.0.0.9' });
  });

  test('runs again when it was silent before, since silence fails it anew', () => {
    expect(after(silent, recordAbsence, restore)).toMatchObject({ state: 'Running' });
  });

  test('runs again when it was denied after its tag was lost', () => {
    expect(after(untagged, recordAbsence, restore)).toMatchObject({ state: 'MarkedForDeletion' });
  });
});

describe('no way back', () => {
  test('is remembered of a group that never ran', () => {
    expect(wayBackOf(creating)).toEqual({});
  });

  test.each<[string, ContainerGroup | undefined]>([
    ['from a failure of its own', failed],
    ['from silence, which its next report ends', silent],
    ['for what had failed before Azure denied it', after(failed, recordAbsence)],
    ['for what never ran', after(creating, { ...commands.failProvisioning, failure: untagged.failure })],
    ['from a deletion that has begun', { ...vanished, deletion }],
    ['for what somebody has given up since', after(vanished, fail)],
    [
      'from a state that another version of the app wrote',
      containerGroupSchema.parse({ ...vanished, failedFrom: 'Paused' }),
    ],
  ])('is there %s', (_, group) => {
    expect(group).toMatchObject({ state: 'Failed' });
    expect(group && isRestorable(group)).toBe(false);
    expect(decide(group, restore).group).toEqual(group);
  });

  test('is needed where a group goes on', () => {
    for (const group of [running, marked, beingDeleted]) expect(decide(group, restore).group).toEqual(group);
  });
});

test('who gives up a group that Azure denies is told in its timeline, and its failure stays', () => {
  const { outcome, group } = decide(vanished, fail);
  expect(outcome).toBe('changed');
  expect(group).toMatchObject({ state: 'Failed', failure: vanished.failure, endpoint });
  expect(group?.timeline.at(-1)).toMatchObject({ event: 'failed', detail: fail.failure.code });
});
