import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARM_RETRY, backoffMs } from '../../../src/domain/backoff.ts';

test.each([
  { says: 'the first wait', attempt: 0, retryAfterMs: 0, ms: 5_000 },
  { says: 'the second, twice as long', attempt: 1, retryAfterMs: 0, ms: 10_000 },
  { says: 'one that would be above the cap', attempt: 5, retryAfterMs: 0, ms: 120_000 },
  { says: 'one so late that the arithmetic overflows', attempt: 5_000, retryAfterMs: 0, ms: 120_000 },
  { says: 'a longer one that the service asks for', attempt: 0, retryAfterMs: 17_000, ms: 17_000 },
  { says: 'a shorter one that the service asks for', attempt: 1, retryAfterMs: 1_000, ms: 10_000 },
  { says: 'one above the cap that the service asks for', attempt: 0, retryAfterMs: 300_000, ms: 300_000 },
])('$says: $ms ms', ({ attempt, retryAfterMs, ms }) => {
  expect(backoffMs(ARM_RETRY, attempt, retryAfterMs)).toBe(ms);
});

test('waits never shrink from one try to the next', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2_000 }), (attempt) => {
      expect(backoffMs(ARM_RETRY, attempt + 1)).toBeGreaterThanOrEqual(backoffMs(ARM_RETRY, attempt));
    }),
  );
});
