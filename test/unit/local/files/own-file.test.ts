import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataFileError } from '../../../../local/files/data-file-error.ts';
import { keepToOwner, writeOwnFile } from '../../../../local/files/own-file.ts';
import { makeTemporaryDirectory } from '../../../conformance/host/process.ts';

test('a secret goes to a file of its own, never through a link at its place or at the place of its draft', () => {
  const directory = makeTemporaryDirectory();
  const path = join(directory, 'keys.json');
  const elsewhere = join(directory, 'elsewhere');
  writeFileSync(elsewhere, 'x');
  symlinkSync(elsewhere, path);
  symlinkSync(elsewhere, `${path}.new`);
  writeOwnFile(path, 'secret');
  expect(readFileSync(elsewhere, 'utf8')).toBe('x');
  expect(readFileSync(path, 'utf8')).toBe('secret');
  expect(lstatSync(path).isFile()).toBe(true);
});

test('a draft that others may read is no place for a secret', () => {
  const path = join(makeTemporaryDirectory(), 'keys.json');
  writeFileSync(`${path}.new`, '');
  chmodSync(`${path}.new`, 0o666);
  writeOwnFile(path, 'secret');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that can’t be written is named, with the reason and without the system’s code', () => {
  const path = join(makeTemporaryDirectory(), 'keys.json');
  mkdirSync(path);
  const write = (): void => writeOwnFile(path, 'secret');
  expect(write).toThrow(DataFileError);
  expect(write).toThrow(/^The file \S+keys\.json can't be written: [^:]+\.$/);
});

test.skipIf(process.getuid?.() !== 0)('a file of another user is refused', () => {
  const path = join(makeTemporaryDirectory(), 'keys.json');
  writeFileSync(path, 'x');
  chownSync(path, 65_534, 65_534);
  expect(() => keepToOwner(path)).toThrow(`${path} belongs to another user (uid 65534)`);
});
