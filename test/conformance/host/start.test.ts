import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRealClock } from '../../../local/clock/real-clock.ts';
import { startFunctionsHost } from '../../../local/host/host.ts';
import { StartError } from '../../../local/host/start-error.ts';
import { startWorker } from '../../../local/host/worker/worker.ts';
import { appDirectoryOf, makeTemporaryDirectory, startHostProcess } from './process.ts';

/** Writes an app that finds the libraries of this repository; `files` replace or add to a working one. */
function writeApp(files: Record<string, string>): string {
  const directory = makeTemporaryDirectory();
  const all = {
    'package.json': '{ "type": "module", "main": "app.mjs" }',
    'host.json': '{ "version": "2.0" }',
    'app.mjs': `import { app } from '${join(import.meta.dirname, '../../../node_modules/@azure/functions/dist/azure-functions.js')}';
      app.get('setting', { authLevel: 'anonymous', handler: () => ({ body: process.env.GIVEN ?? 'unset' }) });`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(directory, name), text);
  return directory;
}

const library = JSON.stringify(
  join(import.meta.dirname, '../../../node_modules/@azure/functions/dist/azure-functions.js'),
);

test.each([
  {
    description: 'a broken settings file names the file and the place, and no value',
    files: { 'local.settings.json': '{\n  "Values": {\n    "SECRET": "hunter2" oops\n  }\n}' },
    message: /local\.settings\.json is not valid JSON: see line 3, column 25\.$/,
  },
  {
    description: 'a setting that is an object names its key, and no value',
    files: { 'local.settings.json': '{ "Values": { "SECRET": { "hunter2": 1 } } }' },
    message: /local\.settings\.json is not valid\. Values\.SECRET: /,
  },
  {
    description: 'encrypted settings are refused',
    files: { 'local.settings.json': '{ "IsEncrypted": true, "Values": {} }' },
    message: /is encrypted, which the local host can't read/,
  },
  {
    description: 'a broken host.json names the place',
    files: { 'host.json': '{ "version": }' },
    message: /host\.json is not valid JSON: see line 1, column 14\.$/,
  },
  {
    description: 'a host.json of another version names the field',
    files: { 'host.json': '{ "version": "1.0" }' },
    message: /host\.json is not valid\. version: /,
  },
  {
    description: 'a visibility time-out that the extension does not take is named',
    files: {
      'host.json':
        '{ "version": "2.0", "extensions": { "durableTask": { "storageProvider": { "controlQueueVisibilityTimeout": "00:00:30" } } } }',
    },
    message: /storageProvider\.controlQueueVisibilityTimeout: expected at least 00:01:00/,
  },
])('before an app is loaded, $description', async ({ files, message }) => {
  // In this process, which none of them gets to: only a loaded app needs one of its own.
  const starting = startFunctionsHost({
    appDirectory: writeApp(files),
    port: 0,
    dataDirectory: makeTemporaryDirectory(),
    clock: createRealClock(),
    seed: 1,
    platform: 'gentle',
    auth: 'off',
    log: () => undefined,
  });
  await expect(starting).rejects.toThrow(StartError);
  const told = await starting.catch(String);
  expect(told).toMatch(message);
  expect(told).not.toMatch(/hunter2|oops/);
});

test.each([
  {
    description: 'a broken settings file is told by the process, without a stack and without a value',
    files: { 'local.settings.json': '{\n  "Values": {\n    "SECRET": "hunter2" oops\n  }\n}' },
    message: /local\.settings\.json is not valid JSON: see line 3, column 25\.$/,
  },
  {
    description: 'a package without main says so',
    files: { 'package.json': '{}' },
    message: /package\.json has no "main"/,
  },
  {
    description: 'a main that matches nothing says so',
    files: { 'package.json': '{ "main": "dist/*.js" }' },
    message: /^Worker was unable to load entry point "dist\/\*\.js"/,
  },
  {
    description: 'an entry point that throws gives its message',
    files: { 'app.mjs': 'throw new Error("ACI_SWEEP_INTERVAL: expected a duration")' },
    message: /^Worker was unable to load entry point "app\.mjs": ACI_SWEEP_INTERVAL: expected a duration$/,
  },
  {
    description: 'an app without functions says so',
    files: { 'app.mjs': 'export {}' },
    message: /^No functions found/,
  },
  {
    description: 'a trigger that is not built is named',
    files: {
      'app.mjs': `import { app } from ${library}; app.storageQueue('takes', { queueName: 'q', connection: 'C', handler: () => {} });`,
    },
    message: /^The in binding 'queueTrigger' of function 'takes' is not built in the local host\.$/,
  },
  {
    description: 'HTTP streaming is named',
    files: {
      'app.mjs': `import { app } from ${library}; app.setup({ enableHttpStream: true }); app.get('x', { handler: () => ({}) });`,
    },
    message: /enableHttpStream: true \}\), is not built in the local host/,
  },
  {
    description: 'two functions of one name are refused',
    files: {
      'app.mjs': `import { app } from ${library}; for (const _ of [1, 2]) app.get('x', { handler: () => ({}) });`,
    },
    message: /A function with id "x" has already been registered\.$/,
  },
  {
    description: 'a name that Azure refuses is refused',
    files: { 'app.mjs': `import { app } from ${library}; app.get('1st', { handler: () => ({}) });` },
    message: /^'1st' is not a function name/,
  },
])('$description', async ({ files, message }) => {
  const told = await startHostProcess(writeApp(files)).then(
    () => 'started',
    (error: unknown) => String(error).replace(/^Error: /, ''),
  );
  expect(told).toMatch(message);
  expect(told).not.toMatch(/hunter2|oops|\n {4}at /);
});

test('local.settings.json gives way to the process, and the process to the starter', async () => {
  const app = writeApp({ 'local.settings.json': '{ "Values": { "GIVEN": "by the file" } }' });
  const ask = async (options: Parameters<typeof startHostProcess>[1]): Promise<string> => {
    await using host = await startHostProcess(app, options);
    return await (await fetch(`${host.origin}/api/setting`)).text();
  };
  expect(await ask({})).toBe('by the file');
  expect(await ask({ processEnvironment: { GIVEN: 'by the process' } })).toBe('by the process');
  expect(await ask({ processEnvironment: { GIVEN: 'by the process' }, environment: { GIVEN: 'by the starter' } })).toBe(
    'by the starter',
  );
});

test('a port in use is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startHostProcess(writeApp({}), { port })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use by another process; choose another one.`,
  );
  other.close();
});

test('a damaged file of the data directory is named in one line', async () => {
  const dataDirectory = makeTemporaryDirectory();
  writeFileSync(join(dataDirectory, 'functions-host.sqlite'), 'this was a database once'.repeat(200));
  await expect(startHostProcess(writeApp({}), { dataDirectory })).rejects.toThrow(
    /^The file \S+functions-host\.sqlite is damaged\. [^\n]+$/,
  );
});

test('a second host on a data directory says so in one line and leaves the first alone', async () => {
  const app = writeApp({});
  await using first = await startHostProcess(app);
  await expect(startHostProcess(app, { dataDirectory: first.dataDirectory })).rejects.toThrow(
    /^The file \S+functions-host\.sqlite is in use by another host\. [^\n]+$/,
  );
  expect((await fetch(`${first.origin}/api/setting`)).status).toBe(200);
});

test('the host ends when its parent is gone', async () => {
  const host = await startHostProcess(writeApp({}));
  host.child.disconnect();
  await expect.poll(() => host.child.exitCode).toBe(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it cleanly', async (signal) => {
  await using host = await startHostProcess(writeApp({}));
  host.child.kill(signal);
  await expect.poll(() => host.child.exitCode).toBe(0);
});

test('an app runs from a directory with a space in its name', async () => {
  const app = join(makeTemporaryDirectory(), 'an app');
  mkdirSync(app);
  cpSync(appDirectoryOf('core-import'), app, { recursive: true });
  mkdirSync(join(app, 'node_modules/@azure'), { recursive: true });
  cpSync(
    join(import.meta.dirname, '../../../node_modules/@azure/functions'),
    join(app, 'node_modules/@azure/functions'),
    {
      recursive: true,
    },
  );
  cpSync(
    join(import.meta.dirname, '../../../node_modules/@azure/functions-extensions-base'),
    join(app, 'node_modules/@azure/functions-extensions-base'),
    { recursive: true },
  );
  cpSync(join(import.meta.dirname, '../../../node_modules/cookie'), join(app, 'node_modules/cookie'), {
    recursive: true,
  });
  await using host = await startHostProcess(app);
  expect((await fetch(`${host.origin}/api/core`)).status).toBe(200);
});

test('in a process that has loaded it before, an app stays as it is, unless it is to be loaded anew', async () => {
  const app = writeApp({
    'app.mjs': `import { app } from ${library}; app.get(process.env.GIVEN, { handler: () => ({}) });`,
  });
  const functionsOf = async (given: string, reload?: boolean): Promise<string[]> => {
    process.env['GIVEN'] = given;
    const { functions } = await startWorker({ appDirectory: app, log: () => undefined, reload });
    return functions.map(({ name }) => name);
  };
  expect(await functionsOf('first')).toEqual(['first']);
  expect(await functionsOf('second')).toEqual(['first']);
  expect(await functionsOf('second', true)).toEqual(['second']);
  expect(await functionsOf('third', true)).toEqual(['third']);
  delete process.env['GIVEN'];
});
