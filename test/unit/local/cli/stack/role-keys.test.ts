import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { DataFileError } from '../../../../../local/files/data-file-error.ts';
import { setRoleKeys } from '../../../../../local/cli/stack/role-keys.ts';
import { openKeyStore } from '../../../../../local/host/keys/key-store.ts';

const app = join(import.meta.dirname, '../../../../..');
const roles = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(readFileSync(join(app, 'infra/role-functions.json'), 'utf8')));

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'role-keys-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const everyFunction = [...new Set(Object.values(roles).flat())];
const keyOf = (functionName: string, role: string): string | undefined =>
  openKeyStore(directory, everyFunction).list({ functionName }).get(role);

test('a role has the same key on each function that it may call, and none on another', () => {
  setRoleKeys(app, directory);
  for (const [role, names] of Object.entries(roles)) {
    const keys = new Set(names.map((name) => keyOf(name, role)));
    expect(keys.size).toBe(1);
    const others = everyFunction.filter((name) => !names.includes(name));
    expect(others.map((name) => keyOf(name, role)).filter((key) => key !== undefined)).toEqual([]);
  }
  expect(new Set(Object.keys(roles).map((role) => keyOf('ACIList', role))).size).toBe(3);
});

test('keys stay over a start, and a function that is new gets them', () => {
  setRoleKeys(app, directory);
  const before = keyOf('ACIList', 'operator');
  const path = join(directory, 'keys.json');
  const file = z
    .looseObject({ functions: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(path, 'utf8')));
  delete file.functions['acidelete'];
  writeFileSync(path, JSON.stringify(file));
  setRoleKeys(app, directory);
  expect(keyOf('ACIList', 'operator')).toBe(before);
  expect(keyOf('ACIDelete', 'operator')).toBe(before);
});

test('only their owner may read them', () => {
  setRoleKeys(app, directory);
  expect(statSync(join(directory, 'keys.json')).mode & 0o077).toBe(0);
});

test.each(['{ "masterKey": "hunter2", oops', '{ "masterKey": "hunter2" }'])(
  'a broken key file is named, and nothing of it is shown',
  (text) => {
    writeFileSync(join(directory, 'keys.json'), text);
    const set = (): void => setRoleKeys(app, directory);
    expect(set).toThrow(DataFileError);
    expect(set).toThrow(`The key file ${join(directory, 'keys.json')} is broken. Mend it, or delete it`);
  },
);
