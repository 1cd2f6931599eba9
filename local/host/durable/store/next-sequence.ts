import type { DatabaseSync } from 'node:sqlite';
import { integer } from './row.ts';

/**
 * One more than the highest sequence number in `table`. From there on the caller counts in memory, so that no number is given
 * out twice while the process lives: work under way is known by its number after its row is gone.
 */
export function nextSequence(database: DatabaseSync, table: 'messages' | 'activities' | 'entity_messages'): number {
  const row = database.prepare(`SELECT coalesce(MAX(sequence), 0) + 1 AS sequence FROM ${table}`).get();
  return row ? integer(row, 'sequence') : 1;
}
