import { describe, expect, test } from 'vitest';
import { passDelayMs, turnDelayMs } from '../../../../src/domain/inspect/inspection-pace.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN } from '../group/group-fixture.ts';

const intervalMs = 300_000;

describe('between two turns', () => {
  test.each<[string, { inspectedCount: number; turnCount: number; expectedCount: number; afterMs: number }, number]>([
    [
      'a half is looked at in half of the interval',
      { inspectedCount: 50, turnCount: 25, expectedCount: 100, afterMs: 80_000 },
      70_000,
    ],
    ['nothing is waited for behind time', { inspectedCount: 10, turnCount: 0, expectedCount: 100, afterMs: 60_000 }, 0],
    [
      'more groups than last time do not lengthen it',
      { inspectedCount: 150, turnCount: 25, expectedCount: 100, afterMs: 250_000 },
      50_000,
    ],
    [
      'reads are left to others, also where there is no time',
      { inspectedCount: 9_000, turnCount: 25, expectedCount: 9_000, afterMs: 900_000 },
      5_000,
    ],
    [
      'the first goes as fast as it may',
      { inspectedCount: 25, turnCount: 25, expectedCount: 0, afterMs: 1_000 },
      5_000,
    ],
    ['pages without a group cost no time', { inspectedCount: 0, turnCount: 0, expectedCount: 0, afterMs: 1_000 }, 0],
  ])('%s', (_, { afterMs, ...pass }, expected) => {
    expect(turnDelayMs({ inspectedAt: BORN, intervalMs, ...pass }, addMs(BORN, afterMs))).toBe(expected);
  });
});

test.each<[string, number, number, number]>([
  ['the rest of the interval', 3, 1_000, 299_000],
  ['no time where it took longer', 0, 400_000, 0],
  ['as long as the reads of the last turn need', 25, 400_000, 5_000],
])('the next inspection is waited for %s', (_, turnCount, afterMs, expected) => {
  expect(passDelayMs({ inspectedAt: BORN, intervalMs, turnCount }, addMs(BORN, afterMs))).toBe(expected);
});
