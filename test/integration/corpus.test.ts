import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBody, createRunning, groupOf, idOf } from './stack/game.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    profile: 'instant',
    settings: { ACI_ALLOWED_REGISTRIES: 'docker.io', ACI_ALLOWED_RESOURCE_GROUPS: 'Games' },
  });
  await createRunning(stack, 'game-1');
});

afterAll(async () => {
  await stack.stop();
});

interface Case {
  /** What went wrong once, or would if nobody looked. */
  says: string;
  path: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  status: number;
  code?: string;
}

/** A create whose spec has these fields beside the usual ones. */
const creation = (fields: Record<string, unknown>, name = 'game-9') => {
  const body = createBody(name);
  return { path: 'ACICreate', body: { ...body, containerGroup: { ...body.containerGroup, ...fields } } };
};
const withName = (containerGroupName: string) => ({ path: 'ACIDelete', body: { ...idOf(''), containerGroupName } });
const raw = (body: string) => ({ path: 'ACISetSessions', body });
const refused = { status: 400, code: 'invalidRequest' };
const forbidden = { status: 403, code: 'notAllowed' };
const image = (name: string) => ({
  containers: [{ name: 'server', image: name, resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
});

/** Every one of these was an error, let something through, or is what attackers try first. */
const corpus: Case[] = [
  // Found by review and by fuzzing
  {
    says: 'a continuation token that no header can hold was a 500',
    path: 'ACIList?continuationToken=%E2%80%91',
    ...refused,
  },
  {
    says: 'a continuation token that wraps a page which no header can hold would be a 500',
    path: `ACIList?continuationToken=${Buffer.from('{"version":1,"state":"Running","page":"a\\r\\nb"}').toString('base64url')}`,
    ...refused,
  },
  { says: 'a continuation token with a line break was a 500', path: 'ACIList?continuationToken=a%0D%0Ab', ...refused },
  {
    says: "a container's name led to another resource of ARM",
    path: 'ACIDetails?resourceGroup=games&containerGroupName=game-1&type=logs&containerName=..',
    ...refused,
  },
  {
    says: 'protected settings were a 500',
    ...creation({ extensions: [{ name: 'e', extensionType: 'x', protectedSettings: { a: 'b' } }] }, 'game-2'),
    status: 202,
  },
  { says: 'a key in the query was an unknown field', path: 'ACIList?code=key&clientId=default', status: 200 },
  { says: 'a second key in the query was one, too', path: 'ACIList?code=one&code=two&CODE=three', status: 200 },
  {
    says: 'an identity hid behind a type that says none',
    ...creation({ identity: { type: 'None', userAssignedIdentities: { '/x': {} } } }),
    ...forbidden,
  },
  {
    says: 'an identity hid in the encryption',
    ...creation({ encryptionProperties: { vaultBaseUrl: 'x', keyName: 'x', keyVersion: 'x', identity: '/x' } }),
    ...forbidden,
  },
  {
    says: "an identity hid in a registry's credentials",
    ...creation({ imageRegistryCredentials: [{ server: 's', identityUrl: 'x' }] }),
    ...forbidden,
  },
  { says: 'a Kelvin sign was a k', ...creation(image('doc\u212Aer.io/evil')), ...forbidden },
  { says: 'a registry stood before the allowed one', ...creation(image('evil.example/docker.io/game')), ...forbidden },
  { says: 'a registry stood in a user name', ...creation(image('docker.io@evil.example/game')), ...forbidden },

  // Names that reach for another group's orchestration or entity
  ...[
    '..',
    '../game-1',
    '.',
    '@containergroup@games:game-1',
    'games:game-1',
    'provision:games:game-1',
    'game-1/x',
    'game-1%2fx',
  ].map((name) => ({ says: `the name ${name}`, ...withName(name), ...refused })),
  ...['game\u20111', 'g\u0430me-1', '\uFF47ame-1', 'game-1\u0000', 'game-1\n', ' game-1', 'GAME-1', '\u{1F3AE}'].map(
    (name) => ({ says: `the name ${JSON.stringify(name)}`, ...withName(name), ...refused }),
  ),
  { says: 'a name of 4 KiB', ...withName('a'.repeat(4096)), ...refused },
  {
    says: 'a resource group of another alphabet',
    path: 'ACIDelete',
    body: { resourceGroup: 'g\u0430mes', containerGroupName: 'game-1' },
    status: 400,
    code: 'resourceGroupNotAscii',
  },
  ...[
    'provision:games:..',
    'collect-garbage',
    '@containergroup@games:game-1',
    'provision:GAMES:game-1',
    'provision:games:game-1:x',
    'x'.repeat(200),
    '__proto__',
  ].map((id) => ({
    says: `the operation ${id.slice(0, 40)}`,
    path: `ACIOperation?id=${encodeURIComponent(id)}`,
    status: 404,
    code: 'unknownOperation',
  })),
  { says: 'an operation without an id', path: 'ACIOperation', ...refused },
  ...['..%2fgame-1', '%2e%2e', '@', '%00', '%zz', 'a'.repeat(4096)].map((name) => ({
    says: `a report of ${name.slice(0, 20)}`,
    path: `ACIReport/games/${name}?sig=x`,
    body: { activeSessions: 1 },
    status: name === '%2e%2e' ? 404 : 401,
  })),

  // Documents
  { says: 'a document of ten thousand levels', ...raw(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), ...refused },
  { says: 'a document that does not end', ...raw('{"a":'.repeat(20_000)), status: 400, code: 'bodyNotJson' },
  { says: 'a prototype', ...raw('{"__proto__":{"isAdmin":true}}'), ...refused },
  { says: 'a constructor', ...raw('[{"constructor":{"prototype":{"isAdmin":true}}}]'), ...refused },
  {
    says: 'a number beyond all numbers',
    ...raw('{"resourceGroup":"games","containerGroupName":"game-1","activeSessions":1e999}'),
    ...refused,
  },
  {
    says: 'a number that is none',
    path: 'ACIDetails',
    body: { ...idOf('game-1'), tail: { valueOf: 1, toString: 1 } },
    ...refused,
  },
  {
    says: 'half a character',
    ...raw(String.raw`{"resourceGroup":"games","containerGroupName":"\ud800","activeSessions":1}`),
    ...refused,
  },
  { says: 'nothing', ...raw(' '), status: 400, code: 'bodyMissing' },
  {
    says: 'a body that is too large',
    ...raw(JSON.stringify(['x'.repeat(1_100_000)])),
    status: 413,
    code: 'bodyTooLarge',
  },
  { says: 'a text that is too long', ...raw(JSON.stringify(['x'.repeat(300_000)])), ...refused },
  { says: 'a name that is too long', ...raw(JSON.stringify({ ['x'.repeat(2_000)]: 1 })), ...refused },
  {
    says: 'a list that is too long',
    path: 'ACISetSessions',
    body: Array.from({ length: 1_001 }, () => ({})),
    ...refused,
  },
  {
    says: 'a key of the platform for what it knows nothing of',
    path: 'ACISetState',
    body: { ...idOf('game-1'), state: 'Failed', __proto: 1 },
    ...refused,
  },
  {
    says: 'a header that is no key',
    path: 'ACISetState',
    body: { ...idOf('game-1'), state: 'Failed' },
    headers: { 'idempotency-key': 'x'.repeat(200) },
    ...refused,
  },
  { says: 'a prototype in a query', path: 'ACIList?__proto__=1&constructor=2', ...refused },
];

describe('a request that went wrong once', () => {
  test.each(corpus)('$says: $status $code', async ({ status, code, ...asked }) => {
    const before = await groupOf(stack, 'game-1');
    const answer = await send(asked);
    expect(answer.status, answer.text.slice(0, 500)).toBe(status);
    if (code !== undefined) {
      expect(answer.body).toMatchObject({ code, status });
    }
    await stack.settle();
    expect(await groupOf(stack, 'game-1')).toEqual(before);
    expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** As it is: `fetch` would tidy up paths. */
function send({ path, method, body, headers = {} }: Omit<Case, 'status' | 'code'>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(stack.origin);
    const options = { hostname, port, path: `/api/${path}`, method: method ?? (body === undefined ? 'GET' : 'POST') };
    const sent = httpRequest(
      { ...options, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const parsed = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: new Headers(), text, body: parsed });
        });
      },
    );
    sent.on('error', reject);
    sent.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}
