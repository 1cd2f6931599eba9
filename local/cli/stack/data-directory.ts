import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { makeDirectory } from '../../files/make-directory.ts';
import { keepToOwner, writeOwnFile } from '../../files/own-file.ts';
import { hasSqliteCode, SQLITE_BUSY } from '../../sqlite/storage-error.ts';
import { StartError } from '../start-error.ts';

/** A data directory that this process holds for itself. */
export interface DataDirectory {
  /** Absolute. */
  path: string;
  /** Lets others have it; the end of the process does so too. */
  release(): void;
}

const LOCK_FILE = 'lock.sqlite';
const OWNER_FILE = 'lock.pid';

/** What a stack keeps in its data directory: files with secrets in them, drafts of these that a crash left, and directories of such files. */
const OURS =
  /^((lock|functions-host|arm|task-hub-.+)\.sqlite(-wal|-shm|-journal)?|(lock\.pid|azure\.env|owner\.id|(identity|sealing)\.key|keys\.json)(\.new)?|tls|app|azurite)$/;

/**
 * Takes a data directory, creating it where it is missing and emptying it when `fresh`, and makes all that we keep in it its owner's alone. Throws a
 * `StartError` when another run has it, and a `DataFileError` when it can't be used safely: the lock is one of SQLite's, which the system gives back
 * however its holder ends.
 */
export function takeDataDirectory(directory: string, { fresh }: { fresh: boolean }): DataDirectory {
  const path = resolve(directory);
  if (fresh) refuseStrangers(path, directory);
  make(path, directory);
  keepContentsToOwner(path);
  const lock = takeLock(path, directory);
  try {
    if (fresh) empty(path, directory);
    writeOwnFile(join(path, OWNER_FILE), `${process.pid}\n`);
  } catch (error) {
    lock.close();
    throw error;
  }
  return { path, release: () => lock.close() };
}

function make(path: string, directory: string): void {
  try {
    makeDirectory(path);
    readdirSync(path);
  } catch (error) {
    throw new StartError(
      `The data directory '${directory}' can't be made: ${reasonOf(error)}. Choose another --data-dir.`,
      { cause: error },
    );
  }
}

/** In a directory that holds other things too, those are not ours to change. */
function keepContentsToOwner(path: string): void {
  const names = readdirSync(path);
  const ours = names.filter((name) => OURS.test(name));
  if (ours.length === names.length) keepToOwner(realpathSync(path));
  for (const name of ours) keepToOwner(join(path, name));
  if (ours.includes('tls')) for (const name of readdirSync(join(path, 'tls'))) keepToOwner(join(path, 'tls', name));
}

/** A slip like `--data-dir . --fresh` must not delete what is not ours, also where a run has left its state among it. */
function refuseStrangers(path: string, directory: string): void {
  const names = existsSync(path) ? readdirSync(path) : [];
  if (names.length === 0) return;
  if (!names.includes(LOCK_FILE)) refuseFresh(directory, `files and none of them is ours (${LOCK_FILE})`);
  const stranger = names.find((name) => !OURS.test(name));
  if (stranger !== undefined) refuseFresh(directory, `'${stranger}', which is not ours`);
}

function refuseFresh(directory: string, holds: string): never {
  throw new StartError(
    `--fresh does not empty '${directory}': it holds ${holds}. Choose another --data-dir or empty it yourself.`,
  );
}

function empty(path: string, directory: string): void {
  try {
    for (const name of readdirSync(path)) {
      if (name !== LOCK_FILE) rmSync(join(path, name), { recursive: true, force: true });
    }
  } catch (error) {
    throw new StartError(`The data directory '${directory}' can't be emptied: ${reasonOf(error)}.`, { cause: error });
  }
}

function takeLock(path: string, directory: string): DatabaseSync {
  const file = join(path, LOCK_FILE);
  let lock;
  try {
    lock = new DatabaseSync(file);
    lock.exec('BEGIN EXCLUSIVE');
    keepToOwner(file);
    return lock;
  } catch (error) {
    lock?.close();
    if (!hasSqliteCode(error, SQLITE_BUSY)) throw explain(file, error);
    throw new StartError(
      `The data directory '${directory}' is in use by another run${ownerOf(path)}. Stop that one, or choose another --data-dir.`,
      { cause: error },
    );
  }
}

/** There is nothing in the lock that could be lost. */
function explain(file: string, error: unknown): DataFileError {
  if (error instanceof DataFileError) return error;
  return new DataFileError(`The lock ${file} can't be taken: ${reasonOf(error)}. Delete it if it is damaged.`, {
    cause: error,
  });
}

function ownerOf(path: string): string {
  try {
    return ` (process ${readFileSync(join(path, OWNER_FILE), 'utf8').trim()})`;
  } catch {
    // The other run has just begun and has not written it yet.
    return '';
  }
}
