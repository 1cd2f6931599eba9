import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('the deployment package runs from its archive, and holds a bundle and nothing that is not needed', () => {
  const said = execFileSync(process.execPath, ['scripts/package.ts'], { cwd: root, encoding: 'utf8' });
  expect(said).toMatch(/loads in \d+ ms, serves on the local host after \d+ ms/);
  const entries = unzipSync(readFileSync(`${root}dist/durable-aci.zip`));
  expect(Object.keys(entries).filter((path) => !/^dist\/[a-z-]+\.js$/.test(path))).toStrictEqual([
    'LICENSE',
    'THIRD-PARTY-NOTICES.txt',
    'host.json',
    'package.json',
  ]);
  expect(JSON.parse(Buffer.from(entries['package.json'] ?? []).toString())).toMatchObject({
    type: 'module',
    main: 'dist/main.js',
  });
  expect(Object.keys(entries)).toContain('dist/main.js');
});
