import { describe, expect, test } from 'vitest';
import { MAX_LISTED } from '../../../../src/domain/first-of.ts';
import type { FailureCode } from '../../../../src/domain/failure.ts';
import {
  addToReport,
  earlierUnderWay,
  emptyReport,
  isGarbage,
  newerGroup,
  unreadableGroup,
  type Collection,
  type SweepReport,
} from '../../../../src/domain/sweep/garbage.ts';
import {
  beingDeleted,
  BORN,
  creating,
  failed,
  LATER,
  marked,
  refusedCreation,
  running,
} from '../group/group-fixture.ts';

const resourceGroup = 'games';

function ended(containerGroupName: string, code?: FailureCode, message = 'It was not to be.'): Collection {
  return { resourceGroup, containerGroupName, ...(code === undefined ? {} : { failure: { code, message } }) };
}

describe('garbage is', () => {
  test.each([
    { says: 'a marked group that nobody plays on', group: marked, is: true },
    { says: 'a group whose deletion began and has to be finished', group: beingDeleted, is: true },
    { says: 'not a marked group with sessions', group: { ...marked, activeSessions: 1 }, is: false },
    { says: 'not a running group', group: running, is: false },
    { says: 'not a group that is being created', group: creating, is: false },
    { says: 'not a failed group', group: failed, is: false },
    { says: 'a creation that left nothing in Azure some time ago', group: refusedCreation, is: true },
  ])('$says', ({ group, is }) => {
    expect(
      isGarbage(group, LATER, {
        sessionsStaleAfterMs: 3_600_000,
        failedCreationRetentionMs: 60_000,
        failedRetentionMs: 3_600_000,
      }),
    ).toBe(is);
  });
});

describe('the report of a sweep', () => {
  test('begins empty', () => {
    expect(emptyReport(3, BORN)).toMatchObject({ number: 3, sweptAt: BORN, collectedCount: 0, collected: [] });
  });

  test('tells deleted, spared and failed groups apart', () => {
    const all = [ended('a'), ended('b', 'sessionsActive'), ended('c', 'notMarked'), ended('d', 'groupFailed')];
    const report = addToReport(emptyReport(1, BORN), 5, [...all, ended('e', 'throttled')]);
    expect(report).toMatchObject({ collectedCount: 1, keptCount: 8, failedCount: 1 });
    expect(report.collected).toEqual([{ resourceGroup, containerGroupName: 'a' }]);
    expect(report.failed).toMatchObject([{ containerGroupName: 'e', failure: { code: 'throttled' } }]);
  });

  test('adds up over the pages of a sweep', () => {
    const one = addToReport(emptyReport(1, BORN), 2, [ended('a')]);
    expect(addToReport(one, 3, [ended('b')])).toMatchObject({ collectedCount: 2, keptCount: 5 });
  });

  test('counts all groups and lists the first ones', () => {
    const all = Array.from({ length: MAX_LISTED + 5 }, (_, index) => ended(`group-${index}`));
    const report = addToReport(emptyReport(1, BORN), 0, all);
    expect(report.collectedCount).toBe(MAX_LISTED + 5);
    expect(report.collected).toEqual(all.slice(0, MAX_LISTED));
  });

  test('fits into a custom status, however long names and messages are', () => {
    const long = { resourceGroup: 'r'.repeat(90), containerGroupName: 'n'.repeat(63) };
    const failure = { code: 'resourceGroupNotFound', message: '"'.repeat(2_000) } as const;
    let report = emptyReport(Number.MAX_SAFE_INTEGER, BORN);
    for (let page = 0; page < 10; page += 1) {
      report = addToReport(report, 1_000_000, [...rows(20, long), ...rows(20, { ...long, failure })]);
    }
    expect(report).toMatchObject({ collectedCount: 200, failedCount: 200 });
    expect(report.collected.length).toBeGreaterThanOrEqual(5);
    expect(report.failed.length).toBeGreaterThanOrEqual(5);
    expect(utf16Bytes({ number: report.number, phase: 'sweeping', last: report })).toBeLessThan(16 * 1024);
  });
});

function rows(count: number, one: Collection): Collection[] {
  return Array.from({ length: count }, () => one);
}

function utf16Bytes(status: { number: number; phase: string; last: SweepReport }): number {
  return Buffer.byteLength(JSON.stringify(status), 'utf16le');
}

test('a group whose stored state cannot be read is a failure of the sweep, and its resource is left alone', () => {
  const id = { resourceGroup: 'games', containerGroupName: 'odd' };
  expect(addToReport(emptyReport(1, BORN), 0, [unreadableGroup(id)])).toMatchObject({
    collectedCount: 0,
    failed: [{ ...id, failure: { code: 'internal' } }],
  });
});

test('a group that a newer version wrote is a failure of the sweep that says so', () => {
  const id = { resourceGroup: 'games', containerGroupName: 'odd' };
  expect(newerGroup(id)).toMatchObject({ ...id, failure: { code: 'newerState' } });
});

test('a group whose name an earlier deletion still has is a failure of the sweep', () => {
  const id = { resourceGroup: 'games', containerGroupName: 'odd' };
  expect(earlierUnderWay(id)).toMatchObject({ ...id, failure: { code: 'deletionUnderWay' } });
});
