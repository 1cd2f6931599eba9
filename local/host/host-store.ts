import { join } from 'node:path';
import { makeDirectory } from '../files/make-directory.ts';
import { openDataFile, rewriteVersion } from '../sqlite/data-file.ts';
import type { FileHealth } from '../sqlite/file-health.ts';
import type { Migrations } from '../sqlite/schema.ts';

/** Small values that the host keeps between its runs, by name. */
export interface HostStore {
  get(key: string): string | undefined;
  /** Throws a `StorageUnavailable` while the file takes no writes. */
  set(key: string, value: string): void;
  close(): void;
}

/** Version 0.1.0 had this table and gave its file no number. */
const MIGRATIONS: Migrations = [
  'CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;',
];

/** Opens the store in `dataDirectory`, creating both where they are missing. A value that `set` took survives a crash. */
export function openHostStore(dataDirectory: string, health: FileHealth): HostStore {
  makeDirectory(dataDirectory);
  const path = join(dataDirectory, 'functions-host.sqlite');
  const database = openDataFile(path, MIGRATIONS);
  const select = database.prepare('SELECT value FROM kept WHERE key = ?');
  const upsert = database.prepare(
    'INSERT INTO kept (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get(key) {
      const value = select.get(key)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value) =>
      health.guard(
        path,
        () => void upsert.run(key, value),
        () => rewriteVersion(database),
      ),
    close: () => database.close(),
  };
}
