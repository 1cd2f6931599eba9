import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readJsonFile } from '../../../../../local/host/settings/json-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'json-file-'));
afterAll(() => rmSync(directory, { recursive: true }));

const schema = z.object({ count: z.number() });

function read(text: string): unknown {
  const file = join(directory, 'file.json');
  writeFileSync(file, text);
  return readJsonFile(file, schema);
}

test('a file that is not there is undefined', () => {
  expect(readJsonFile(join(directory, 'missing.json'), schema)).toBeUndefined();
});

test('a byte order mark is no error', () => {
  expect(read('\uFEFF{ "count": 1 }')).toEqual({ count: 1 });
});

test.each([
  { description: 'a bare word', text: '{ "count": secret }', place: 'line 1, column 12' },
  { description: 'a missing comma', text: '{\n  "a": "secret"\n  "count": 1\n}', place: 'line 3, column 3' },
  { description: 'a comma too many', text: '{ "count": 1, }', place: 'line 1, column 15' },
  { description: 'a comment', text: '{\n  // secret\n  "count": 1\n}', place: 'line 2, column 3' },
  { description: 'single quotes', text: "{ 'secret': 1 }", place: 'line 1, column 3' },
  { description: 'an end too early', text: '{ "count": 1', place: 'line 1, column 13' },
  { description: 'something after the end', text: '{ "count": 1 } secret', place: 'line 1, column 16' },
  { description: 'a tab in a text', text: '{ "a": "secret\t" }', place: 'line 1, column 15' },
  { description: 'nothing at all', text: '', place: 'line 1, column 1' },
])('$description is told by its place alone', ({ text, place }) => {
  expect(() => read(text)).toThrow(new RegExp(`file\\.json is not valid JSON: see ${place}\\.$`));
  expect(() => read(text)).not.toThrow(/secret/);
});

test('a wrong value is told by its path and what was expected, not by what it is', () => {
  expect(() => read('{ "count": "secret" }')).toThrow(/file\.json is not valid\. count: expected number\.$/);
});
