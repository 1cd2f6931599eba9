import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../../../src/contracts/garbage-collection.ts';
import { emptyReport, MAX_PARALLEL_DELETIONS } from '../../../src/domain/sweep/garbage.ts';
import type { GroupId } from '../../../src/domain/group/group-id.ts';
import { orchestrateGarbageCollection } from '../../../src/orchestrators/collect-garbage.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { drive, type Answer, type World } from './drive.ts';

const sweepIntervalMs = 300_000;
const one = group('one');
const two = group('two');
const three = group('three');

const standard: Record<string, Answer> = {
  findGarbage: { garbage: [], keptCount: 4, unreadable: [], sweepIntervalMs },
  startDeletions: {},
  readDeletions: (input: unknown) => ({ ended: groupsOf(input) }),
};

function sweep(answers: Record<string, Answer> = {}, isRaised?: World['isRaised']) {
  const world: World = { answers: { ...standard, ...answers }, ...(isRaised === undefined ? {} : { isRaised }) };
  const run = drive(collectGarbage, orchestrateGarbageCollection, { number: 7, last: emptyReport(6, BORN) }, world);
  const report = run.published.at(-1)?.last;
  return { ...run, report, names: run.asked.map(({ name }) => name) };
}

describe('a sweep', () => {
  test('says that it began, what it did, and begins the next one after the interval', () => {
    const { published, report, waitsMs, continuedWith } = sweep();
    expect(published).toEqual([
      { number: 7, phase: 'sweeping', last: emptyReport(6, BORN) },
      { number: 7, phase: 'waiting', last: report },
    ]);
    expect(report).toEqual({ ...emptyReport(7, BORN), keptCount: 4 });
    expect(waitsMs).toEqual([sweepIntervalMs]);
    expect(continuedWith).toEqual({ number: 8, last: report });
  });

  test('begins at once when somebody asks for it, and leaves no timer behind', () => {
    const { waitsMs, openTimers, continuedWith } = sweep({}, (event) => event === 'sweepNow');
    expect(waitsMs).toEqual([0]);
    expect(openTimers).toBe(0);
    expect(continuedWith).toMatchObject({ number: 8 });
  });

  test('tells deleted, spared and failed groups apart', () => {
    const sessionsActive = { code: 'sessionsActive', message: 'Somebody joined.' };
    const notAuthorized = { code: 'notAuthorized', message: 'ARM answered 403.' };
    const { report, asked } = sweep({
      findGarbage: { garbage: [one, two, three], keptCount: 2, unreadable: [], sweepIntervalMs },
      readDeletions: { ended: [one, { ...two, failure: sessionsActive }, { ...three, failure: notAuthorized }] },
    });
    expect(report).toMatchObject({ collectedCount: 1, keptCount: 3, failedCount: 1 });
    expect(report?.failed).toEqual([{ ...three, failure: notAuthorized }]);
    expect(asked[1]).toEqual({ name: 'startDeletions', input: { groups: [one, two, three], cause: 'sweep 7' } });
  });

  test('reports a group whose stored state cannot be read, and deletes the others', () => {
    const { report } = sweep({ findGarbage: { garbage: [one], keptCount: 0, unreadable: [two], sweepIntervalMs } });
    expect(report).toMatchObject({
      collected: [one],
      failedCount: 1,
      failed: [{ ...two, failure: { code: 'internal' } }],
    });
  });

  test('reports a group that a newer version wrote, and leaves it alone', () => {
    const page = { garbage: [], keptCount: 1, unreadable: [], newer: [two], sweepIntervalMs };
    const { report, names } = sweep({ findGarbage: page });
    expect(report).toMatchObject({
      keptCount: 1,
      failedCount: 1,
      failed: [{ ...two, failure: { code: 'newerState' } }],
    });
    expect(names).toEqual(['findGarbage']);
  });

  test('asks only after the groups whose deletion has not ended', () => {
    const { asked, waitsMs } = sweep({
      findGarbage: { garbage: [one, two], keptCount: 0, unreadable: [], sweepIntervalMs },
      readDeletions: (_input, count) => ({ ended: count === 0 ? [two] : [one] }),
    });
    expect(asked.filter(({ name }) => name === 'readDeletions').map(({ input }) => groupsOf(input))).toEqual([
      [one, two],
      [one],
    ]);
    expect(waitsMs).toEqual([250, 500, sweepIntervalMs]);
  });

  test('leaves a deletion that takes long to itself, and reports it', () => {
    const { report } = sweep({
      findGarbage: { garbage: [one, two], keptCount: 0, unreadable: [], sweepIntervalMs },
      readDeletions: (_input, count) => ({ ended: count === 0 ? [two] : [] }),
    });
    expect(report).toMatchObject({ collectedCount: 1, failedCount: 1 });
    expect(report?.failed).toMatchObject([{ ...one, failure: { code: 'deletionUnderWay' } }]);
    expect(report?.durationMs).toBeGreaterThan(120_000);
    expect(report?.durationMs).toBeLessThan(150_000);
  });

  test('reads every page, and has only so many deletions under way at once', () => {
    const garbage = Array.from({ length: MAX_PARALLEL_DELETIONS + 1 }, (_, index) => group(`group-${index}`));
    const { report, asked } = sweep({
      findGarbage: (_input, count) =>
        count === 0
          ? { garbage, keptCount: 1, unreadable: [], sweepIntervalMs, continuationToken: 'more' }
          : { garbage: [one], keptCount: 2, unreadable: [], sweepIntervalMs },
    });
    expect(report).toMatchObject({ collectedCount: MAX_PARALLEL_DELETIONS + 2, keptCount: 3 });
    expect(asked.filter(({ name }) => name === 'findGarbage').map(({ input }) => input)).toEqual([
      {},
      { continuationToken: 'more' },
    ]);
    expect(asked.filter(({ name }) => name === 'startDeletions').map(({ input }) => groupsOf(input).length)).toEqual([
      MAX_PARALLEL_DELETIONS,
      1,
      1,
    ]);
  });

  test('that breaks is reported, and the next one comes after a minute', () => {
    const { report, waitsMs, continuedWith } = sweep({
      findGarbage: (_input, count) => {
        if (count === 1) {
          throw new Error('The store is away.');
        }
        return { garbage: [one], keptCount: 0, unreadable: [], sweepIntervalMs, continuationToken: 'more' };
      },
    });
    expect(report).toMatchObject({ collectedCount: 1, failedCount: 1 });
    expect(report?.failed[0]?.failure).toEqual({ code: 'internal', message: 'The sweep broke: The store is away.' });
    expect(waitsMs.at(-1)).toBe(60_000);
    expect(continuedWith).toMatchObject({ number: 8 });
  });
});

function group(containerGroupName: string): GroupId {
  return { resourceGroup: 'games', containerGroupName };
}

function groupsOf(input: unknown): unknown[] {
  return typeof input === 'object' && input !== null && 'groups' in input && Array.isArray(input.groups)
    ? input.groups
    : [];
}
