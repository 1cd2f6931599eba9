import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');

test('a Node that strips no types is told in one line what to do', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--no-experimental-strip-types', 'local/start.ts'], {
    cwd: root,
    encoding: 'utf8',
    // vitest's own options are for its workers.
    env: { PATH: process.env['PATH'] },
  });
  expect(stderr).toMatch(/^error: the stack needs Node 24, .* run "npm start", [^\n]*\n$/);
  expect(status).toBe(1);
});

test('only the command itself is CommonJS', () => {
  const typeOf = (folder: string): string =>
    z.object({ type: z.string() }).parse(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))).type;
  expect(typeOf('local')).toBe('commonjs');
  for (const folder of ['arm', 'cli', 'clock', 'files', 'func', 'host', 'sqlite']) {
    expect([folder, typeOf(join('local', folder))]).toEqual([folder, 'module']);
  }
});

test('the warnings of npm ci on an old Node are explained where a newcomer meets them', () => {
  const lock = z
    .object({ packages: z.record(z.string(), z.object({ engines: z.record(z.string(), z.string()).optional() })) })
    .parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const wantNewer = Object.entries(lock.packages).filter(([, { engines }]) =>
    /^\D*2[1-9]\b/.test(engines?.['node'] ?? ''),
  );
  expect(wantNewer).not.toEqual([]);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('`EBADENGINE`');
});
