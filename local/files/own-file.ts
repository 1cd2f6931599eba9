import { chmodSync, closeSync, lstatSync, openSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { DataFileError, reasonOf } from './data-file-error.ts';

/** Whatever the group and others may do. */
const OF_OTHERS = 0o077;

/**
 * Writes a file that nobody but its owner may read. What was at `path` is replaced whole or not at all, and a symbolic
 * link there is replaced too: what is written never lands where somebody else has pointed it. Throws a `DataFileError`.
 */
export function writeOwnFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.new`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    throw new DataFileError(`The file ${path} can't be written: ${reasonOf(error)}.`, { cause: error });
  }
}

/**
 * Takes a file or directory that is there away from everybody but its owner; one that is missing is no matter. Throws a `DataFileError` for
 * a symbolic link and for what belongs to another user: what we write there could be read by whoever put it there.
 */
export function keepToOwner(path: string): void {
  const found = statOf(path);
  if (found === undefined) return;
  if (found.isSymbolicLink()) {
    throw new DataFileError(`${path} is a symbolic link, and secrets are not written through one. Remove it.`);
  }
  if (!isOurs(found)) {
    throw new DataFileError(
      `${path} belongs to another user (uid ${found.uid}), who could read the secrets in it. Remove it or make it yours.`,
    );
  }
  const mode = found.mode & 0o777;
  if ((mode & OF_OTHERS) !== 0) chmod(path, mode & ~OF_OTHERS);
}

function chmod(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    throw new DataFileError(`${path} can't be made readable by its owner alone: ${reasonOf(error)}.`, { cause: error });
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new DataFileError(`${path} can't be used: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Windows has no user ids; there the directory's own permissions have to do. */
function isOurs({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}
