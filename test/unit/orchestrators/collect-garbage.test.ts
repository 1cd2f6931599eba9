import { describe, expect, test } from 'vitest';
import { addMs, type Instant } from '../../../src/domain/time.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import {
  began,
  breaks,
  found,
  group,
  groupsOf,
  last,
  onceWith,
  one,
  sweepingOf,
  sweepIntervalMs,
  three,
  turn,
  two,
} from './sweep-world.ts';

describe('a sweep', () => {
  test('says that it began, what it did, and begins the next one after the interval', () => {
    const { published, report, waitsMs, continuedWith } = turn();
    expect(published).toEqual([
      { number: 7, phase: 'sweeping', last },
      { number: 7, phase: 'waiting', last: report },
      { number: 7, phase: 'waiting', last: report },
    ]);
    expect(report).toEqual({ ...began, keptCount: 4 });
    expect(waitsMs).toEqual([sweepIntervalMs]);
    expect(continuedWith).toEqual({ number: 8, last: report });
  });

  test.each([
    { says: 'a request for one later than this sweep', data: { after: 7 } },
    { says: 'one that names no sweep, as 0.1.0 asks', data: {} },
    { says: 'one that cannot be read', data: { after: 'soon' } },
  ])('is followed at once by another on $says, and leaves no timer behind', ({ data }) => {
    const { waitsMs, openTimers, continuedWith } = turn({}, { isRaised: onceWith(data) });
    expect(waitsMs).toEqual([0]);
    expect(openTimers).toBe(0);
    expect(continuedWith).toMatchObject({ number: 8 });
  });

  test('ignores a request that it has come up to itself, and goes on waiting', () => {
    const { waitsMs, openTimers } = turn({}, { isRaised: onceWith({ after: 6 }) });
    expect(waitsMs).toEqual([0, sweepIntervalMs]);
    expect(openTimers).toBe(0);
  });

  test('tells deleted, spared and failed groups apart', () => {
    const sessionsActive = { code: 'sessionsActive', message: 'Somebody joined.' };
    const notAuthorized = { code: 'notAuthorized', message: 'ARM answered 403.' };
    const { report, asked } = turn({
      findGarbage: found([one, two, three], { keptCount: 2 }),
      readDeletions: { ended: [one, { ...two, failure: sessionsActive }, { ...three, failure: notAuthorized }] },
    });
    expect(report).toMatchObject({ startedCount: 3, collectedCount: 1, keptCount: 3, failedCount: 1 });
    expect(report?.failed).toEqual([{ ...three, failure: notAuthorized }]);
    expect(asked[1]).toEqual({ name: 'startDeletions', input: { groups: [one, two, three], cause: 'sweep 7' } });
  });

  test('reports a group whose stored state cannot be read, and deletes the others', () => {
    const { report } = turn({ findGarbage: found([one], { unreadable: [two] }) });
    expect(report).toMatchObject({
      collected: [one],
      failedCount: 1,
      failed: [{ ...two, failure: { code: 'internal' } }],
    });
  });

  test('attends the creations that take long, as the cause of what comes of it', () => {
    const slow = [{ ...two, incarnation: 'first', isOverdue: true }];
    const { asked, names } = turn({ findGarbage: found([one], { slow }), attendSlowCreations: {} });
    expect(names).toEqual(['findGarbage', 'attendSlowCreations', 'startDeletions', 'readDeletions']);
    expect(asked[1]?.input).toEqual({ groups: slow, cause: 'sweep 7' });
  });

  test('has the groups look that may have passed a limit, as the cause of what comes of it', () => {
    const passed = [{ ...two, incarnation: 'first' }];
    const { asked, names } = turn({ findGarbage: found([one], { passed }), enforceLimits: {} });
    expect(names).toEqual(['findGarbage', 'enforceLimits', 'startDeletions', 'readDeletions']);
    expect(asked[1]?.input).toEqual({ groups: passed, cause: 'sweep 7' });
  });

  test("that can't reach them says so, and deletes what is garbage all the same", () => {
    const passed = [{ ...two, incarnation: 'first' }];
    const { continuedWith } = turn({
      findGarbage: found([one], { passed, continuationToken: 'page 2' }),
      enforceLimits: breaks,
    });
    const { report } = sweepingOf(continuedWith).soFar ?? {};
    expect(report).toMatchObject({ startedCount: 1, failedCount: 1 });
    expect(report?.failed[0]?.failure.message).toBe('Limits were not enforced: The store is away.');
  });

  test("that can't attend them says so, and deletes what is garbage all the same", () => {
    const slow = [{ ...two, incarnation: 'first', isOverdue: true }];
    const { report, continuedWith } = turn({
      findGarbage: found([one], { slow, continuationToken: 'page 2' }),
      attendSlowCreations: breaks,
    });
    expect(report).toEqual(last);
    const { soFar } = sweepingOf(continuedWith);
    expect(soFar).toMatchObject({ continuationToken: 'page 2', report: { startedCount: 1, failedCount: 1 } });
    expect(soFar?.report.failed[0]?.failure.message).toBe('Slow creations were not attended: The store is away.');
  });

  test('does not wait for the deletions that it finds under way, and counts them all the same', () => {
    const { published, report } = turn({
      findGarbage: found([one, two]),
      startDeletions: { alreadyUnderWay: [one] },
      readDeletions: (_input, count) => ({ ended: count === 0 ? [two] : [one] }),
    });
    expect(published.slice(1, 3)).toMatchObject([
      { phase: 'collecting', underWay: { count: 2, sweeps: [7] } },
      { phase: 'collecting', underWay: { count: 1, sweeps: [] } },
    ]);
    expect(report).toMatchObject({ startedCount: 1, collectedCount: 2 });
  });

  test('takes the end of the deletion of an earlier group for none of this one', () => {
    const { asked, report } = turn({
      findGarbage: found([one, two]),
      startDeletions: { alreadyUnderWay: [], earlierUnderWay: [one] },
    });
    expect(asked.filter(({ name }) => name === 'readDeletions').map(({ input }) => groupsOf(input))).toEqual([[two]]);
    expect(report).toMatchObject({ startedCount: 1, collected: [two], failedCount: 1 });
    expect(report?.failed).toMatchObject([{ ...one, failure: { code: 'deletionUnderWay' } }]);
  });

  test('reports a group that a newer version wrote, and leaves it alone', () => {
    const { report, names } = turn({ findGarbage: found([], { keptCount: 1, newer: [two] }) });
    expect(report).toMatchObject({
      keptCount: 1,
      failedCount: 1,
      failed: [{ ...two, failure: { code: 'newerState' } }],
    });
    expect(names).toEqual(['findGarbage']);
  });

  test('that breaks is reported, and the next one comes after a minute', () => {
    const soFar = { report: { ...began, keptCount: 9 }, continuationToken: 'page 2' };
    const { report, waitsMs, continuedWith } = turn({ findGarbage: breaks }, { soFar });
    expect(report).toMatchObject({ keptCount: 9, failedCount: 1, broken: true });
    expect(report?.failed[0]?.failure).toEqual({ code: 'internal', message: 'The sweep broke: The store is away.' });
    expect(waitsMs).toEqual([60_000]);
    expect(continuedWith).toMatchObject({ number: 8 });
  });
});

describe('a sweep of several pages', () => {
  test('takes one in a turn, starts what is garbage in it, and goes on with the next at once', () => {
    const { names, waitsMs, continuedWith, published } = turn({
      findGarbage: found([one], { keptCount: 3, continuationToken: 'page 2' }),
    });
    expect(names).toEqual(['findGarbage', 'startDeletions']);
    expect(waitsMs).toEqual([]);
    expect(published).toHaveLength(1);
    expect(continuedWith).toEqual({
      number: 7,
      last,
      soFar: { report: { ...began, startedCount: 1, keptCount: 3 }, continuationToken: 'page 2' },
      underWay: [{ ...one, sweep: 7, seenBy: 7, since: BORN }],
      pace: [{ since: BORN, count: 1 }],
    });
  });

  test('counts what an earlier turn started before it starts more, and what it cannot count yet it leaves to later', () => {
    const { asked, report, continuedWith } = turn(
      {
        findGarbage: found([two]),
        readDeletions: (_input, count) => ({ ended: [[], [two], [one]][count] }),
      },
      {
        soFar: { report: { ...began, startedCount: 1, keptCount: 3 }, continuationToken: 'page 2' },
        underWay: [{ ...one, sweep: 7, seenBy: 7, since: BORN }],
      },
    );
    expect(asked.slice(0, 3)).toEqual([
      { name: 'findGarbage', input: { continuationToken: 'page 2' } },
      { name: 'readDeletions', input: { groups: [one] } },
      { name: 'startDeletions', input: { groups: [two], cause: 'sweep 7' } },
    ]);
    expect(report).toMatchObject({ startedCount: 2, collectedCount: 2, collected: [two, one], keptCount: 3 });
    expect(continuedWith).not.toHaveProperty('underWay');
  });

  test('starts no more at once than the backend bears, and no more in five minutes than ACI does', () => {
    const garbage = Array.from({ length: 60 }, (_, index) => group(`group-${index}`));
    const startedAt: [Instant, number][] = [];
    turn(
      {
        findGarbage: found(garbage),
        startDeletions: (input, _count, at) => {
          startedAt.push([at, groupsOf(input).length]);
          return { alreadyUnderWay: [] };
        },
      },
      { pace: [{ since: addMs(BORN, -60_000), count: 70 }] },
    );
    expect(startedAt).toEqual([
      [BORN, 25],
      [addMs(BORN, 245_000), 25],
      [addMs(BORN, 250_000), 10],
    ]);
  });
});

describe('while it waits for the next one, a sweep', () => {
  test('looks ever more rarely at what it started, and tells how much is under way', () => {
    const { asked, waitsMs, published } = turn({
      findGarbage: found([one, two]),
      readDeletions: (_input, count) => ({ ended: count === 0 ? [two] : [one] }),
    });
    expect(asked.filter(({ name }) => name === 'readDeletions').map(({ input }) => groupsOf(input))).toEqual([
      [one, two],
      [one],
    ]);
    expect(waitsMs).toEqual([250, 500, sweepIntervalMs - 750]);
    expect(published.slice(1, 4)).toMatchObject([
      { phase: 'collecting', last: { collectedCount: 0 }, underWay: { count: 2, sweeps: [7] } },
      { phase: 'collecting', last: { collectedCount: 1 }, underWay: { count: 1, sweeps: [7] } },
      { phase: 'waiting', last: { collectedCount: 2 } },
    ]);
  });

  test('leaves a deletion that takes long to itself, and reports it', () => {
    const { report, continuedWith, asked } = turn({
      findGarbage: found([one, two]),
      readDeletions: (_input, count) => ({ ended: count === 0 ? [two] : [] }),
    });
    expect(report).toMatchObject({ collectedCount: 1, failedCount: 1, durationMs: 0 });
    expect(report?.failed).toMatchObject([{ ...one, failure: { code: 'deletionUnderWay' } }]);
    expect(continuedWith).not.toHaveProperty('underWay');
    expect(asked.length).toBeLessThan(20);
  });

  test('leaves what has not ended to the one that somebody asks for', () => {
    const { report, continuedWith } = turn({ findGarbage: found([one]) }, { isRaised: onceWith({ after: 7 }) });
    expect(report).toMatchObject({ startedCount: 1, collectedCount: 0 });
    expect(continuedWith).toMatchObject({ number: 8, last: report, underWay: [{ ...one, sweep: 7 }] });
  });

  test('reports that it could not look, and has that counted nowhere', () => {
    const { report, waitsMs, continuedWith } = turn({ findGarbage: found([one]), readDeletions: breaks });
    expect(report).toMatchObject({ startedCount: 1, collectedCount: 0, failedCount: 1 });
    expect(waitsMs).toEqual([250, sweepIntervalMs - 250]);
    expect(continuedWith).not.toHaveProperty('underWay');
  });

  test('gets rid of the history that many late requests make, with its report and the rest of its wait', () => {
    const many = turn({}, { isRaised: () => ({ after: 6 }) });
    const waitUntil = addMs(BORN, sweepIntervalMs);
    expect(many.waitsMs.length).toBeLessThan(150);
    expect(many.openTimers).toBe(0);
    expect(many.continuedWith).toEqual({ number: 7, last, soFar: { report: many.report, waitUntil } });
    const { names, waitsMs, published, continuedWith } = turn({}, sweepingOf(many.continuedWith));
    expect(names).toEqual(['readDeletions']);
    expect(waitsMs).toEqual([sweepIntervalMs]);
    expect(published[0]).toEqual({ number: 7, phase: 'waiting', last: many.report });
    expect(continuedWith).toEqual({ number: 8, last: many.report });
  });
});
