import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

/**
 * Takes a data directory, creating it where it is missing and emptying it when `fresh`. Throws a `StartError` when another run has it:
 * the lock is one of SQLite's, which the system gives back however its holder ends.
 */
export function takeDataDirectory(directory: string, { fresh }: { fresh: boolean }): DataDirectory {
  const path = resolve(directory);
  if (fresh) refuseStrangers(path, directory);
  makeDirectory(path, directory);
  const lock = takeLock(path, directory);
  if (fresh) {
    for (const name of readdirSync(path)) {
      if (name !== LOCK_FILE) rmSync(join(path, name), { recursive: true, force: true });
    }
  }
  writeFileSync(join(path, OWNER_FILE), `${process.pid}\n`);
  return { path, release: () => lock.close() };
}

function makeDirectory(path: string, directory: string): void {
  try {
    // It holds keys.
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The data directory '${directory}' can't be made: ${reason}. Choose another --data-dir.`, {
      cause: error,
    });
  }
}

/** A slip like `--data-dir . --fresh` must not delete what is not ours. */
function refuseStrangers(path: string, directory: string): void {
  if (!existsSync(path) || readdirSync(path).length === 0 || existsSync(join(path, LOCK_FILE))) return;
  throw new StartError(
    `--fresh does not empty '${directory}': it holds files and none of them is ours (${LOCK_FILE}). Choose another --data-dir or empty it yourself.`,
  );
}

function takeLock(path: string, directory: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, LOCK_FILE));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new StartError(
      `The data directory '${directory}' is in use by another run${ownerOf(path)}. Stop that one, or choose another --data-dir.`,
      { cause: error },
    );
  }
}

function ownerOf(path: string): string {
  try {
    return ` (process ${readFileSync(join(path, OWNER_FILE), 'utf8').trim()})`;
  } catch {
    // The other run has just begun and has not written it yet.
    return '';
  }
}
