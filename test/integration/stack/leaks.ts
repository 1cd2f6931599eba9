import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeTemporaryDirectory } from '../../conformance/host/process.ts';

/** Where a secret was found, and which, by its name. */
export interface Leak {
  secret: string;
  place: string;
}

/** The secrets, by name, that a text or file holds: as they are, in base64 and hexadecimal, at any offset, in UTF-8 or UTF-16. */
export function findLeaks(secrets: ReadonlyMap<string, string>, place: string, content: string | Buffer): Leak[] {
  const bytes = Buffer.from(content);
  return [...secrets]
    .filter(([, secret]) => formsOf(secret).some((form) => bytes.includes(form)))
    .map(([secret]) => ({ secret, place }));
}

/**
 * The secrets in the files of a directory and below: in their bytes, where deleted rows and a log not yet written back are,
 * and in the rows of a copy of each database, where a text that fills several pages is in one piece.
 */
export function findLeaksInFiles(secrets: ReadonlyMap<string, string>, directory: string): Leak[] {
  const copy = join(makeTemporaryDirectory(), 'copy');
  cpSync(directory, copy, { recursive: true });
  const files = readdirSync(copy, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => ({ name, path: join(parentPath, name) }));
  // To open a database ends its log, so that all bytes come first.
  const inBytes = files.flatMap(({ name, path }) => findLeaks(secrets, name, readFileSync(path)));
  const databases = files.filter(({ path }) => existsSync(path) && isDatabase(path));
  return [...inBytes, ...databases.flatMap(({ name, path }) => findLeaksInRows(secrets, path, name))];
}

function findLeaksInRows(secrets: ReadonlyMap<string, string>, path: string, place: string): Leak[] {
  const database = new DatabaseSync(path);
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap((row) => findLeaks(secrets, `${place}, a row of ${String(name)}`, JSON.stringify(row))),
    );
  } finally {
    database.close();
  }
}

function isDatabase(path: string): boolean {
  return readFileSync(path).subarray(0, 15).toString('latin1') === 'SQLite format 3';
}

/** Of base64 only the middle is the same whatever stands around it: the first and the last digit hold bits of the neighbours. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const middle = text.slice(offset === 0 ? 0 : offset + 1, -1);
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')].map((each) => Buffer.from(each));
  });
  return [bytes, Buffer.from(secret, 'utf16le'), Buffer.from(bytes.toString('hex')), ...base64];
}
