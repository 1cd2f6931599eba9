import { chmodSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataFileError } from '../../../../local/files/data-file-error.ts';
import { openDataFile } from '../../../../local/sqlite/data-file.ts';
import type { Migrations } from '../../../../local/sqlite/schema.ts';
import { makeTemporaryDirectory } from '../../../conformance/host/process.ts';

const MIGRATIONS: Migrations = ['CREATE TABLE words (word TEXT NOT NULL);'];

/** A file with enough words in it that it has many pages. */
function makeFile(): string {
  const path = join(makeTemporaryDirectory(), 'words.sqlite');
  using database = openDataFile(path, MIGRATIONS);
  database.exec(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO words SELECT hex(zeroblob(200)) FROM n',
  );
  return path;
}

test.each([
  {
    description: 'a file that is none of SQLite’s',
    spoil: (path: string) => writeFileSync(path, 'this was a database once'.repeat(200)),
    message: /^The file \S+words\.sqlite is damaged\. .*--fresh\.$/,
  },
  {
    description: 'a file that lost its end',
    spoil: (path: string) => truncateSync(path, 4096 * 5),
    message: /^The file \S+words\.sqlite is damaged\. /,
  },
  {
    description: 'a link',
    spoil: (path: string) => symlinkSync('/dev/null', `${path}-wal`),
    message: /^\S+words\.sqlite-wal is a symbolic link/,
  },
])('$description is refused in one line that names it', ({ spoil, message }) => {
  const path = makeFile();
  spoil(path);
  const open = (): unknown => openDataFile(path, MIGRATIONS);
  expect(open).toThrow(DataFileError);
  expect(open).toThrow(message);
});

test('a directory in the place of the file is refused in one line that names it', () => {
  const path = join(makeTemporaryDirectory(), 'words.sqlite');
  mkdirSync(path);
  expect(() => openDataFile(path, MIGRATIONS)).toThrow(/^The file \S+words\.sqlite can't be written: /);
});

test('a file that another host has is refused in one line that names it', () => {
  const path = makeFile();
  using _ = openDataFile(path, MIGRATIONS);
  expect(() => openDataFile(path, MIGRATIONS)).toThrow(/^The file \S+words\.sqlite is in use by another host\./);
});

test('nobody but the owner may read a file, new or old, nor what SQLite keeps beside it', () => {
  const path = makeFile();
  chmodSync(path, 0o644);
  using database = openDataFile(path, MIGRATIONS);
  database.exec("INSERT INTO words VALUES ('secret')");
  for (const each of [path, `${path}-wal`]) expect([each, statSync(each).mode & 0o777]).toEqual([each, 0o600]);
});
