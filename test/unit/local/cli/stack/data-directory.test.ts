import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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

test('fresh deletes nothing where a run has left its state among files that are not ours', async () => {
  await writeFile(join(parent, 'thesis.txt'), 'x');
  takeDataDirectory(parent, { fresh: false }).release();
  expect(() => takeDataDirectory(parent, { fresh: true })).toThrow("it holds 'thesis.txt', which is not ours");
  expect(existsSync(join(parent, 'thesis.txt'))).toBe(true);
});

test.each(['azure.env', 'azure.env.new', 'task-hub-x.sqlite-wal', 'azurite', 'app'])(
  'fresh deletes %s, which a stack leaves behind',
  async (name) => {
    takeDataDirectory(parent, { fresh: false }).release();
    await writeFile(join(parent, name), 'x');
    takeDataDirectory(parent, { fresh: true }).release();
    expect(existsSync(join(parent, name))).toBe(false);
  },
);

test('a directory that cannot be made is an error that says which and why', async () => {
  const path = join(parent, 'file');
  await writeFile(path, 'x');
  const take = (): unknown => takeDataDirectory(join(path, 'data'), { fresh: false });
  expect(take).toThrow(StartError);
  expect(take).toThrow(/file\/data' can't be made: not a directory/);
});

test.skipIf(process.platform !== 'linux')('a place where no directory can be is an error at once', () => {
  expect(() => takeDataDirectory('/proc/foo', { fresh: false })).toThrow(
    /^The data directory '\/proc\/foo' can't be made/,
  );
});

test('what an earlier run left readable for others is made its owner’s alone', async () => {
  const path = join(parent, 'data');
  await mkdir(join(path, 'tls'), { recursive: true });
  const stores = ['arm.sqlite', 'arm.sqlite-wal', 'functions-host.sqlite', 'task-hub-durableaci.sqlite'];
  const drafts = ['keys.json.new', 'azure.env.new', 'identity.key.new', 'tls/server.key.new'];
  const files = ['keys.json', 'azure.env', 'sealing.key', 'identity.key', 'tls/server.key', ...stores, ...drafts];
  for (const name of files) await writeFile(join(path, name), 'x');
  for (const name of ['', 'tls', ...files]) await chmod(join(path, name), 0o777);
  takeDataDirectory(path, { fresh: false }).release();
  for (const name of ['', 'tls', 'lock.sqlite', 'lock.pid', ...files]) {
    expect([name, (await stat(join(path, name))).mode & 0o077]).toEqual([name, 0]);
  }
});

test('what is not ours keeps its permissions, and so does the directory that it is in', async () => {
  await writeFile(join(parent, 'thesis.txt'), 'x');
  await chmod(join(parent, 'thesis.txt'), 0o644);
  await chmod(parent, 0o755);
  takeDataDirectory(parent, { fresh: false }).release();
  expect((await stat(join(parent, 'thesis.txt'))).mode & 0o777).toBe(0o644);
  expect((await stat(parent)).mode & 0o777).toBe(0o755);
});

test.each(['keys.json', 'owner.id', 'azure.env', 'azure.env.new', 'arm.sqlite', 'lock.sqlite', 'sealing.key', 'tls'])(
  'a symbolic link in the place of %s is refused by name, and what it points at is left alone',
  async (name) => {
    const path = join(parent, 'data');
    const elsewhere = join(parent, 'elsewhere');
    await mkdir(path);
    await writeFile(elsewhere, 'x');
    await symlink(elsewhere, join(path, name));
    const take = (): unknown => takeDataDirectory(path, { fresh: false });
    expect(take).toThrow(`${join(path, name)} is a symbolic link`);
    expect(await readFile(elsewhere, 'utf8')).toBe('x');
  },
);

test('a lock that is none of SQLite’s is named, and is no other run', async () => {
  await writeFile(join(parent, 'lock.sqlite'), 'not a database, whatever its name says'.repeat(40));
  expect(() => takeDataDirectory(parent, { fresh: false })).toThrow(
    `The lock ${join(parent, 'lock.sqlite')} can't be taken: file is not a database.`,
  );
});
