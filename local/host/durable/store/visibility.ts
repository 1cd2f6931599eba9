import type { DatabaseSync } from 'node:sqlite';

/** When a message becomes visible that has been processed and is about to be deleted: never, unless the process ends first. */
export const UNTIL_DELETED_MS = Number.MAX_SAFE_INTEGER;

/** For how long a queue hides a message that somebody has taken and neither deleted nor given back. */
export interface VisibilityTimeouts {
  /** Of messages to orchestrations and entities. */
  controlQueueMs: number;
  /** Of activities. */
  workItemQueueMs: number;
}

/** When what is in the queues may be delivered; to be changed before work begins. */
export interface Visibility {
  /** Hides what an earlier process has left in the queues; what an even earlier one left keeps its time. */
  hide(nowMs: number, timeouts: VisibilityTimeouts): void;
  /** Lets everything be delivered at once, but for what has been processed. */
  showAll(): void;
  /** Whether something is hidden that will be shown later. */
  isHiding(nowMs: number): boolean;
  /** When the next of what is hidden is shown. */
  nextAtMs(nowMs: number): number | undefined;
}

/** Prepares the statements on `visible_at_ms` of the three queues. */
export function createVisibility(database: DatabaseSync): Visibility {
  const selectNext = database.prepare(`
    SELECT MIN(visible_at_ms) AS at_ms FROM (
      SELECT visible_at_ms FROM messages UNION ALL SELECT visible_at_ms FROM entity_messages
      UNION ALL SELECT visible_at_ms FROM activities
    ) WHERE visible_at_ms > ? AND visible_at_ms < ${UNTIL_DELETED_MS}`);
  let hiddenUntilMs = 0;

  return { hide, showAll, isHiding: (nowMs) => nowMs < hiddenUntilMs, nextAtMs };

  function hide(nowMs: number, { controlQueueMs, workItemQueueMs }: VisibilityTimeouts): void {
    for (const [table, timeoutMs] of [
      ['messages', controlQueueMs],
      ['entity_messages', controlQueueMs],
      ['activities', workItemQueueMs],
    ] as const) {
      database
        .prepare(
          `UPDATE ${table} SET visible_at_ms = ? WHERE visible_at_ms <= ? OR visible_at_ms = ${UNTIL_DELETED_MS}`,
        )
        .run(nowMs + timeoutMs, nowMs);
    }
    hiddenUntilMs = nowMs + Math.max(controlQueueMs, workItemQueueMs);
  }

  function showAll(): void {
    for (const table of ['messages', 'entity_messages', 'activities']) {
      database.exec(`DELETE FROM ${table} WHERE visible_at_ms = ${UNTIL_DELETED_MS}`);
      database.exec(`UPDATE ${table} SET visible_at_ms = 0 WHERE visible_at_ms > 0`);
    }
  }

  function nextAtMs(nowMs: number): number | undefined {
    if (nowMs >= hiddenUntilMs) return undefined;
    const next = selectNext.get(nowMs)?.['at_ms'];
    return typeof next === 'number' ? next : undefined;
  }
}
