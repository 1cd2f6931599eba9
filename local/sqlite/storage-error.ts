/* Result codes (sqlite.org/rescode.html); the low byte of an extended one is its primary one. */
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
/** Another process has the file. */
export const SQLITE_BUSY = 5;
/** A page of the file makes no sense. */
export const SQLITE_CORRUPT = 11;
/** The file is none of SQLite's. */
export const SQLITE_NOTADB = 26;

/** Thrown for a write that failed since the disk or the file doesn't take it, and not because anything is wrong with what was to be written. */
export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable';
}

/** Whether SQLite could not do with the file what it had to, whatever the statement was. */
export function isStorageError(error: unknown): error is Error {
  return hasSqliteCode(
    error,
    SQLITE_READONLY,
    SQLITE_IOERR,
    SQLITE_FULL,
    SQLITE_CANTOPEN,
    SQLITE_CORRUPT,
    SQLITE_NOTADB,
  );
}

/** Whether the error is one of SQLite's with one of these primary result codes. */
export function hasSqliteCode(error: unknown, ...codes: readonly number[]): error is Error {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    codes.includes(error.errcode & 0xff)
  );
}
