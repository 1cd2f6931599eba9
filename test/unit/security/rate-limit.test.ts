import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../../src/security/rate-limit.ts';

describe('a rate limit', () => {
  test('lets a burst through, then one after the other, and says when', () => {
    const limit = createRateLimit({ burst: 2, perSecond: 4, maxKeys: 10 });
    expect([limit.take('a', 0), limit.take('a', 0), limit.take('a', 0)]).toEqual([undefined, undefined, 250]);
    expect(limit.take('a', 100)).toBe(150);
    expect(limit.take('a', 250)).toBeUndefined();
    expect(limit.take('a', 250)).toBe(250);
  });

  test('holds for each caller alone', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1, maxKeys: 10 });
    expect(limit.take('a', 0)).toBeUndefined();
    expect(limit.take('b', 0)).toBeUndefined();
    expect(limit.take('a', 0)).toBe(1_000);
  });

  test('saves up no more than a burst, and loses nothing when the clock goes back', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1, maxKeys: 10 });
    limit.take('a', 0);
    expect(limit.take('a', 3_600_000)).toBeUndefined();
    expect(limit.take('a', 3_600_000)).toBe(1_000);
    expect(limit.take('a', 0)).toBe(1_000);
  });

  test('forgets the caller that was away for longest when there are too many', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1, maxKeys: 2 });
    limit.take('a', 0);
    limit.take('b', 0);
    limit.take('a', 0);
    limit.take('c', 0);
    expect(limit.take('a', 0)).toBe(1_000);
    expect(limit.take('b', 0)).toBeUndefined();
  });

  test('never lets more through than a burst and what its rate gives', () => {
    const gaps = fc.array(fc.nat({ max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, (all) => {
        const limit = createRateLimit({ burst: 5, perSecond: 10, maxKeys: 10 });
        let nowMs = 0;
        let passed = 0;
        for (const gap of all) {
          nowMs += gap;
          passed += limit.take('a', nowMs) === undefined ? 1 : 0;
        }
        expect(passed).toBeLessThanOrEqual(5 + nowMs / 100);
      }),
    );
  });
});
