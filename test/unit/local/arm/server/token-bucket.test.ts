import { expect, test } from 'vitest';
import { createTokenBucket } from '../../../../../local/arm/server/token-bucket.ts';

test('a bucket gives as many as it holds, then as many as flow in, and says how long to wait', () => {
  const bucket = createTokenBucket(3, 2, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)].map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
  expect(bucket.take(0)).toEqual({ remaining: 0, retryAfterSeconds: 1 });
  expect(bucket.take(499).retryAfterSeconds).toBe(1);
  expect(bucket.take(500).retryAfterSeconds).toBeUndefined();
  expect(bucket.take(60_000)).toEqual({ remaining: 2 });
});
