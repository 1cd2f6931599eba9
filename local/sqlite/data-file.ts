import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DataFileError, reasonOf } from '../files/data-file-error.ts';
import { keepToOwner } from '../files/own-file.ts';
import { migrate, type Migrations } from './schema.ts';
import { hasSqliteCode, isStorageError, SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_NOTADB } from './storage-error.ts';

/** A process that was killed may take a moment to die; one that lives keeps its file for good. */
const OWNER_TIMEOUT_MS = 2000;

/** The files that SQLite keeps beside its own, with what is in it (sqlite.org/tempfiles.html). */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/**
 * Opens a file of the data directory (or ':memory:'), makes it its owner's alone, and brings its tables to the newest format. Unless `isShared`, no other
 * process can read it meanwhile. What is committed survives the end of the process, however it ends; only the loss of power can undo what NORMAL has not synced
 * (sqlite.org/pragma.html#pragma_synchronous). Throws a `DataFileError` that names the file when it is damaged, another process has it, it can't be
 * written, or a newer version has written it.
 */
export function openDataFile(
  path: string,
  migrations: Migrations,
  { isShared = false }: { isShared?: boolean } = {},
): DatabaseSync {
  if (path !== ':memory:') prepare(path);
  let database;
  try {
    database = new DatabaseSync(path, { timeout: OWNER_TIMEOUT_MS });
    if (!isShared) database.exec('PRAGMA locking_mode = EXCLUSIVE;');
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    // The exclusive lock is taken by the first write, and must be ours before anything is read; this one changes nothing.
    database.exec('BEGIN IMMEDIATE; COMMIT;');
    checkPages(database, path);
    migrate(database, migrations, path);
    rewriteVersion(database);
    return database;
  } catch (error) {
    database?.close();
    throw isStorageError(error) || hasSqliteCode(error, SQLITE_BUSY) ? explain(path, error) : error;
  }
}

/** Writes a page of the file and changes nothing; throws what SQLite says when the file or the disk doesn't take it. */
export function rewriteVersion(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${Number(database.prepare('PRAGMA user_version').get()?.['user_version'])}`);
}

/** SQLite gives a file's permissions to those beside it, and would follow a link. */
function prepare(path: string): void {
  for (const each of [path, ...COMPANIONS.map((companion) => path + companion)]) keepToOwner(each);
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw new DataFileError(`The file ${path} can't be written: ${reasonOf(error)}.`, { cause: error });
  }
}

/** A page that is damaged would otherwise be met by whoever reads it first, hours later. */
function checkPages(database: DatabaseSync, path: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw damaged(path, undefined);
}

function explain(path: string, error: unknown): DataFileError {
  if (hasSqliteCode(error, SQLITE_BUSY)) {
    const message = `The file ${path} is in use by another host. Stop that one, or choose another data directory.`;
    return new DataFileError(message, { cause: error });
  }
  if (hasSqliteCode(error, SQLITE_CORRUPT, SQLITE_NOTADB)) return damaged(path, error);
  return new DataFileError(`The file ${path} can't be written: ${reasonOf(error)}.`, { cause: error });
}

function damaged(path: string, cause: unknown): DataFileError {
  return new DataFileError(
    `The file ${path} is damaged. Put a copy in its place, or empty the data directory with --fresh.`,
    { cause },
  );
}
