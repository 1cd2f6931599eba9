import { describe, expect, test } from 'vitest';
import { refuseDelete } from '../../../../src/domain/group/begin-delete.ts';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN, creating, failed, marked, refusedCreation, running, vanished } from './group-fixture.ts';

type BeginDelete = CommandOf<'beginDelete'>;

const STALE_AFTER_MS = 60_000;
const RETENTION_MS = 3_600_000;
const { endpoint: _endpoint, ...neverRan } = vanished;
const gone: ContainerGroup = vanished;
const busy = { activeSessions: 2 };

function deletion(mode: BeginDelete['mode'], afterMs = 0): BeginDelete {
  const at = addMs(BORN, afterMs);
  const retention = { failedCreationRetentionMs: 600_000, failedRetentionMs: RETENTION_MS };
  return { command: 'beginDelete', at, mode, sessionsStaleAfterMs: STALE_AFTER_MS, ...retention };
}

describe('a deletion by the sweep', () => {
  const rows: { says: string; group: ContainerGroup; afterMs?: number; absenceSeen?: true; code?: string }[] = [
    { says: 'takes a marked group that nobody plays on', group: marked },
    {
      says: 'takes one whose containers have all ended, whoever played there',
      group: { ...marked, ...busy, allEndedAt: BORN },
    },
    {
      says: 'spares one that was heard of after its containers had ended',
      group: { ...marked, ...busy, allEndedAt: BORN, lastReport: { at: addMs(BORN, 1) } },
      code: 'sessionsActive',
    },
    {
      says: 'takes a failed one with sessions whose containers have all ended, once it was kept to be looked at',
      group: { ...failed, ...busy, allEndedAt: addMs(BORN, RETENTION_MS), stateSince: BORN, lastReport: { at: BORN } },
      afterMs: RETENTION_MS,
    },
    {
      says: 'keeps such a failed one to be looked at until then',
      group: { ...failed, ...busy, allEndedAt: BORN },
      afterMs: RETENTION_MS - 1,
      code: 'groupFailed',
    },
    { says: 'spares a marked group with sessions', group: { ...marked, ...busy }, code: 'sessionsActive' },
    {
      says: 'spares one whose last report is just old enough to be doubted',
      group: { ...marked, ...busy, lastReport: { at: BORN } },
      afterMs: STALE_AFTER_MS,
      code: 'sessionsActive',
    },
    {
      says: 'takes one whose last report is older: a crashed server never reports zero',
      group: { ...marked, ...busy, lastReport: { at: BORN } },
      afterMs: STALE_AFTER_MS + 1,
    },
    {
      says: 'takes one that never reported since it was marked long ago',
      group: { ...marked, ...busy },
      afterMs: STALE_AFTER_MS + 1,
    },
    {
      says: 'spares one that was silent long before its mark, until it has been silent as long after it',
      group: { ...marked, ...busy, lastReport: { at: BORN }, stateSince: addMs(BORN, 25 * STALE_AFTER_MS) },
      afterMs: 26 * STALE_AFTER_MS,
      code: 'sessionsActive',
    },
    {
      says: 'takes one that has been silent since its mark',
      group: { ...marked, ...busy, lastReport: { at: BORN }, stateSince: addMs(BORN, 25 * STALE_AFTER_MS) },
      afterMs: 26 * STALE_AFTER_MS + 1,
    },
    {
      says: 'spares one that was adopted, while nobody has told its sessions',
      group: { ...marked, sessionsUnknownSince: BORN },
      afterMs: STALE_AFTER_MS,
      code: 'sessionsActive',
    },
    {
      says: 'takes one that was adopted and has been silent since its mark',
      group: { ...marked, sessionsUnknownSince: BORN },
      afterMs: STALE_AFTER_MS + 1,
    },
    { says: 'refuses a group that is being created', group: creating, code: 'notMarked' },
    { says: 'refuses a running group', group: running, code: 'notMarked' },
    { says: 'keeps a failed group to be looked at', group: failed, afterMs: RETENTION_MS - 1, code: 'groupFailed' },
    { says: 'takes it then, since Azure bills it', group: failed, afterMs: RETENTION_MS },
    {
      says: 'keeps one that nobody knows the owner of until somebody says so',
      group: { ...failed, failure: { code: 'tagMissing', message: 'Whose is it?' } },
      afterMs: 1e12,
      code: 'groupFailed',
    },
    {
      says: 'spares a failed group with sessions that it was heard of lately',
      group: { ...failed, ...busy, lastReport: { at: addMs(BORN, RETENTION_MS - STALE_AFTER_MS) } },
      afterMs: RETENTION_MS,
      code: 'sessionsActive',
    },
    {
      says: 'takes it once it has been silent for longer than a report protects',
      group: { ...failed, ...busy, lastReport: { at: addMs(BORN, RETENTION_MS - STALE_AFTER_MS) } },
      afterMs: RETENTION_MS + 1,
    },
    {
      says: 'spares one that failed lately however long it had been silent',
      group: { ...failed, ...busy, stateSince: addMs(BORN, RETENTION_MS) },
      afterMs: 2 * RETENTION_MS - 1,
      code: 'groupFailed',
    },
    {
      says: 'keeps a creation that left nothing in Azure for a while',
      group: refusedCreation,
      afterMs: 599_999,
      code: 'groupFailed',
    },
    { says: 'forgets it then', group: refusedCreation, afterMs: 600_000 },
    { says: 'takes a failed group that Azure has no more', group: gone, absenceSeen: true },
    { says: 'asks first for a look whether Azure has it after all', group: gone, code: 'notGone' },
    { says: 'asks for none when it never ran', group: neverRan },
    {
      says: 'takes it with the sessions that it had',
      group: { ...gone, ...busy, lastReport: { at: BORN } },
      absenceSeen: true,
    },
    {
      says: 'spares it when it has reported players since',
      group: { ...gone, ...busy, lastReport: { at: addMs(BORN, 1) } },
      absenceSeen: true,
      code: 'sessionsActive',
    },
  ];

  test('as 0.1.0 began it keeps every failed group', () => {
    const {
      failedCreationRetentionMs: _creation,
      failedRetentionMs: _,
      ...asBefore
    } = deletion('graceful', 2 * RETENTION_MS);
    expect(refuseDelete(refusedCreation, asBefore)?.code).toBe('groupFailed');
    expect(refuseDelete(failed, asBefore)?.code).toBe('groupFailed');
  });

  test.each(rows)('$says', ({ group, afterMs, absenceSeen, code }) => {
    const command = { ...deletion('graceful', afterMs), ...(absenceSeen && { absenceSeen }) };
    expect(refuseDelete(group, command)?.code).toBe(code);
  });

  test('names the group and its sessions when it is refused', () => {
    expect(refuseDelete({ ...marked, ...busy }, deletion('graceful'))?.message).toBe('game-1 has 2 active sessions.');
  });
});

describe('a deletion of an idle group', () => {
  test.each([creating, running, marked, failed])('takes it as $state', (group) => {
    expect(refuseDelete(group, deletion('ifIdle'))).toBeUndefined();
  });

  test('is refused with sessions, however old their report is', () => {
    const group = { ...running, ...busy, lastReport: { at: BORN } };
    expect(refuseDelete(group, deletion('ifIdle', STALE_AFTER_MS * 2))?.code).toBe('sessionsActive');
  });
});

test.each([creating, running, marked, failed])('a deletion by force takes a busy group as $state', (group) => {
  expect(refuseDelete({ ...group, ...busy }, deletion('force'))).toBeUndefined();
});
