import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { appDirectoryOf, type HostProcess, readJson, startHostProcess } from './process.ts';

let commonJs: HostProcess;
let module: HostProcess;

beforeAll(async () => {
  [commonJs, module] = await Promise.all([
    startHostProcess(appDirectoryOf('commonjs')),
    startHostProcess(appDirectoryOf('core-import')),
  ]);
});
afterAll(() => Promise.all([commonJs.stop(), module.stop()]));

test('a hook may replace the handler', async () => {
  const response = await fetch(`${commonJs.origin}/hooked`);
  expect(response.headers.get('x-wrapped')).toBe('yes');
  expect(await response.text()).toBe('hooked');
});

test('a hook may turn an error into a result', async () => {
  const response = await fetch(`${commonJs.origin}/recovered`);
  expect(response.status).toBe(418);
  expect(await response.text()).toBe('recovered');
});

test('hooks run in order, with data from before to after, and the core module is there for require', async () => {
  const { seen, hasCore } = await readJson(
    fetch(`${commonJs.origin}/seen`),
    z.object({ seen: z.array(z.unknown()), hasCore: z.string() }),
  );
  expect(hasCore).toBe('function');
  expect(seen[0]).toEqual({ name: 'appStart', hookData: {} });
  expect(seen).toContainEqual({
    name: 'recovered',
    hookData: { startedBy: 'preInvocation' },
    error: 'to be recovered',
  });
});

test('a function can only be registered during app startup', async () => {
  expect(await (await fetch(`${commonJs.origin}/readOnly`)).text()).toBe(
    'A function can only be registered during app startup.',
  );
});

test('the core module is there for import too', async () => {
  const schema = z.object({ hostVersion: z.string(), model: z.string() });
  const { hostVersion, model } = await readJson(fetch(`${module.origin}/api/core`), schema);
  expect(hostVersion).toMatch(/^4\./);
  expect(model).toBe('@azure/functions');
});

test('a log hook changes lines and drops them', async () => {
  await fetch(`${module.origin}/api/logs`);
  // What a process prints comes through a pipe, and may come after its answer.
  await expect.poll(() => module.output()).toContain('warn  logs HEARD');
  expect(module.output().toLowerCase()).not.toContain('quiet');
});

test('a stop runs the appTerminate hooks and ends with 0', async () => {
  expect(await commonJs.stop()).toBe(0);
  expect(commonJs.output()).toContain('appTerminate ran');
});
