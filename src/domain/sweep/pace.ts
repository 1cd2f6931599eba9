import { z } from 'zod';
import { addMs, elapsedMs, instantSchema, type Instant } from '../time.ts';

/** The deletions that were started in the last five minutes, by the five seconds in which they were, oldest first. */
export const paceSchema = z.array(z.object({ since: instantSchema, count: z.int().min(1) }));
type Pace = z.infer<typeof paceSchema>;

/**
 * What ACI allows in five minutes, in a region of a subscription
 * (https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits).
 */
export const DELETIONS_PER_FIVE_MINUTES = 100;

/** Deletions that are started in one go: each is an orchestration, and others want the backend too. */
const STARTS_AT_ONCE = 25;
const AT_ONCE_MS = 5_000;

/** ACI counts the deletions of five minutes, as above. */
const WINDOW_MS = 300_000;

/** How many of so many deletions are started next, and after how long that may be. */
export function nextStarts(
  pace: Pace,
  perWindow: number,
  wanted: number,
  at: Instant,
): { count: number; afterMs: number } {
  const count = Math.min(wanted, perWindow, STARTS_AT_ONCE);
  const latest = pace.at(-1);
  const isBurst = latest !== undefined && isAtOnce(latest, at) && latest.count + count > STARTS_AT_ONCE;
  const burstMs = isBurst ? AT_ONCE_MS - elapsedMs(latest.since, at) : 0;
  return { count, afterMs: Math.max(burstMs, untilRoomMs(pace, perWindow - count, at)) };
}

/** The pace after this many more were started. */
export function withStarts(pace: Pace, count: number, at: Instant): Pace {
  const kept = pace.filter((each) => elapsedMs(at, endOf(each)) > 0);
  const latest = kept.at(-1);
  if (count === 0) {
    return kept;
  }
  return latest !== undefined && isAtOnce(latest, at)
    ? [...kept.slice(0, -1), { ...latest, count: latest.count + count }]
    : [...kept, { since: at, count }];
}

/** After how long the starts of a window are no more than these. */
function untilRoomMs(pace: Pace, most: number, at: Instant): number {
  let started = 0;
  for (const each of pace.toReversed()) {
    started += each.count;
    if (started > most) {
      return Math.max(0, elapsedMs(at, endOf(each)));
    }
  }
  return 0;
}

function isAtOnce({ since }: Pace[number], at: Instant): boolean {
  return elapsedMs(since, at) < AT_ONCE_MS;
}

/** When they count no more; the last of them may have been started at the end of the five seconds. */
function endOf({ since }: Pace[number]): Instant {
  return addMs(since, AT_ONCE_MS + WINDOW_MS);
}
