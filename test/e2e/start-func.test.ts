import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAzuriteInstalled } from '../../local/func/installed-azurite.ts';
import { type FakeFunc, type FakeFuncRecord, installFakeFunc } from './fake-func/fake-func.ts';
import { isAlive, type ProcessTree, spawnTree, until, untilReady } from './process-tree.ts';

const INSTALL_PAGE =
  'https://learn.microsoft.com/azure/azure-functions/functions-run-local#install-the-azure-functions-core-tools';

/** A directory for the command and for the data, which goes with the test. */
function makeDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'start-func-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function spawnStartFunc(
  directory: string,
  environment: Record<string, string>,
  program = 'test/e2e/fake-func/start-without-bundle.ts',
): ProcessTree {
  const options = ['--data-dir', join(directory, 'data'), '--port', '0', '--arm-port', '0'];
  return spawnTree(process.execPath, [program, ...options], { environment });
}

/** What `func` was started with, once it was and everything that runs has been seen. */
async function untilStarted(tree: ProcessTree, func: FakeFunc): Promise<FakeFuncRecord> {
  const record = await until(() => func.record());
  expect(tree.pids()).toContain(record.worker);
  return record;
}

/** The endpoints of a connection string, by service. */
function endpointsOf({ env }: FakeFuncRecord): Record<string, string> {
  const pairs = String(env['AzureWebJobsStorage']).matchAll(/(Blob|Queue|Table)Endpoint=([^;]+)/g);
  return Object.fromEntries([...pairs].map(([, service = '', url = '']) => [service, url]));
}

/** Who answers there; undefined where nobody listens. */
async function serverAt(url: string): Promise<string | null | undefined> {
  try {
    return (await fetch(url)).headers.get('server');
  } catch {
    return undefined;
  }
}

/** The status of an answer from ARM, without a token, to one who trusts what the app is told to trust. */
async function askArm({ env }: FakeFuncRecord): Promise<number | undefined> {
  const ca = readFileSync(String(env['NODE_EXTRA_CA_CERTS']));
  const asked = request(`${env['ACI_ARM_ENDPOINT']}/subscriptions`, { ca, agent: false }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

/** `npm test` installs nothing: where nobody has run `npm run start:func` yet, these wait for CI, which has installed it. */
const needsAzurite = { skip: !isAzuriteInstalled() };

test(
  'Core Tools get the app and the settings, Azurite and the emulator answer, and Ctrl-C ends all of it',
  needsAzurite,
  async () => {
    await using directory = makeDirectory();
    const func = installFakeFunc(directory.path, 'serves');
    const foreign = { AZURE_CLIENT_SECRET: 'theirs', HTTPS_PROXY: 'http://127.0.0.1:9', ACI_SWEEP_INTERVAL: 'PT1M' };
    const environment = { ...func.environment, ...foreign };
    await using tree = spawnStartFunc(directory.path, environment, 'scripts/start-func.ts');
    const origin = await untilReady(tree);
    const record = await untilStarted(tree, func);
    const { args, cwd, env, manifest, hostJson } = record;

    expect(args).toEqual(['start', '--port', new URL(origin).port]);
    expect(cwd).toBe(join(directory.path, 'data/app'));
    expect(manifest).toMatchObject({ type: 'module', main: 'dist/main.js' });
    expect(hostJson).toBe(readFileSync('host.json', 'utf8'));
    expect(env).toMatchObject({
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: expect.stringMatching(
        /^DefaultEndpointsProtocol=http;AccountName=\w+;AccountKey=[^;]{40,};/,
      ),
      AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
      ACI_ARM_ENDPOINT: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      IDENTITY_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//),
      IDENTITY_HEADER: expect.stringMatching(/./),
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      NODE_EXTRA_CA_CERTS: join(directory.path, 'data/tls/ca.pem'),
      NO_PROXY: '127.0.0.1,localhost',
      ACI_SEALING_KEYS: expect.stringMatching(/^local-1:/),
      ACI_SWEEP_INTERVAL: 'PT1M',
    });
    expect(env).not.toHaveProperty('AZURE_CLIENT_SECRET');
    expect(env).not.toHaveProperty('HTTPS_PROXY');

    const endpoints = endpointsOf(record);
    expect(Object.keys(endpoints)).toEqual(['Blob', 'Queue', 'Table']);
    for (const [service, url] of Object.entries(endpoints)) {
      expect(await serverAt(url)).toMatch(new RegExp(`^Azurite-${service}/`));
    }
    expect(await askArm(record)).toBe(401);

    expect(await tree.signal('SIGINT')).toBe(0);
    await tree.untilGone();
    expect(tree.output()).toContain('stopping');
    for (const url of Object.values(endpoints)) expect(await serverAt(url)).toBeUndefined();
  },
);

test('Ctrl-C ends it while the app is not ready yet', needsAzurite, async () => {
  await using directory = makeDirectory();
  const func = installFakeFunc(directory.path, 'never ready');
  await using tree = spawnStartFunc(directory.path, func.environment);
  await untilStarted(tree, func);
  expect(await tree.signal('SIGINT')).toBe(0);
  await tree.untilGone();
  expect(tree.output()).toContain('stopping');
  expect(tree.output()).not.toContain('error');
});

test('everything ends when the first process is killed', needsAzurite, async () => {
  await using directory = makeDirectory();
  const func = installFakeFunc(directory.path, 'serves');
  await using tree = spawnStartFunc(directory.path, func.environment);
  await untilReady(tree);
  await untilStarted(tree, func);
  expect(await tree.signal('SIGKILL')).toBeNull();
  await tree.untilGone();
});

test('everything ends, and says which, when the app has bad settings', needsAzurite, async () => {
  await using directory = makeDirectory();
  const func = installFakeFunc(directory.path, 'bad settings');
  await using tree = spawnStartFunc(directory.path, func.environment);
  expect(await tree.exitCode()).toBe(1);
  await tree.untilGone();
  expect(tree.output()).toContain("error: The app can't serve with these settings:\n  ACI_MAX_CPU: expected more");
});

test('everything ends, and says why, when Core Tools do', needsAzurite, async () => {
  await using directory = makeDirectory();
  const func = installFakeFunc(directory.path, 'ends');
  await using tree = spawnStartFunc(directory.path, func.environment);
  expect(await tree.exitCode()).toBe(1);
  await tree.untilGone();
  expect(tree.output()).toContain('error: Core Tools ended before the app was ready (exit code 3).');
  const worker = func.record()?.worker;
  await until(() => (worker !== undefined && isAlive(worker) ? undefined : true));
});

test.each([
  { says: 'not installed', behaviour: undefined, expected: 'there is no command func' },
  { says: 'another program', behaviour: 'another', expected: "is not Azure Functions Core Tools 4, it says 'v1.16.1'" },
] as const)(
  'where func is $says, a sentence says where to get it, and nothing runs',
  async ({ behaviour, expected }) => {
    await using directory = makeDirectory();
    const environment = behaviour ? installFakeFunc(directory.path, behaviour).environment : { PATH: directory.path };
    await using tree = spawnStartFunc(directory.path, environment);
    expect(await tree.exitCode()).toBe(1);
    await tree.untilGone();
    // The log's line of the day comes before it.
    const said = tree.output().trim().split('\n').slice(1);
    expect(said).toEqual([expect.stringContaining(expected)]);
    expect(said[0]).toContain(INSTALL_PAGE);
  },
);
