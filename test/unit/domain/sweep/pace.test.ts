import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextStarts, withStarts } from '../../../../src/domain/sweep/pace.ts';
import { addMs, elapsedMs, type Instant } from '../../../../src/domain/time.ts';
import { BORN } from '../group/group-fixture.ts';

const ago = (ms: number): Instant => addMs(BORN, -ms);

describe('the next deletions are started', () => {
  test.each([
    { says: 'at once when none were', pace: [], wanted: 3, next: { count: 3, afterMs: 0 } },
    { says: 'not all at once', pace: [], wanted: 60, next: { count: 25, afterMs: 0 } },
    {
      says: 'at once beside a few',
      pace: [{ since: ago(1_000), count: 20 }],
      wanted: 5,
      next: { count: 5, afterMs: 0 },
    },
    {
      says: 'some seconds after many',
      pace: [{ since: ago(1_000), count: 20 }],
      wanted: 6,
      next: { count: 6, afterMs: 4_000 },
    },
    {
      says: 'five minutes after the oldest of too many',
      pace: [
        { since: ago(200_000), count: 25 },
        { since: ago(100_000), count: 75 },
      ],
      wanted: 60,
      next: { count: 25, afterMs: 105_000 },
    },
    {
      says: 'five minutes after those that leave too little room',
      pace: [
        { since: ago(200_000), count: 5 },
        { since: ago(100_000), count: 90 },
      ],
      wanted: 20,
      next: { count: 20, afterMs: 205_000 },
    },
  ])('$says', ({ pace, wanted, next }) => {
    expect(nextStarts(pace, 100, wanted, BORN)).toEqual(next);
  });

  test('no faster than ACI bears, and never so many at once that what is remembered grows', () => {
    const waitsMs = fc.array(fc.record({ waitMs: fc.nat(20_000), wanted: fc.integer({ min: 1, max: 100 }) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(waitsMs, fc.integer({ min: 10, max: 200 }), (steps, perWindow) => {
        let at: Instant = BORN;
        let pace: ReturnType<typeof withStarts> = [];
        const started: { at: Instant; count: number }[] = [];
        for (const { waitMs, wanted } of steps) {
          at = addMs(at, waitMs);
          const { count, afterMs } = nextStarts(pace, perWindow, wanted, at);
          at = addMs(at, afterMs);
          pace = withStarts(pace, count, at);
          started.push({ at, count });
          expect(count).toBeGreaterThan(0);
          expect(startedWithin(300_000, started)).toBeLessThanOrEqual(perWindow);
          expect(startedWithin(1, started)).toBeLessThanOrEqual(25);
          expect(pace.length).toBeLessThanOrEqual(62);
        }
      }),
    );
  });
});

test('starts that lie back five minutes are forgotten', () => {
  const pace = [
    { since: ago(305_000), count: 3 },
    { since: ago(304_999), count: 4 },
  ];
  expect(withStarts(pace, 0, BORN)).toEqual([pace[1]]);
  expect(withStarts([], 2, BORN)).toEqual([{ since: BORN, count: 2 }]);
  expect(withStarts([{ since: ago(4_999), count: 1 }], 2, BORN)).toEqual([{ since: ago(4_999), count: 3 }]);
});

/** How many were started in the time up to the last start, that one included. */
function startedWithin(ms: number, started: readonly { at: Instant; count: number }[]): number {
  const last = started.at(-1)?.at ?? BORN;
  return started.filter(({ at }) => elapsedMs(at, last) < ms).reduce((sum, { count }) => sum + count, 0);
}
