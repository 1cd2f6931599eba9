import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const folder = join(import.meta.dirname, '../../../examples/udp-game-server');
const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
const manifest = z
  .looseObject({ scripts: z.object({ start: z.string() }), dependencies: z.never().optional() })
  .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/** What follows a word of the Dockerfile, which must stand there once. */
function instruction(name: string): string {
  const lines = dockerfile.split('\n').filter((line) => line.startsWith(`${name} `));
  expect(lines).toHaveLength(1);
  return lines[0]?.slice(name.length + 1) ?? '';
}

test('the image has every file of the program, and each that is copied exists', () => {
  const copied = instruction('COPY').split(' ').slice(0, -1);
  expect(copied.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  const sources = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  expect(copied.toSorted()).toEqual(['package.json', ...sources].toSorted());
  const ignore = readFileSync(join(folder, '.dockerignore'), 'utf8').trim().split('\n');
  expect(ignore).toEqual(['*', '!package.json', '!*.ts']);
});

test('it starts as on a laptop, as another user than root, from a pinned image with the Node of this project', () => {
  expect(JSON.parse(instruction('CMD'))).toEqual(manifest.scripts.start.split(' '));
  expect(instruction('USER')).toBe('node');
  expect(instruction('FROM')).toMatch(/^node:24\.\d+\.\d+-[a-z]+-slim$/);
});

test('it needs nothing but Node, and the port is the one that it says', () => {
  expect(manifest).not.toHaveProperty('dependencies');
  const [, port] = /^const PORT = (\d+);$/m.exec(readFileSync(join(folder, 'server.ts'), 'utf8')) ?? [];
  expect(instruction('EXPOSE')).toBe(`${port}/udp`);
});
