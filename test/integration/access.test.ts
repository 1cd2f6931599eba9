import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policy, ROLES } from '../../src/security/policy.ts';
import { readKeys, routes, tokenOf, type Keys } from './stack/callers.ts';
import { createBody, idOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;
let keys: Keys;
let tokens: Record<'container' | 'otherContainer' | 'earlierContainer', string>;
let asOperator: Record<string, string>;

const KEYS = ['wrong', ...ROLES, 'ownDefault', 'otherDefault', 'host', 'master', 'durable', 'eventGrid'] as const;
const TOKENS = ['container', 'otherContainer', 'earlierContainer'] as const;
type Credential = (typeof KEYS)[number] | (typeof TOKENS)[number] | 'none';
const CREDENTIALS: readonly Credential[] = ['none', ...KEYS, ...TOKENS];

const nameOfRole = (credential: Credential) => ROLES.find((role) => role === credential);

function valueOf(credential: Credential, functionName: string): string {
  const other = functionName === 'ACIList' ? 'acidelete' : 'acilist';
  const values: Record<Credential, string | undefined> = {
    none: '',
    wrong: 'wrong',
    matchmaker: keys.functions['acicreate']?.['matchmaker'],
    operator: keys.functions['acidelete']?.['operator'],
    'read-only': keys.functions['acilist']?.['read-only'],
    ownDefault: keys.functions[functionName.toLowerCase()]?.['default'],
    otherDefault: keys.functions[other]?.['default'],
    host: keys.functionKeys.default,
    master: keys.masterKey,
    durable: keys.systemKeys.durabletask_extension,
    eventGrid: keys.systemKeys.eventgrid_extension,
    ...tokens,
  };
  const value = values[credential];
  if (value === undefined) {
    throw new Error(`There is no credential ${credential} for ${functionName}.`);
  }
  return value;
}

async function createRunning(name: string): Promise<void> {
  const answer = await stack.api('ACICreate', { body: createBody(name), headers: asOperator });
  expect(answer.status, answer.text).toBe(202);
  await stack.advanceUntil(async () => (await details(name)).body.state === 'Running');
}

const details = (name: string) =>
  stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}`, { headers: asOperator });

beforeAll(async () => {
  stack = await startStack({
    auth: 'on',
    settings: {
      ACI_TOKEN_ROTATION: 'PT1H',
      ACI_TOKEN_GRACE: 'PT5M',
      ACI_SESSIONS_STALE_AFTER: 'P30D',
      ACI_SWEEP_INTERVAL: 'PT1H',
    },
  });
  const { masterKey } = readKeys(stack);
  // A function has a default key once somebody asks for its keys.
  for (const { name } of routes) await stack.get(`/admin/functions/${name}/keys?code=${masterKey}`);
  keys = readKeys(stack);
  asOperator = { 'x-functions-key': String(keys.functions['acidelete']?.['operator']) };
  const durable = keys.systemKeys.durabletask_extension;
  await createRunning('game-1');
  const earlierContainer = await tokenOf(stack, 'game-1', durable);
  await stack.api('ACIDelete', { body: idOf('game-1'), headers: asOperator });
  await stack.advanceUntil(async () => (await details('game-1')).status === 404);
  await createRunning('game-1');
  await createRunning('game-2');
  tokens = {
    earlierContainer,
    container: await tokenOf(stack, 'game-1', durable),
    otherContainer: await tokenOf(stack, 'game-2', durable),
  };
});

afterAll(async () => {
  await stack.stop();
});

function opens(credential: Credential, name: keyof typeof policy): boolean {
  const access: readonly string[] | string = policy[name];
  if (access === 'anybody') {
    return true;
  }
  if (access === 'containerToken') {
    return credential === 'container';
  }
  const role = nameOfRole(credential);
  return role === undefined ? ['ownDefault', 'host', 'master'].includes(credential) : access.includes(role);
}

describe('a function of the API', () => {
  const rows = routes.flatMap((route) =>
    CREDENTIALS.map((credential) => ({
      ...route,
      credential,
      expected: opens(credential, route.name) ? route.status : 401,
    })),
  );

  test.each(rows)('$name ($method) with $credential: $expected', async ({ credential, expected, ...route }) => {
    const value = valueOf(credential, route.name);
    const init = { method: route.method, ...('body' in route ? { body: route.body } : {}) };
    const isToken = TOKENS.some((each) => each === credential);
    const headers = isToken ? { authorization: `Bearer ${value}` } : { 'x-functions-key': value };
    const inHeader = await stack.api(route.path, { ...init, headers: value === '' ? {} : headers });
    expect(inHeader.status, inHeader.text).toBe(expected);
    const query = value === '' ? '' : `${route.path.includes('?') ? '&' : '?'}${isToken ? 'sig' : 'code'}=${value}`;
    const inQuery = await stack.api(`${route.path}${query}`, init);
    expect(inQuery.status, inQuery.text).toBe(expected);
  });

  test('is in the policy table when it is in the app, and the other way round', async () => {
    const { body } = await stack.get(`/admin/functions?code=${keys.masterKey}`);
    const registered = body
      .filter(({ config }: { config: { bindings: { type: string }[] } }) =>
        config.bindings.some(({ type }) => type.toLowerCase() === 'httptrigger'),
      )
      .map(({ name }: { name: string }) => name);
    expect(registered.toSorted()).toEqual(Object.keys(policy).toSorted());
    expect([...new Set(routes.map(({ name }) => name))].toSorted()).toEqual(registered.toSorted());
  });

  test('tells nobody without a key whether there is such a group', async () => {
    const ask = (name: string) => stack.api(`ACIReport/games/${name}?sig=${tokens.otherContainer}`);
    const [here, nowhere, impossible] = [await ask('game-1'), await ask('nobody'), await ask('..%2fgame-1')];
    expect([here.status, here.text]).toEqual([nowhere.status, nowhere.text]);
    expect([here.status, here.text]).toEqual([impossible.status, impossible.text]);
  });
});

describe('what the platform has for itself', () => {
  const durable = '/runtime/webhooks/durabletask';
  const rows = [
    { method: 'GET', path: `${durable}/instances`, opens: ['durable', 'master'] },
    { method: 'GET', path: `${durable}/instances/provision:games:game-1`, opens: ['durable', 'master'] },
    { method: 'POST', path: `${durable}/instances/nobody/terminate`, opens: ['durable', 'master'] },
    { method: 'POST', path: `${durable}/instances/nobody/raiseEvent/resourceChanged`, opens: ['durable', 'master'] },
    { method: 'DELETE', path: `${durable}/instances/nobody`, opens: ['durable', 'master'] },
    { method: 'POST', path: `${durable}/orchestrators/nobody`, opens: ['durable', 'master'] },
    { method: 'GET', path: `${durable}/entities/containergroup/games:game-1`, opens: ['durable', 'master'] },
    { method: 'POST', path: `${durable}/entities/nobody/games:game-1`, opens: ['durable', 'master'] },
    { method: 'POST', path: '/runtime/webhooks/eventgrid?functionName=ACIMonitor', opens: ['eventGrid', 'master'] },
    { method: 'GET', path: '/admin/functions', opens: ['master'] },
    { method: 'GET', path: '/admin/functions/ACIDelete/keys', opens: ['master'] },
    { method: 'PUT', path: '/admin/functions/ACIDelete/keys/operator', opens: ['master'] },
    { method: 'GET', path: '/admin/host/keys', opens: ['master'] },
    { method: 'GET', path: '/admin/host/systemkeys', opens: ['master'] },
    { method: 'POST', path: '/admin/functions/restartEternalOrchestrations', opens: ['master'] },
  ].flatMap((route) =>
    CREDENTIALS.map((credential) => ({ ...route, credential, isOpen: route.opens.includes(credential) })),
  );

  test.each(rows)('$method $path with $credential: open is $isOpen', async ({ method, path, credential, isOpen }) => {
    const value = valueOf(credential, 'ACIDelete');
    const call = async (headers: Record<string, string>, query: string): Promise<number> => {
      const response = await fetch(`${stack.origin}${path}${query}`, { method, headers });
      await response.body?.cancel();
      return response.status;
    };
    const inHeader = await call(value === '' ? {} : { 'x-functions-key': value, authorization: `Bearer ${value}` }, '');
    expect([401, 403].includes(inHeader)).toBe(!isOpen);
    const inQuery = await call({}, value === '' ? '' : `${path.includes('?') ? '&' : '?'}code=${value}`);
    expect([401, 403].includes(inQuery)).toBe(!isOpen);
  });
});

test('a forged event changes nothing, even with the key', async () => {
  const before = await details('game-1');
  const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
  const uri = `${subscription}/resourceGroups/games/providers/Microsoft.ContainerInstance/containerGroups/game-1`;
  const answer = await stack.get(`/admin/host/status?code=${keys.masterKey}`);
  expect(answer.status).toBe(200);
  const response = await fetch(
    `${stack.origin}/runtime/webhooks/eventgrid?functionName=ACIMonitor&code=${keys.systemKeys.eventgrid_extension}`,
    {
      method: 'POST',
      headers: { 'aeg-event-type': 'Notification', 'content-type': 'application/json' },
      body: JSON.stringify([
        {
          id: 'forged',
          eventType: 'Microsoft.Resources.ResourceDeleteSuccess',
          subject: uri,
          eventTime: '2026-11-24T10:00:00Z',
          dataVersion: '2',
          data: {
            resourceProvider: 'Microsoft.ContainerInstance',
            resourceUri: uri,
            operationName: 'x',
            status: 'Succeeded',
          },
        },
      ]),
    },
  );
  expect(response.status).toBe(202);
  await stack.settle();
  expect((await details('game-1')).body).toEqual(before.body);
});

describe('a rotated token', () => {
  const report = (name: string, token: string) =>
    stack.api(`ACIReport/games/${name}`, {
      body: { activeSessions: 0 },
      headers: { authorization: `Bearer ${token}` },
    });

  test('comes with the answer to a report, is told again while the one before it is good, and then stands alone', async () => {
    await createRunning('rotated');
    const first = await tokenOf(stack, 'rotated', keys.systemKeys.durabletask_extension);
    expect((await report('rotated', first)).body).not.toHaveProperty('token');

    await stack.advance(3_600_000);
    const [one, other] = await Promise.all([report('rotated', first), report('rotated', first)]);
    const second = one.body.token;
    expect(second).not.toBe(first);
    expect(other.body.token).toBe(second);
    expect((await report('rotated', second)).status).toBe(200);

    await stack.settle();
    await stack.advance(299_000);
    expect((await report('rotated', first)).body).toMatchObject({ token: second });
    expect((await report('rotated', second)).body).not.toHaveProperty('token');
    await stack.advance(2_000);
    expect((await report('rotated', first)).status).toBe(401);
    expect((await report('rotated', second)).status).toBe(200);
    expect((await report('game-2', second)).status).toBe(401);
  });

  test('dies with its group', async () => {
    const token = await tokenOf(stack, 'rotated', keys.systemKeys.durabletask_extension);
    await stack.api('ACIDelete', { body: idOf('rotated'), headers: asOperator });
    await stack.advanceUntil(async () => (await details('rotated')).status === 404);
    expect((await report('rotated', token)).status).toBe(401);
    await createRunning('rotated');
    expect((await report('rotated', token)).status).toBe(401);
  });
});
