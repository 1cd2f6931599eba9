/** How long a durable wait grows: `firstMs` doubled (or times `factor`) with every attempt, never above `capMs`. */
export interface Backoff {
  firstMs: number;
  factor: number;
  capMs: number;
}

/**
 * ARM refills its write bucket at 10 a second and ACI counts creations per five minutes, so that waiting longer than two
 * minutes between tries only delays (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling).
 */
export const ARM_RETRY: Backoff = { firstMs: 5_000, factor: 2, capMs: 120_000 };

/** The wait before try number `attempt` + 1, counted from 0; what the service asked for counts when it is longer. */
export function backoffMs(backoff: Backoff, attempt: number, retryAfterMs = 0): number {
  const grown = Math.min(backoff.capMs, backoff.firstMs * backoff.factor ** attempt);
  return Math.max(grown, retryAfterMs);
}
