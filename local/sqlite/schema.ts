import type { DatabaseSync } from 'node:sqlite';
import { DataFileError } from '../files/data-file-error.ts';
import { rollBack } from './transaction.ts';

/** The tables of a file by version: element 0 makes version 1 of an empty file, each further one the next version of the one before. */
export type Migrations = readonly [first: string, ...further: string[]];

/**
 * Brings a file's tables to the newest version, all steps in one transaction, and keeps what is in them. A file that a newer version has
 * written is refused with a `DataFileError` and left untouched.
 */
export function migrate(database: DatabaseSync, migrations: Migrations, file: string): void {
  const version = versionOf(database);
  if (version > migrations.length) {
    throw new DataFileError(
      `${file} has the format ${version}, and this version reads formats up to ${migrations.length}: a newer one has written it. ` +
        'It is left as it is. Start the newer version, choose another data directory, or empty this one with --fresh.',
    );
  }
  if (version === migrations.length) {
    return;
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec([...migrations.slice(version), `PRAGMA user_version = ${migrations.length};`].join('\n'));
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (typeof version !== 'number') {
    throw new TypeError('SQLite did not tell the version of a file.');
  }
  return version;
}
