import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policy, ROLES } from '../../src/security/policy.ts';
import { routes, signedIn, tokenOf, readKeys } from './stack/callers.ts';
import { createBody, idOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await startStack({
    auth: 'on',
    settings: { ACI_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'True', ACI_PUBLIC_LIST: 'true' },
  });
  const headers = signedIn(['operator']);
  await stack.api('ACICreate', { body: createBody('game-1', { labels: { fleet: 'eu' } }), headers });
  await stack.advanceUntil(
    async () =>
      (await stack.api('ACIDetails?resourceGroup=games&containerGroupName=game-1', { headers })).body.state ===
      'Running',
  );
  token = await tokenOf(stack, 'game-1', readKeys(stack).systemKeys.durabletask_extension);
});

afterAll(async () => {
  await stack.stop();
});

const callers: { says: string; headers: () => Record<string, string>; roles: readonly string[] | undefined }[] = [
  { says: 'nobody', headers: () => ({}), roles: undefined },
  { says: 'an empty header', headers: () => ({ 'x-ms-client-principal': '' }), roles: undefined },
  { says: 'no base64', headers: () => ({ 'x-ms-client-principal': '}{' }), roles: undefined },
  { says: 'no JSON', headers: () => ({ 'x-ms-client-principal': 'b3BlcmF0b3I=' }), roles: undefined },
  {
    says: 'JSON of another shape',
    headers: () => ({ 'x-ms-client-principal': btoa('["operator"]') }),
    roles: undefined,
  },
  { says: 'another provider', headers: () => signedIn(['operator'], 'github'), roles: undefined },
  { says: 'a key of the host', headers: () => ({ 'x-functions-key': readKeys(stack).masterKey }), roles: undefined },
  { says: 'no role', headers: () => signedIn([]), roles: [] },
  { says: 'an unknown role', headers: () => signedIn(['Operator', 'admin', '*']), roles: [] },
  ...ROLES.map((role) => ({ says: role, headers: () => signedIn([role]), roles: [role] })),
  { says: 'two roles', headers: () => signedIn(['read-only', 'matchmaker']), roles: ['read-only', 'matchmaker'] },
];

function expectedOf({ name, status }: (typeof routes)[number], roles: readonly string[] | undefined): number {
  const access: readonly string[] | string = policy[name];
  if (access === 'anybody' || name === 'ACIList') {
    return status;
  }
  if (access === 'containerToken' || roles === undefined) {
    return 401;
  }
  return roles.some((role) => access.includes(role)) ? status : 403;
}

describe('a function of the API, with sign-in', () => {
  const rows = routes.flatMap((route) =>
    callers.map((caller) => ({
      ...caller,
      route,
      name: route.name,
      method: route.method,
      expected: expectedOf(route, caller.roles),
    })),
  );

  test.each(rows)('$name ($method) for $says: $expected', async ({ route, headers, expected }) => {
    const init = { method: route.method, headers: headers(), ...('body' in route ? { body: route.body } : {}) };
    const answer = await stack.api(route.path, init);
    expect(answer.status, answer.text).toBe(expected);
  });
});

test('containers go on with their own tokens', async () => {
  const answer = await stack.api(`ACIReport/games/game-1?sig=${token}`, { body: { activeSessions: 2 } });
  expect(answer.body).toMatchObject({ results: [{ status: 'accepted' }] });
});

test('a public list shows what a player needs to join, and no more', async () => {
  await stack.settle();
  const answer = await stack.api('ACIList');
  expect(answer.body).toEqual([
    {
      containerGroupName: 'game-1',
      publicIP: '127.0.0.1',
      ports: [{ port: 7777, protocol: 'UDP' }],
      activeSessions: 2,
      location: 'westeurope',
    },
  ]);
});

test('a timeline tells which request did something, by its id, and who sent it, by role and object id', async () => {
  const answer = await stack.api('ACISetState', {
    body: { ...idOf('game-1'), state: 'MarkedForDeletion' },
    headers: signedIn(['read-only', 'operator']),
  });
  const requestId = answer.headers.get('x-request-id');
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  const details = await stack.api('ACIDetails?resourceGroup=games&containerGroupName=game-1&type=timeline', {
    headers: signedIn(['operator']),
  });
  expect(details.body.timeline.at(-1)).toMatchObject({
    state: 'MarkedForDeletion',
    cause: `request ${requestId} by operator 00000000-0000-0000-0000-00000000000a`,
  });
  expect(details.body.timeline[0].cause).toMatch(/^request [\da-f-]{36} by operator 0{8}-/);
});
