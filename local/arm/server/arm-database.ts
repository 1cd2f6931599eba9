import type { DatabaseSync } from 'node:sqlite';
import { openDataFile, rewriteVersion } from '../../sqlite/data-file.ts';
import type { FileHealth } from '../../sqlite/file-health.ts';
import type { Migrations } from '../../sqlite/schema.ts';
import { rollBack } from '../../sqlite/transaction.ts';

/** The emulator's one file: groups, operations, quota windows, undelivered events and settings. */
export interface ArmDatabase {
  readonly sqlite: DatabaseSync;
  /** Runs `work` so that all of what it writes is kept, or nothing. Must not be nested. Throws a `StorageUnavailable` when the file doesn't take it. */
  transaction<T>(work: () => T): T;
  /** A value that outlives the process; undefined when it was never set. */
  setting(name: string): string | undefined;
  keepSetting(name: string, value: string): void;
  close(): void;
}

/** Format 1, that of version 0.1.0. */
const FIRST = `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE container_groups (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    resource_group TEXT NOT NULL,
    location TEXT NOT NULL,
    cores REAL NOT NULL,
    fqdn TEXT,
    due_ms INTEGER,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX container_groups_by_due ON container_groups (due_ms) WHERE due_ms IS NOT NULL;
  CREATE INDEX container_groups_by_location ON container_groups (location);
  CREATE UNIQUE INDEX container_groups_by_fqdn ON container_groups (fqdn) WHERE fqdn IS NOT NULL;
  CREATE TABLE operations (id TEXT PRIMARY KEY, started_ms INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
  CREATE INDEX operations_by_start ON operations (started_ms);
  CREATE TABLE writes (kind TEXT NOT NULL, location TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
  CREATE INDEX writes_by_time ON writes (kind, location, at_ms);
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    due_ms INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reversed INTEGER NOT NULL,
    last_outcome TEXT,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_due ON events (due_ms);
  CREATE TABLE dead_letters (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_outcome TEXT,
    document TEXT NOT NULL
  ) STRICT;
`;

const MIGRATIONS: Migrations = [FIRST];

/** Opens the file, creating it when it is not there and bringing an older one to today's format; refuses one that a newer emulator has written. */
export function openArmDatabase(path: string, health: FileHealth): ArmDatabase {
  const sqlite = openDataFile(path, MIGRATIONS, { isShared: true });
  const read = sqlite.prepare('SELECT value FROM settings WHERE name = ?');
  const write = sqlite.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    sqlite,
    transaction: (work) => guard(() => transact(sqlite, work)),
    setting: (name) => {
      const value = read.get(name)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    keepSetting: (name, value) => guard(() => void write.run(name, value)),
    close: () => sqlite.close(),
  };

  function guard<T>(writing: () => T): T {
    return health.guard(path, writing, () => rewriteVersion(sqlite));
  }
}

function transact<T>(sqlite: DatabaseSync, work: () => T): T {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(sqlite);
    throw error;
  }
}
