import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** As the hook of `azd deploy` runs it: azd hands over its parameters and the outputs of the last provisioning. */
const fromAzd = { ACI_DURABLE_BACKEND: 'DurableTaskScheduler', ACI_FUNCTION_APP: 'func-aci-x', AZURE_ENV_NAME: 'x' };

const unpack = (archive: string): Record<string, Uint8Array> => unzipSync(readFileSync(`${root}dist/${archive}`));
const hostJsonOf = (content: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(content ?? []).toString());

it('the deployment package runs from its archive; it and the one of the scheduler hold a bundle and nothing that is not needed, and differ in host.json alone', () => {
  const said = execFileSync(process.execPath, ['scripts/package.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...fromAzd },
  });
  expect(said).toMatch(/^loads in \d+ ms, serves on the local host after \d+ ms$/m);

  const entries = unpack('released-package.zip');
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

  const { 'host.json': forScheduler, ...others } = unpack('durable-task-scheduler/released-package.zip');
  const { 'host.json': forStorage, ...same } = entries;
  expect(others).toEqual(same);
  expect(hostJsonOf(forStorage)).toStrictEqual(hostJsonOf(readFileSync(`${root}host.json`)));
  expect(hostJsonOf(forScheduler)).toMatchObject({
    extensions: { durableTask: { storageProvider: { type: 'azureManaged' } } },
  });
  // The folder that azd installs.
  expect(hostJsonOf(readFileSync(`${root}dist/package/host.json`))).toStrictEqual(hostJsonOf(forScheduler));
});
