import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSealingKeys } from '../../../../../local/cli/stack/sealing-key.ts';
import { DataFileError } from '../../../../../local/files/data-file-error.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'durable-aci-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('the key that the first start makes is that of every later one', () => {
  expect(loadSealingKeys(directory)).toBe(loadSealingKeys(directory));
});

test('keys that somebody has rotated by hand are taken, the newest first', async () => {
  const keys = ['b', 'a'].map((id) => `${id}:${Buffer.alloc(32, id).toString('base64')}`).join(',');
  await writeFile(join(directory, 'sealing.key'), `${keys}\n`);
  expect(loadSealingKeys(directory)).toBe(keys);
});

test('a key file that holds no key is named, and not made anew: what it sealed would be lost', async () => {
  await writeFile(join(directory, 'sealing.key'), 'garbage');
  const load = (): string => loadSealingKeys(directory);
  expect(load).toThrow(DataFileError);
  expect(load).toThrow(`The key file ${join(directory, 'sealing.key')} is broken`);
});
