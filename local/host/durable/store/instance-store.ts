import type { DatabaseSync } from 'node:sqlite';
import type { Amount } from '../costs.ts';
import { parseHistoryEvent, parseParentInstance } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import { parseInstanceStatus } from '../instance.ts';
import type { Instance } from '../instance.ts';
import { integer, text, textOrNull } from './row.ts';
import type { Row } from './row.ts';

/** What `list` selects; times in milliseconds since the epoch, both ends included. */
export interface InstanceFilter {
  instanceIdPrefix?: string | undefined;
  createdFromMs?: number | undefined;
  createdToMs?: number | undefined;
  statuses?: readonly string[] | undefined;
}

/** Instances and their histories; every write happens within the caller's transaction. */
export type InstanceStore = ReturnType<typeof createInstanceStore>;

/** Prepares the statements on `instances` and `history`. */
export function createInstanceStore(database: DatabaseSync) {
  const selectOne = database.prepare('SELECT * FROM instances WHERE instance_id = ?');
  const upsert = database.prepare(`
    INSERT INTO instances (instance_id, execution_id, name, version, status, input, output, custom_status, parent, created_at_ms, updated_at_ms)
    VALUES (:instanceId, :executionId, :name, :version, :status, :input, :output, :customStatus, :parent, :createdAtMs, :updatedAtMs)
    ON CONFLICT (instance_id) DO UPDATE SET execution_id = excluded.execution_id, name = excluded.name, version = excluded.version,
      status = excluded.status, input = excluded.input, output = excluded.output, custom_status = excluded.custom_status,
      parent = excluded.parent, created_at_ms = excluded.created_at_ms, updated_at_ms = excluded.updated_at_ms`);
  const removeOne = database.prepare('DELETE FROM instances WHERE instance_id = ?');
  const selectPage = database.prepare(`
    SELECT * FROM instances
    WHERE instance_id >= :first AND instance_id >= :prefix AND instance_id < :prefixEnd
      AND created_at_ms BETWEEN :from AND :to AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
    ORDER BY instance_id LIMIT :limit`);
  const selectHistory = database.prepare('SELECT event FROM history WHERE instance_id = ? ORDER BY position');
  const selectLastPosition = database.prepare('SELECT MAX(position) AS position FROM history WHERE instance_id = ?');
  const insertHistory = database.prepare('INSERT INTO history (instance_id, position, event) VALUES (?, ?, ?)');
  const removeHistory = database.prepare('DELETE FROM history WHERE instance_id = ?');

  return { has, find, put, remove, list, history, appendHistory, clearHistory };

  function has(instanceId: string): boolean {
    return selectOne.get(instanceId) !== undefined;
  }

  function find(instanceId: string): Instance | undefined {
    const row = selectOne.get(instanceId);
    return row && toInstance(row);
  }

  function put({ parent, ...columns }: Instance): void {
    upsert.run({ ...columns, parent: parent && JSON.stringify(parent) });
  }

  function remove(instanceId: string): void {
    removeOne.run(instanceId);
    removeHistory.run(instanceId);
  }

  /** At most `limit` instances in the order of their ids, from `first` on. */
  function list(filter: InstanceFilter, first: string, limit: number): Instance[] {
    const prefix = filter.instanceIdPrefix ?? '';
    const rows = selectPage.all({
      first,
      prefix,
      // The last character that there is, after everything that begins with the prefix.
      prefixEnd: `${prefix}\u{10FFFF}`,
      from: filter.createdFromMs ?? 0,
      to: filter.createdToMs ?? Number.MAX_SAFE_INTEGER,
      statuses: filter.statuses ? JSON.stringify(filter.statuses) : null,
      limit,
    });
    return rows.map(toInstance);
  }

  function history(instanceId: string): HistoryEvent[] {
    return selectHistory.all(instanceId).map((row) => parseHistoryEvent(text(row, 'event')));
  }

  /** Returns what was written: rows, and the bytes of their events. */
  function appendHistory(instanceId: string, events: readonly HistoryEvent[]): Amount {
    const last = selectLastPosition.get(instanceId)?.['position'];
    let position = typeof last === 'number' ? last : 0;
    let bytes = 0;
    for (const event of events) {
      const json = JSON.stringify(event);
      insertHistory.run(instanceId, ++position, json);
      bytes += Buffer.byteLength(json);
    }
    return { count: events.length, bytes };
  }

  function clearHistory(instanceId: string): void {
    removeHistory.run(instanceId);
  }
}

function toInstance(row: Row): Instance {
  const parent = textOrNull(row, 'parent');
  return {
    instanceId: text(row, 'instance_id'),
    executionId: text(row, 'execution_id'),
    name: text(row, 'name'),
    version: text(row, 'version'),
    status: parseInstanceStatus(text(row, 'status')),
    parent: parent === null ? null : parseParentInstance(parent),
    input: textOrNull(row, 'input'),
    output: textOrNull(row, 'output'),
    customStatus: textOrNull(row, 'custom_status'),
    createdAtMs: integer(row, 'created_at_ms'),
    updatedAtMs: integer(row, 'updated_at_ms'),
  };
}
