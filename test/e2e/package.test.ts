import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { unzip } from '../../scripts/zip.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('the deployment package runs from its archive, and holds a bundle and nothing that is not needed', () => {
  const said = execFileSync(process.execPath, ['scripts/package.ts'], { cwd: root, encoding: 'utf8' });
  expect(said).toMatch(/loads in \d+ ms, serves on the local host after \d+ ms/);
  const entries = unzip(readFileSync(`${root}dist/durable-aci.zip`));
  expect(entries.map(({ path }) => path).filter((path) => !/^dist\/[a-z-]+\.js$/.test(path))).toStrictEqual([
    'LICENSE',
    'THIRD-PARTY-NOTICES.txt',
    'host.json',
    'package.json',
  ]);
  const manifest = entries.find(({ path }) => path === 'package.json');
  expect(JSON.parse(manifest?.content.toString() ?? '')).toMatchObject({ type: 'module', main: 'dist/main.js' });
  expect(entries.map(({ path }) => path)).toContain('dist/main.js');
});
