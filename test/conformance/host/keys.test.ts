import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appDirectoryOf, type HostProcess, readJson, startHostProcess } from './process.ts';

const keysSchema = z.object({
  masterKey: z.string(),
  functionKeys: z.object({ default: z.string() }),
  systemKeys: z.object({ durabletask_extension: z.string(), eventgrid_extension: z.string() }),
});
const listSchema = z.object({ keys: z.array(z.object({ name: z.string(), value: z.string() })) });

let host: HostProcess;
let keys: z.infer<typeof keysSchema>;
let defaultKeys: Record<'functionA' | 'functionB', string | undefined>;

beforeAll(async () => {
  host = await startHostProcess(appDirectoryOf('keyed'), { auth: 'on' });
  keys = keysSchema.parse(JSON.parse(readFileSync(join(host.dataDirectory, 'keys.json'), 'utf8')));
  const [functionA, functionB] = await Promise.all([readFunctionKeys('functionA'), readFunctionKeys('functionB')]);
  defaultKeys = { functionA: functionA.get('default'), functionB: functionB.get('default') };
});

async function readFunctionKeys(name: string): Promise<Map<string, string>> {
  const url = `${host.origin}/admin/functions/${name}/keys?code=${keys.masterKey}`;
  const listed = await readJson(fetch(url), listSchema);
  return new Map(listed.keys.map((key) => [key.name, key.value]));
}
afterAll(() => host.stop());

const ALL = ['none', 'wrong', 'ownKey', 'otherKey', 'hostKey', 'masterKey', 'durableKey', 'eventGridKey'] as const;

type Credential = (typeof ALL)[number];

function keyOf(credential: Credential): string | undefined {
  return {
    none: undefined,
    wrong: 'wrong',
    ownKey: defaultKeys.functionA,
    otherKey: defaultKeys.functionB,
    hostKey: keys.functionKeys.default,
    masterKey: keys.masterKey,
    durableKey: keys.systemKeys.durabletask_extension,
    eventGridKey: keys.systemKeys.eventgrid_extension,
  }[credential];
}

/** Row 11; azure-functions-host, Security/Authorization/Policies/AuthorizationOptionsExtensions.cs and HostController.cs. */
describe('who may ask for what', () => {
  const table: { path: string; method?: string; opens: readonly Credential[]; status: number }[] = [
    { path: '/api/anonymous', opens: ALL, status: 200 },
    { path: '/api/functionA', opens: ['ownKey', 'hostKey', 'masterKey'], status: 200 },
    { path: '/api/admins', opens: ['masterKey'], status: 200 },
    { path: '/admin/host/ping', opens: ALL, status: 200 },
    { path: '/admin/host/status', opens: ['masterKey'], status: 200 },
    { path: '/admin/functions', opens: ['masterKey'], status: 200 },
    { path: '/admin/host/keys', opens: ['masterKey'], status: 200 },
    { path: '/admin/local/durable-costs', opens: ['masterKey'], status: 200 },
    { path: '/runtime/webhooks/durabletask/instances/nobody', opens: ['durableKey', 'masterKey'], status: 404 },
    {
      path: '/runtime/webhooks/eventgrid?functionName=events',
      method: 'POST',
      opens: ['eventGridKey', 'masterKey'],
      status: 400,
    },
    { path: '/runtime/webhooks/nobody', opens: ['masterKey'], status: 404 },
  ];
  /** The host's own paths know who has a key of the host, and forbid what it is not for; others are asked who they are. */
  const ofHost = new Set<Credential>(['hostKey', 'masterKey', 'durableKey', 'eventGridKey']);
  const statusOf = ({ path, opens, status }: (typeof table)[number], credential: Credential): number => {
    if (opens.includes(credential)) return status;
    return !path.startsWith('/api/') && ofHost.has(credential) ? 403 : 401;
  };
  const rows = table.flatMap((row) =>
    ALL.map((credential) => ({ ...row, credential, expected: statusOf(row, credential) })),
  );

  test.each(rows)('$path with $credential: $expected', async ({ path, method = 'GET', credential, expected }) => {
    const key = keyOf(credential);
    const inHeader = await fetch(`${host.origin}${path}`, {
      method,
      headers: key === undefined ? {} : { 'x-functions-key': key },
    });
    expect(inHeader.status).toBe(expected);
    const challenge = expected === 401 && !path.startsWith('/api/') ? 'Bearer' : null;
    expect(inHeader.headers.get('www-authenticate')).toBe(challenge);
    const inQuery = await fetch(
      `${host.origin}${path}${path.includes('?') ? '&' : '?'}${key === undefined ? '' : `code=${key}`}`,
      { method },
    );
    expect(inQuery.status).toBe(expected);
  });
});

test('the header wins over the query', async () => {
  const response = await fetch(`${host.origin}/api/functionA?code=${keys.masterKey}`, {
    headers: { 'x-functions-key': 'wrong' },
  });
  expect(response.status).toBe(401);
});

test('the durable client needs no key, and hands out URLs with one', async () => {
  const urls = await readJson(fetch(`${host.origin}/api/rpc`), z.object({ statusQueryGetUri: z.string() }));
  expect(new URL(urls.statusQueryGetUri).searchParams.get('code')).toBe(keys.systemKeys.durabletask_extension);
  expect((await fetch(urls.statusQueryGetUri)).status).toBeLessThan(300);
});

test('a role is a named key: set, used, renewed, removed', async () => {
  const master = { 'x-functions-key': keys.masterKey };
  const url = `${host.origin}/admin/functions/functionA/keys/matchmaker`;
  const ask = async (key: string): Promise<number> =>
    (await fetch(`${host.origin}/api/functionA`, { headers: { 'x-functions-key': key } })).status;

  expect((await fetch(url, { headers: master })).status).toBe(404);
  expect((await fetch(url, { method: 'PUT', headers: master, body: JSON.stringify({ value: 'chosen' }) })).status).toBe(
    201,
  );
  expect(await ask('chosen')).toBe(200);
  const renewed = await readJson(fetch(url, { method: 'POST', headers: master }), z.object({ value: z.string() }));
  expect(await ask('chosen')).toBe(401);
  expect(await ask(renewed.value)).toBe(200);
  expect((await fetch(url, { method: 'DELETE', headers: master })).status).toBe(204);
  expect((await fetch(url, { method: 'DELETE', headers: master })).status).toBe(404);
  expect(await ask(renewed.value)).toBe(401);
  expect((await fetch(url, { method: 'PUT', headers: master, body: '{}' })).status).toBe(400);
});

test('a function whose first key is set has no default key (row 11; SecretManager.cs)', async () => {
  const url = `${host.origin}/admin/functions/admin/keys/first?code=${keys.masterKey}`;
  expect((await fetch(url, { method: 'PUT', body: JSON.stringify({ value: 'chosen' }) })).status).toBe(201);
  expect(await readFunctionKeys('admin')).toEqual(new Map([['first', 'chosen']]));
  expect([...(await readFunctionKeys('rpc')).keys()]).toEqual(['default']);
});

test('the keys stay over a restart, in a file for its owner only', async () => {
  const { dataDirectory } = host;
  expect(statSync(join(dataDirectory, 'keys.json')).mode & 0o077).toBe(0);
  await host.stop();
  host = await startHostProcess(appDirectoryOf('keyed'), { auth: 'on', dataDirectory });
  expect((await fetch(`${host.origin}/api/admins`, { headers: { 'x-functions-key': keys.masterKey } })).status).toBe(
    200,
  );
});
