import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { migrate, type Migrations } from '../../../../local/sqlite/schema.ts';
import { makeTemporaryDirectory } from '../../../conformance/host/process.ts';

const FIRST = 'CREATE TABLE words (word TEXT NOT NULL);';
const SECOND = 'ALTER TABLE words ADD COLUMN weight INTEGER NOT NULL DEFAULT 7;';

describe('migrate', () => {
  test('an empty file gets the tables of the newest format', () => {
    using database = new DatabaseSync(':memory:');
    migrate(database, [FIRST, SECOND], 'the file');
    database.exec("INSERT INTO words (word) VALUES ('a')");
    expect(database.prepare('SELECT * FROM words').all()).toEqual([{ word: 'a', weight: 7 }]);
  });

  test('a file of an older format keeps what is in it and gets what is new', () => {
    using database = new DatabaseSync(':memory:');
    migrate(database, [FIRST], 'the file');
    database.exec("INSERT INTO words VALUES ('kept')");
    migrate(database, [FIRST, SECOND], 'the file');
    expect(database.prepare('SELECT * FROM words').all()).toEqual([{ word: 'kept', weight: 7 }]);
  });

  test('a step that fails leaves the file in the format that it had', () => {
    using database = new DatabaseSync(':memory:');
    migrate(database, [FIRST], 'the file');
    const broken: Migrations = [FIRST, SECOND, 'CREATE TABLE words (again TEXT);'];
    expect(() => migrate(database, broken, 'the file')).toThrow(/already exists/);
    migrate(database, [FIRST, SECOND], 'the file');
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  });

  test('a file of a newer format is refused by name and left untouched', () => {
    const path = join(makeTemporaryDirectory(), 'newer.sqlite');
    const newer = new DatabaseSync(path);
    migrate(newer, [FIRST, SECOND], path);
    newer.close();
    const before = readFileSync(path);
    using database = new DatabaseSync(path);
    expect(() => migrate(database, [FIRST], path)).toThrow(`${path} has the format 2`);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
