import type { DatabaseSync } from 'node:sqlite';
import { createEntityQueue } from './entity-queue.ts';
import { integer, text, textOrNull } from './row.ts';
import type { Row } from './row.ts';
import type { Visibility } from './visibility.ts';

/** What is known of one entity after its last committed batch, a deleted one too until it is purged; `state` is JSON text. */
export interface EntityRecord {
  entityInstanceId: string;
  isExisting: boolean;
  state: string | null;
  createdAtMs: number;
  lastOperationAtMs: number;
}

/** What `list` selects; times in milliseconds since the epoch, both ends included. */
export interface EntityFilter {
  /** Of the entity's function; all when absent. */
  name?: string | undefined;
  lastOperationFromMs?: number | undefined;
  lastOperationToMs?: number | undefined;
  instanceIdPrefix?: string | undefined;
  createdFromMs?: number | undefined;
  createdToMs?: number | undefined;
}

/** Entities and their queues; every write happens within the caller's transaction. */
export type EntityStore = ReturnType<typeof createEntityStore>;

/** Prepares the statements on `entities` and `entity_messages`. */
export function createEntityStore(database: DatabaseSync, visibility: Pick<Visibility, 'isHiding'>) {
  const queue = createEntityQueue(database, visibility);
  const selectOne = database.prepare('SELECT * FROM entities WHERE entity_id = ?');
  const upsert = database.prepare(`
    INSERT INTO entities (entity_id, is_existing, state, created_at_ms, last_operation_at_ms) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (entity_id) DO UPDATE SET is_existing = excluded.is_existing, state = excluded.state,
      last_operation_at_ms = excluded.last_operation_at_ms`);
  const deleteOne = database.prepare('DELETE FROM entities WHERE entity_id = ?');
  const selectPage = database.prepare(`
    SELECT * FROM entities
    WHERE entity_id >= :first AND entity_id >= :name AND entity_id < :nameEnd
      AND substr(entity_id, 1, length(:prefix)) = :prefix
      AND last_operation_at_ms BETWEEN :from AND :to AND created_at_ms BETWEEN :createdFrom AND :createdTo
    ORDER BY entity_id LIMIT :limit`);

  return {
    ...queue,
    has: (entityInstanceId: string) => selectOne.get(entityInstanceId) !== undefined,
    find,
    put,
    list,
    /** What waits in its queue stays, and calls it into life again (DurableTask.Core, Entities.AutoStart). */
    clear: (entityInstanceId: string) => void deleteOne.run(entityInstanceId),
  };

  function find(entityInstanceId: string): EntityRecord | undefined {
    const row = selectOne.get(entityInstanceId);
    return row && toRecord(row);
  }

  function put({ entityInstanceId, isExisting, state, createdAtMs, lastOperationAtMs }: EntityRecord): void {
    upsert.run(entityInstanceId, isExisting ? 1 : 0, state, createdAtMs, lastOperationAtMs);
  }

  /** At most `limit` records, those of deleted entities among them, in the order of their ids, from `first` on. */
  function list(filter: EntityFilter, first: string, limit: number): EntityRecord[] {
    const name = filter.name === undefined ? '@' : `@${filter.name.toLowerCase()}@`;
    const rows = selectPage.all({
      first,
      name,
      // The ids that begin with the name end where its last character, '@', turns into the next one, 'A'.
      nameEnd: `${name.slice(0, -1)}A`,
      prefix: filter.instanceIdPrefix ?? '',
      createdFrom: filter.createdFromMs ?? 0,
      createdTo: filter.createdToMs ?? Number.MAX_SAFE_INTEGER,
      from: filter.lastOperationFromMs ?? 0,
      to: filter.lastOperationToMs ?? Number.MAX_SAFE_INTEGER,
      limit,
    });
    return rows.map(toRecord);
  }
}

function toRecord(row: Row): EntityRecord {
  return {
    entityInstanceId: text(row, 'entity_id'),
    isExisting: integer(row, 'is_existing') === 1,
    state: textOrNull(row, 'state'),
    createdAtMs: integer(row, 'created_at_ms'),
    lastOperationAtMs: integer(row, 'last_operation_at_ms'),
  };
}
