/*
 * Event Grid's delivery: what it retries, how long it waits, when it gives up (learn.microsoft.com/azure/event-grid/delivery-and-retry).
 */

/** How long a webhook may take to answer. */
export const DELIVERY_TIMEOUT_MS = 30_000;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first, second, … failed attempt; the last one repeats. */
const RETRY_DELAYS_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];

/** Defaults of a subscription's retry policy. */
const MAX_ATTEMPTS = 30;
const TIME_TO_LIVE_MS = 24 * HOUR_MS;

/** Answers after which there is no second attempt at a webhook. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 413]);

/** What becomes of an event after an attempt. */
export type DeliveryDecision =
  | { kind: 'delivered' }
  | { kind: 'retry'; atMs: number }
  | { kind: 'giveUp'; reason: 'MaxDeliveryAttemptsExceeded' | 'TimeToLiveExceeded' | 'UndeliverableDueToClientError' };

/** Decides after an attempt; `attempts` counts this one, `status` is absent when there was no answer. */
export function decideDelivery(facts: {
  status: number | undefined;
  attempts: number;
  publishedMs: number;
  nowMs: number;
}): DeliveryDecision {
  const { status, attempts, publishedMs, nowMs } = facts;
  if (status !== undefined && status >= 200 && status <= 204) return { kind: 'delivered' };
  if (status !== undefined && FINAL_STATUSES.has(status)) {
    return { kind: 'giveUp', reason: 'UndeliverableDueToClientError' };
  }
  if (attempts >= MAX_ATTEMPTS) return { kind: 'giveUp', reason: 'MaxDeliveryAttemptsExceeded' };
  const delayMs = RETRY_DELAYS_MS[Math.min(attempts, RETRY_DELAYS_MS.length) - 1] ?? 0;
  if (nowMs + delayMs > publishedMs + TIME_TO_LIVE_MS) return { kind: 'giveUp', reason: 'TimeToLiveExceeded' };
  return { kind: 'retry', atMs: nowMs + delayMs };
}
