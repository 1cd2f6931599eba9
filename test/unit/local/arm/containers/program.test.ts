import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { commandOf, findProgram } from '../../../../../local/arm/containers/program.ts';

const root = mkdtempSync(join(tmpdir(), 'programs-'));
afterAll(() => rmSync(root, { recursive: true }));
const directory = join(root, 'programs', 'game-1');
for (const folder of [directory, join(root, 'programs', 'never-ready'), join(root, 'outside')]) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node server.ts --fast" } }');
}
for (const file of ['server.ts', 'other.js', 'notes.txt']) writeFileSync(join(directory, file), '');

test.each([
  { image: 'local/game-1', is: 'program' },
  { image: 'local/game-1:2.0', is: 'program' },
  { image: 'local/game-1@sha256:0000', is: 'program' },
  { image: 'local/game-2', is: 'missing' },
  { image: 'local/', is: 'missing' },
  { image: 'local/.', is: 'missing' },
  { image: 'local/../outside', is: 'missing' },
  { image: 'local/game-1/../../outside', is: 'missing' },
  { image: 'local/Game-1', is: 'missing' },
  { image: 'local/never-ready:1', is: 'simulated' },
  { image: 'local/does-not-exist', is: 'simulated' },
  { image: 'example.azurecr.io/local/game-1', is: 'simulated' },
  { image: 'game-1', is: 'simulated' },
])('the image $image is $is', ({ image, is }) => {
  expect(findProgram(join(root, 'programs'), image)).toEqual({ kind: is, ...(is === 'program' && { directory }) });
});

test.each([
  { command: undefined, args: ['server.ts', '--fast'] },
  { command: [], args: ['server.ts', '--fast'] },
  { command: ['node', 'other.js', '-e', '../x'], args: ['other.js', '-e', '../x'] },
])('the command $command runs Node with $args', ({ command, args }) => {
  expect(commandOf(directory, command)).toEqual({ command: process.execPath, args });
});

test.each([
  { command: ['/bin/sh', 'server.ts'] },
  { command: ['node'] },
  { command: ['node', '--eval=1'] },
  { command: ['node', '--import=./other.js', 'server.ts'] },
  { command: ['node', './server.ts'] },
  { command: ['node', join(directory, 'server.ts')] },
  { command: ['node', 'notes.txt'] },
  { command: ['node', 'missing.ts'] },
])('the command $command is refused', ({ command }) => {
  const refused = `The command ${JSON.stringify(command)} can't be run here: it has to be "node", a file of the program, and arguments.`;
  expect(commandOf(directory, command)).toEqual({ refused });
});
