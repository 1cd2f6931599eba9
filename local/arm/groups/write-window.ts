import { tooManyRequests } from '../wire/aci-errors.ts';
import type { ArmDatabase } from '../server/arm-database.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import type { Quotas } from '../faults/faults.ts';

/** The writes that ACI counts, under the names of its own message. */
export type WriteKind = 'ContainerGroupCreation' | 'ContainerGroupDeletion';

const FIVE_MINUTES_MS = 5 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** Counts creates and deletes of a region in sliding windows of five minutes and an hour. */
export interface WriteWindows {
  /** Counts one more, unless the quota is used up: then nothing is counted and the error says when to try again. */
  take(kind: WriteKind, location: string, nowMs: number, quotas: Quotas | 'off'): ArmError | undefined;
  /** The headers in which ACI shows what is left (seen in recordings of PUT and DELETE). */
  remainingHeaders(kind: WriteKind, location: string, nowMs: number, quotas: Quotas | 'off'): Record<string, string>;
}

/** Keeps the counts in the emulator's database, so that a restart gives nobody new quota. */
export function createWriteWindows({ sqlite }: ArmDatabase): WriteWindows {
  const insert = sqlite.prepare('INSERT INTO writes VALUES (?, ?, ?)');
  const forget = sqlite.prepare('DELETE FROM writes WHERE kind = ? AND location = ? AND at_ms <= ?');
  const count = sqlite.prepare(
    'SELECT count(*) AS count, min(at_ms) AS first FROM writes WHERE kind = ? AND location = ? AND at_ms > ?',
  );
  const used = (kind: WriteKind, location: string, sinceMs: number): { count: number; firstMs: number } => {
    const row = count.get(kind, location, sinceMs);
    return { count: Number(row?.['count']), firstMs: Number(row?.['first'] ?? sinceMs) };
  };

  return {
    take: (kind, location, nowMs, quotas) => {
      forget.run(kind, location, nowMs - HOUR_MS);
      for (const { windowMs, limit, interval } of windowsOf(quotas)) {
        const window = used(kind, location, nowMs - windowMs);
        if (window.count < limit) continue;
        const retryAfterSeconds = Math.max(1, Math.ceil((window.firstMs + windowMs - nowMs) / 1000));
        return tooManyRequests(kind, limit, interval, retryAfterSeconds);
      }
      insert.run(kind, location, nowMs);
      return undefined;
    },
    remainingHeaders: (kind, location, nowMs, quotas) =>
      Object.fromEntries(
        windowsOf(quotas).map(({ windowMs, limit, header }) => [
          header,
          String(Math.max(0, limit - used(kind, location, nowMs - windowMs).count)),
        ]),
      ),
  };
}

function windowsOf(quotas: Quotas | 'off'): { windowMs: number; limit: number; interval: string; header: string }[] {
  if (quotas === 'off') return [];
  const header = 'x-ms-ratelimit-remaining-subscription-resource-requests';
  return [
    { windowMs: FIVE_MINUTES_MS, limit: quotas.writesPerFiveMinutes, interval: '00:05:00', header: `${header}-pt5m` },
    { windowMs: HOUR_MS, limit: quotas.writesPerHour, interval: '01:00:00', header: `${header}-pt1h` },
  ];
}
