/** What a bucket says to one request. */
export interface BucketAnswer {
  remaining: number;
  /** Set when the request is one too many. */
  retryAfterSeconds?: number;
}

/** A bucket of requests that refills steadily. */
export interface TokenBucket {
  take(nowMs: number): BucketAnswer;
}

/** Creates a full bucket; times come from the caller. */
export function createTokenBucket(size: number, refillPerSecond: number, startMs: number): TokenBucket {
  let tokens = size;
  let filledMs = startMs;
  return {
    take: (nowMs) => {
      tokens = Math.min(size, tokens + ((nowMs - filledMs) / 1000) * refillPerSecond);
      filledMs = nowMs;
      if (tokens < 1) {
        return { remaining: 0, retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / refillPerSecond)) };
      }
      tokens -= 1;
      return { remaining: Math.floor(tokens) };
    },
  };
}
