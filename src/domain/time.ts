import { z } from 'zod';

/** A moment as ISO 8601 text in UTC with milliseconds, such as `2026-11-24T10:00:00.000Z`; sorts as text. */
export const instantSchema = z.iso.datetime();
export type Instant = z.infer<typeof instantSchema>;

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export function elapsedMs(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from);
}

/** The later of two moments. */
export function laterOf(one: Instant, other: Instant): Instant {
  return elapsedMs(one, other) > 0 ? other : one;
}

/** The instant `ms` milliseconds after `instant`. */
export function addMs(instant: Instant, ms: number): Instant {
  return toInstant(Date.parse(instant) + ms);
}

/** The instant of a count of milliseconds since the epoch. */
export function toInstant(epochMs: number): Instant {
  return new Date(epochMs).toISOString();
}

const DURATION = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration in days, hours, minutes and seconds (`PT5M`, `P1DT12H`), or undefined when it is
 * none. Years, months and weeks are left out on purpose: a month has no fixed length.
 */
export function durationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === 'P') {
    return undefined;
  }
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

/** A length of time for a person: `850 ms`, `1.2 s`, `3.0 min`, `2.5 h`. */
export function describeMs(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 120_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
