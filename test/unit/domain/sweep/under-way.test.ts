import { describe, expect, test } from 'vitest';
import {
  afterLook,
  MAX_UNDER_WAY,
  sortGarbage,
  summaryOf,
  underWaySchema,
  withStarted,
  type UnderWay,
} from '../../../../src/domain/sweep/under-way.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN } from '../group/group-fixture.ts';

const id = (containerGroupName: string) => ({ resourceGroup: 'Games', containerGroupName });
const one: UnderWay = { ...id('one'), sweep: 7, seenBy: 7, since: BORN };
const two: UnderWay = { ...id('two'), sweep: 7, seenBy: 7, since: BORN };
const spared = { code: 'sessionsActive', message: 'Somebody joined.' } as const;
const failure = { code: 'throttled', message: 'Later.' } as const;

describe('a look at what is under way', () => {
  test.each([
    { says: 'goes on with what has not ended', ended: [], sweep: 7, left: [one, two], counted: [] },
    { says: 'counts what is gone', ended: [id('two')], sweep: 8, left: [one], counted: [id('two')] },
    {
      says: 'counts what failed, whichever sweep started it',
      ended: [{ ...id('two'), failure }],
      sweep: 8,
      left: [one],
      counted: [{ ...id('two'), failure }],
    },
    {
      says: 'counts what was spared for the sweep that saw it as garbage',
      ended: [{ ...id('ONE'), failure: spared }],
      sweep: 7,
      left: [two],
      counted: [{ ...id('ONE'), failure: spared }],
    },
    {
      says: 'counts nothing of what was spared for a later one, which has counted it among those it keeps',
      ended: [{ ...id('one'), failure: spared }],
      sweep: 8,
      left: [two],
      counted: [],
    },
  ])('$says', ({ ended, sweep, left, counted }) => {
    expect(afterLook([one, two], ended, sweep, BORN)).toEqual({ underWay: left, ended: counted });
  });

  test('reports what takes longer than two minutes, once', () => {
    const late = afterLook([one, { ...two, since: addMs(BORN, 1) }], [], 7, addMs(BORN, 120_001));
    expect(late).toMatchObject({
      underWay: [id('two')],
      ended: [{ ...id('one'), failure: { code: 'deletionUnderWay' } }],
    });
  });
});

test('garbage that is under way already is not started again, and has been seen by this sweep', () => {
  expect(sortGarbage([one, two], [id('ONE'), id('three')], 8)).toEqual({
    underWay: [{ ...one, seenBy: 8 }, two],
    toStart: [id('three')],
  });
});

describe('of what is under way', () => {
  test('a sweep remembers what it starts', () => {
    expect(withStarted([one], { started: [id('two')], found: [] }, 7, BORN)).toEqual({
      underWay: [one, two],
      ended: [],
    });
  });

  test('a sweep remembers what it finds under way as nobody knows whose', () => {
    const { sweep: _sweep, ...found } = two;
    expect(withStarted([one], { started: [], found: [id('two')] }, 7, BORN)).toEqual({
      underWay: [one, found],
      ended: [],
    });
  });

  test('so much is remembered and no more: the oldest are reported as what takes too long is', () => {
    const many = Array.from({ length: MAX_UNDER_WAY }, (_, index) => id(`many-${index}`));
    const { underWay, ended } = withStarted([one, two], { started: many, found: [] }, 8, BORN);
    expect(underWay).toHaveLength(MAX_UNDER_WAY);
    expect(ended).toMatchObject([one, two].map(({ containerGroupName }) => id(containerGroupName)));
    expect(new Set(ended.map((each) => each.failure?.code))).toEqual(new Set(['deletionUnderWay']));
  });

  test('all that is remembered fits into a row of Azure Storage, however long names are', () => {
    const long = { ...one, resourceGroup: 'r'.repeat(90), containerGroupName: 'n'.repeat(63), sweep: 1e9, seenBy: 1e9 };
    const json = JSON.stringify(Array.from({ length: MAX_UNDER_WAY }, () => underWaySchema.parse(long)));
    expect(json.length).toBeLessThan(30_000);
  });

  test.each([
    { says: 'nothing when there is nothing', all: [], summary: undefined },
    {
      says: 'how much it is, and of which sweeps, newest first',
      all: [one, { ...one, sweep: 5 }, two],
      summary: { count: 3, sweeps: [7, 5] },
    },
    {
      says: 'that what was found under way is of no sweep',
      all: [{ ...id('one'), seenBy: 7, since: BORN }],
      summary: { count: 1, sweeps: [] },
    },
    {
      says: 'the newest sweeps, as many as a status has room for',
      all: Array.from({ length: 30 }, (_, index) => ({ ...one, sweep: index })),
      summary: { count: 30, sweeps: Array.from({ length: 20 }, (_, index) => 29 - index) },
    },
  ])('is told $says', ({ all, summary }) => {
    expect(summaryOf(all)).toEqual(summary);
  });
});
