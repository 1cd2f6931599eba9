/** Lets each of many callers through at a steady rate with bursts; a token bucket for every key. */
export interface RateLimit {
  /** Takes one from the key's bucket; undefined when it may pass, else the milliseconds until the next may. */
  take(key: string, nowMs: number): number | undefined;
}

interface Bucket {
  level: number;
  atMs: number;
}

/** `burst` at once, then `perSecond`; remembers the `maxKeys` keys used last, so that its memory is bounded. */
export function createRateLimit({
  burst,
  perSecond,
  maxKeys,
}: {
  burst: number;
  perSecond: number;
  maxKeys: number;
}): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(key, nowMs) {
      const bucket = buckets.get(key) ?? { level: burst, atMs: nowMs };
      const elapsedMs = Math.max(0, nowMs - bucket.atMs);
      const level = Math.min(burst, bucket.level + (elapsedMs / 1000) * perSecond);
      const passes = level >= 1;
      // Deleted first, so that the map's order is that of use and its first key the one to forget.
      buckets.delete(key);
      buckets.set(key, { level: passes ? level - 1 : level, atMs: nowMs });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= maxKeys) break;
        buckets.delete(oldest);
      }
      return passes ? undefined : Math.ceil(((1 - level) / perSecond) * 1000);
    },
  };
}
