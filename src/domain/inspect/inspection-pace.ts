import { elapsedMs, type Instant } from '../time.ts';

/**
 * Groups that are looked at in one go, a tenth, and in a second, a fifth of what ARM gives to all that reads in a region under one identity: 250
 * reads at once and 25 a second more
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling).
 */
export const LOOKS_AT_ONCE = 25;
const LOOKS_A_SECOND = 5;

/** How far an inspection is. */
export interface Pass {
  inspectedAt: Instant;
  /** Groups that it has looked at so far, and those of its last turn among them. */
  inspectedCount: number;
  turnCount: number;
  /** How many the inspection before looked at. */
  expectedCount: number;
  intervalMs: number;
}

/** How long a pass waits before its next turn: the looks are spread evenly over the interval, by the count of the pass before. */
export function turnDelayMs({ turnCount, ...pass }: Pass, at: Instant): number {
  const { inspectedAt, inspectedCount, expectedCount, intervalMs } = pass;
  const dueMs = expectedCount === 0 ? 0 : (intervalMs * Math.min(inspectedCount, expectedCount)) / expectedCount;
  const untilDueMs = dueMs - elapsedMs(inspectedAt, at);
  return Math.ceil(Math.max(0, untilDueMs, leastDelayMs(turnCount)));
}

/** How long a pass that is through waits before the next one begins. */
export function passDelayMs(
  { inspectedAt, turnCount, intervalMs }: Omit<Pass, 'inspectedCount' | 'expectedCount'>,
  at: Instant,
): number {
  return Math.max(intervalMs - elapsedMs(inspectedAt, at), leastDelayMs(turnCount));
}

function leastDelayMs(turnCount: number): number {
  return (turnCount / LOOKS_A_SECOND) * 1_000;
}
