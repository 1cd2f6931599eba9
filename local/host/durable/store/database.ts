import { DatabaseSync } from 'node:sqlite';

/** Raised when the tables change; a store of another version is refused instead of misread. */
const SCHEMA_VERSION = 1;

/**
 * Opens the hub's database and its tables. One hub owns the file: a second one that opens it gets an error. Committed work
 * survives the end of the process, however it ends (sqlite.org/pragma.html#pragma_synchronous, NORMAL with WAL).
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: OWNER_TIMEOUT_MS });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    createTables(database);
    return database;
  } catch (error) {
    database.close();
    throw new Error(`The durable store ${path} cannot be opened. Is another host using it?`, { cause: error });
  }
}

/** A host that was killed may take a moment to die; one that lives keeps the file for good. */
const OWNER_TIMEOUT_MS = 2000;

function createTables(database: DatabaseSync): void {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version !== 0 && version !== SCHEMA_VERSION) {
    throw new Error(
      `The durable store has the format ${String(version)}; this host reads ${SCHEMA_VERSION}. Start with an empty one.`,
    );
  }
  // The exclusive lock is taken by the first write, and must be ours before anything is read.
  database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

/**
 * `messages`, `activities`, `timers` and `entity_messages` hold only what is still to be done, so that they stay small;
 * `history` and `instances` grow until they are purged.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS hub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    open_count INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS instances (
    instance_id TEXT PRIMARY KEY,
    execution_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    status TEXT NOT NULL,
    input TEXT,
    output TEXT,
    custom_status TEXT,
    parent TEXT,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS instances_by_creation ON instances (created_at_ms);

  CREATE TABLE IF NOT EXISTS history (
    instance_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (instance_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY,
    instance_id TEXT NOT NULL,
    execution_id TEXT,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_by_instance ON messages (instance_id, sequence);

  CREATE TABLE IF NOT EXISTS activities (
    sequence INTEGER PRIMARY KEY,
    instance_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    task_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    input TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS activities_by_instance ON activities (instance_id);

  CREATE TABLE IF NOT EXISTS timers (
    instance_id TEXT NOT NULL,
    timer_id INTEGER NOT NULL,
    execution_id TEXT NOT NULL,
    fire_at_ms INTEGER NOT NULL,
    PRIMARY KEY (instance_id, timer_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS timers_by_time ON timers (fire_at_ms);

  CREATE TABLE IF NOT EXISTS entities (
    entity_id TEXT PRIMARY KEY,
    is_existing INTEGER NOT NULL,
    state TEXT,
    created_at_ms INTEGER NOT NULL,
    last_operation_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS entity_messages (
    sequence INTEGER PRIMARY KEY,
    entity_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    input TEXT,
    request_id TEXT,
    caller_instance_id TEXT,
    caller_execution_id TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entity_messages_by_entity ON entity_messages (entity_id, sequence);
`;
