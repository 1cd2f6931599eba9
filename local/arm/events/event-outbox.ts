import type { SQLOutputValue } from 'node:sqlite';
import type { ArmDatabase } from '../server/arm-database.ts';
import type { JsonObject } from '../wire/json.ts';

/** An event on its way. */
export interface PendingEvent {
  sequence: number;
  publishedMs: number;
  attempts: number;
  isReversed: boolean;
  event: JsonObject;
}

/** Events from their publication until they are delivered or given up. */
export interface EventOutbox {
  /** There is a subscription from now on, also after a restart. */
  open(): void;
  /** Keeps an event; before there was a subscription it is nobody's and is dropped, as in Azure. */
  add(event: JsonObject, times: { publishedMs: number; dueMs: number }, isReversed: boolean): void;
  /** Due events in the order in which they are to be sent, without those in `except`. */
  due(nowMs: number, limit: number, except: ReadonlySet<number>): PendingEvent[];
  nextDueMs(except: ReadonlySet<number>): number | undefined;
  delivered(sequence: number): void;
  retry(sequence: number, dueMs: number, outcome: string): void;
  /** Moves an event to the dead letters, where it stays. */
  giveUp(pending: PendingEvent, atMs: number, reason: string, outcome: string): void;
  counts(): { pending: number; deadLetters: number };
}

/** Keeps the events in the emulator's database. */
export function createEventOutbox(database: ArmDatabase): EventOutbox {
  const { sqlite, transaction } = database;
  let isOpen = database.setting('subscribed') !== undefined;
  const insert = sqlite.prepare('INSERT INTO events (due_ms, published_ms, reversed, document) VALUES (?, ?, ?, ?)');
  const isExcept = 'sequence NOT IN (SELECT value FROM json_each(?))';
  const due = sqlite.prepare(`
    SELECT * FROM events WHERE due_ms <= ? AND ${isExcept}
    ORDER BY due_ms, CASE reversed WHEN 1 THEN -sequence ELSE sequence END LIMIT ?`);
  const nextDue = sqlite.prepare(`SELECT min(due_ms) AS due FROM events WHERE ${isExcept}`);
  const remove = sqlite.prepare('DELETE FROM events WHERE sequence = ?');
  const retry = sqlite.prepare(
    'UPDATE events SET due_ms = ?, attempts = attempts + 1, last_outcome = ? WHERE sequence = ?',
  );
  const bury = sqlite.prepare(
    'INSERT INTO dead_letters (at_ms, reason, attempts, last_outcome, document) VALUES (?, ?, ?, ?, ?)',
  );
  const counts = sqlite.prepare(
    'SELECT (SELECT count(*) FROM events) AS pending, (SELECT count(*) FROM dead_letters) AS dead',
  );
  return {
    open: () => {
      if (!isOpen) database.keepSetting('subscribed', 'yes');
      isOpen = true;
    },
    add: (event, { publishedMs, dueMs }, isReversed) => {
      if (isOpen) insert.run(dueMs, publishedMs, isReversed ? 1 : 0, JSON.stringify(event));
    },
    due: (nowMs, limit, except) => due.all(nowMs, JSON.stringify([...except]), limit).map(parseEvent),
    nextDueMs: (except) => {
      const dueMs = nextDue.get(JSON.stringify([...except]))?.['due'];
      return typeof dueMs === 'number' ? dueMs : undefined;
    },
    delivered: (sequence) => transaction(() => void remove.run(sequence)),
    retry: (sequence, dueMs, outcome) => transaction(() => void retry.run(dueMs, outcome, sequence)),
    giveUp: (pending, atMs, reason, outcome) =>
      transaction(() => {
        remove.run(pending.sequence);
        bury.run(atMs, reason, pending.attempts + 1, outcome, JSON.stringify(pending.event));
      }),
    counts: () => {
      const row = counts.get();
      return { pending: Number(row?.['pending']), deadLetters: Number(row?.['dead']) };
    },
  };
}

function parseEvent(row: Record<string, SQLOutputValue>): PendingEvent {
  return {
    sequence: Number(row['sequence']),
    publishedMs: Number(row['published_ms']),
    attempts: Number(row['attempts']),
    isReversed: row['reversed'] === 1,
    // oxlint-disable-next-line no-unsafe-type-assertion -- only `add` writes the column
    event: JSON.parse(String(row['document'])) as JsonObject,
  };
}
