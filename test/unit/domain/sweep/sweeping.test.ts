import { describe, expect, test } from 'vitest';
import { emptyReport } from '../../../../src/domain/sweep/garbage.ts';
import { readableSweepingSchema, resumeSweeping } from '../../../../src/domain/sweep/sweeping.ts';
import { BORN } from '../group/group-fixture.ts';

describe('an eternal sweep that begins again', () => {
  const last = emptyReport(8, BORN);

  test.each([
    { says: 'counts from one when there never was one', ended: undefined, next: { number: 1 } },
    { says: 'goes on after its input when it published nothing', ended: { input: { number: 8 } }, next: { number: 9 } },
    {
      says: 'goes on after the sweep that began last, and keeps the last report',
      ended: { input: { number: 8, last: emptyReport(7, BORN) }, status: { number: 9, last } },
      next: { number: 10, last },
    },
    {
      says: 'keeps the report of its input when it published none',
      ended: { input: { number: 9, last }, status: { number: 9 } },
      next: { number: 10, last },
    },
    {
      says: 'counts on from the highest number that can be read',
      ended: { input: { last }, status: {} },
      next: { number: 9, last },
    },
    {
      says: 'counts from one when nothing can be read',
      ended: { input: undefined, status: undefined },
      next: { number: 1 },
    },
  ])('$says', ({ ended: before, next }) => {
    expect(resumeSweeping(before)).toEqual(next);
  });
});

test('what has been under way when it ended is left uncounted, and its number and report can be read all the same', () => {
  const last = emptyReport(8, BORN);
  const underWay = [{ resourceGroup: 'games', containerGroupName: 'one', sweep: 9, seenBy: 9, since: BORN }];
  const input = readableSweepingSchema.parse({ number: 9, last, underWay, soFar: { report: last } });
  expect(resumeSweeping({ input, status: undefined })).toEqual({ number: 10, last });
});
