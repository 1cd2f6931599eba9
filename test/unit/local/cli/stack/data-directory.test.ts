import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataDirectory } from '../../../../../local/cli/stack/data-directory.ts';
import { StartError } from '../../../../../local/cli/start-error.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'data-directory-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('a directory belongs to one run, and to the next once the first has released it', () => {
  const path = join(parent, 'data');
  const first = takeDataDirectory(path, { fresh: false });
  const second = (): unknown => takeDataDirectory(path, { fresh: false });
  expect(second).toThrow(new RegExp(`in use by another run \\(process ${process.pid}\\).*--data-dir`));
  first.release();
  takeDataDirectory(path, { fresh: false }).release();
});

test('fresh empties the directory of an earlier run, but not one that another run holds', async () => {
  const path = join(parent, 'data');
  const first = takeDataDirectory(path, { fresh: false });
  await mkdir(join(path, 'tls'));
  await writeFile(join(path, 'tls', 'ca.pem'), 'x');
  expect(() => takeDataDirectory(path, { fresh: true })).toThrow('in use');
  expect(existsSync(join(path, 'tls', 'ca.pem'))).toBe(true);
  first.release();
  takeDataDirectory(path, { fresh: true }).release();
  expect(existsSync(join(path, 'tls'))).toBe(false);
});

test('fresh does not touch a directory with files that are not ours', async () => {
  await writeFile(join(parent, 'thesis.txt'), 'x');
  expect(() => takeDataDirectory(parent, { fresh: true })).toThrow('none of them is ours');
  expect(existsSync(join(parent, 'thesis.txt'))).toBe(true);
});

test('a directory that cannot be made is an error that says which and why', async () => {
  const path = join(parent, 'file');
  await writeFile(path, 'x');
  const take = (): unknown => takeDataDirectory(join(path, 'data'), { fresh: false });
  expect(take).toThrow(StartError);
  expect(take).toThrow(/file\/data' can't be made: ENOTDIR/);
});
