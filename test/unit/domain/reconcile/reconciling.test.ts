import { describe, expect, test } from 'vitest';
import { MAX_LISTED } from '../../../../src/domain/first-of.ts';
import {
  addToReconciliation,
  emptyReconciliation,
  resumeReconciling,
  type Drift,
} from '../../../../src/domain/reconcile/reconciling.ts';
import { BORN } from '../group/group-fixture.ts';

const empty = emptyReconciliation(7, BORN);
const id = (index: number) => ({ resourceGroup: 'g'.repeat(90), containerGroupName: `${'n'.repeat(58)}-${index}` });

describe('the report of a reconciliation', () => {
  test('counts what is found, and more orphans and drift than are listed', () => {
    const small = { resourceGroup: 'games', containerGroupName: 'game-1' };
    const drifted: Drift[] = [{ ...small, what: 'endpoint' }];
    const orphans = [{ ...small, became: 'reported' as const }];
    const first = addToReconciliation(empty, { comparedCount: 3, foreignCount: 1, ghosts: [small], drifted, orphans });
    const failure = { code: 'throttled', message: 'x'.repeat(300) } as const;
    const second = addToReconciliation(first, {
      comparedCount: 2,
      orphans,
      orphanCount: 30,
      driftCount: 5,
      failed: [{ ...small, failure }],
    });
    expect(second).toMatchObject({
      comparedCount: 5,
      foreignCount: 1,
      ghostCount: 1,
      ghosts: [small],
      orphanCount: 31,
      driftCount: 6,
      drifted,
      failedCount: 1,
    });
    expect(second.orphans).toHaveLength(2);
    expect(second.failed[0]?.failure.message).toHaveLength(200);
  });

  test('holds the first twenty of each, and fits a custom status whatever their names are', () => {
    const many = Array.from({ length: 100 }, (_, index) => id(index));
    const failure = { code: 'deletionUnderWay', message: 'x'.repeat(500) } as const;
    const report = addToReconciliation(empty, {
      ghosts: many,
      orphans: many.map((each) => ({ ...each, became: 'reported' as const, reason: 'inTransition' as const })),
      drifted: many.map((each) => ({ ...each, what: 'failedInAzure' as const })),
      failed: many.map((each) => ({ ...each, failure })),
    });
    expect(report).toMatchObject({ ghostCount: 100, orphanCount: 100, driftCount: 100, failedCount: 100 });
    expect(JSON.stringify({ number: 1, phase: 'waiting', last: report }).length).toBeLessThan(8_192);
    const short = Array.from({ length: 30 }, (_, index) => ({ resourceGroup: 'g', containerGroupName: `n${index}` }));
    expect(addToReconciliation(empty, { ghosts: short }).ghosts).toEqual(short.slice(0, MAX_LISTED));
  });
});

describe('a reconciliation that has ended', () => {
  test.each([
    ['never was', {}, { number: 1 }],
    ['published its report', { input: { number: 3 }, status: { number: 7, last: empty } }, { number: 8, last: empty }],
    ['published none', { input: { number: 8, last: empty } }, { number: 9, last: empty }],
    ['left a report alone', { status: { last: empty } }, { number: 8, last: empty }],
  ])('and %s begins with the next number', (_, ended, expected) => {
    expect(resumeReconciling(ended)).toEqual(expected);
  });

  test('and is not known begins with the first', () => {
    expect(resumeReconciling(undefined)).toEqual({ number: 1 });
  });
});
