import { subscriptionRequestsThrottled } from '../wire/arm-errors.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

type BucketName = 'reads' | 'writes' | 'deletes';

/** ARM's own limits, whatever the resource provider's are. */
export interface SubscriptionThrottle {
  /** Takes one request from its bucket: what is left goes into a header, an empty bucket is an error. */
  take(method: string, nowMs: number): { headers: Record<string, string>; error?: ArmError };
}

/** Size and refill per second of the buckets of a subscription in a region (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling). */
const BUCKETS: Readonly<Record<BucketName, { size: number; refillPerSecond: number }>> = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};

/** Creates full buckets. They are not kept over a restart: they are full again within half a minute anyway. */
export function createSubscriptionThrottle(subscriptionId: string, startMs: number): SubscriptionThrottle {
  const open = (name: BucketName): TokenBucket =>
    createTokenBucket(BUCKETS[name].size, BUCKETS[name].refillPerSecond, startMs);
  const buckets = { reads: open('reads'), writes: open('writes'), deletes: open('deletes') };
  return {
    take: (method, nowMs) => {
      const name = bucketOf(method);
      const { remaining, retryAfterSeconds } = buckets[name].take(nowMs);
      const headers = { [`x-ms-ratelimit-remaining-subscription-${name}`]: String(remaining) };
      if (retryAfterSeconds === undefined) return { headers };
      return { headers, error: subscriptionRequestsThrottled(subscriptionId, name, retryAfterSeconds) };
    },
  };
}

function bucketOf(method: string): BucketName {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
