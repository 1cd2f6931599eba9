import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadOwnerId } from '../../../../../local/cli/stack/owner-id.ts';
import { DataFileError } from '../../../../../local/files/data-file-error.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'durable-aci-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('an installation keeps its name, and another data directory has another', () => {
  const id = loadOwnerId(directory);
  expect(id).toMatch(/^local-[0-9a-f]{8}$/);
  expect(loadOwnerId(directory)).toBe(id);
  rmSync(join(directory, 'owner.id'));
  expect(loadOwnerId(directory)).not.toBe(id);
});

test('a name that somebody has given is taken, and an empty file is none', () => {
  writeFileSync(join(directory, 'owner.id'), 'mine\n');
  expect(loadOwnerId(directory)).toBe('mine');
  writeFileSync(join(directory, 'owner.id'), '\n');
  expect(loadOwnerId(directory)).toMatch(/^local-/);
});

test('a file that cannot be read is named', () => {
  mkdirSync(join(directory, 'owner.id'));
  expect(() => loadOwnerId(directory)).toThrow(DataFileError);
  expect(() => loadOwnerId(directory)).toThrow('owner.id');
});
