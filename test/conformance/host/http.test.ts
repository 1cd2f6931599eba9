import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appDirectoryOf, type HostProcess, readJson, startHostProcess } from './process.ts';

let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess(appDirectoryOf('http'), {
    environment: { 'AzureWebJobs.switchedOff.Disabled': 'true' },
    processEnvironment: { FIXTURE_SETTING: 'from the process' },
  });
});
afterAll(() => host.stop());

function ask(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${host.origin}${path}`, init);
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe('what a handler returns', () => {
  test.each([
    { path: 'nothing', status: 204, contentType: null, body: '' },
    { path: 'empty', status: 200, contentType: null, body: '' },
    { path: 'json', status: 201, contentType: 'application/json', body: '{"answer":42}' },
    { path: 'text', status: 200, contentType: 'text/plain;charset=UTF-8', body: 'grüße' },
    { path: 'noContent', status: 204, contentType: null, body: '' },
    { path: 'wrapped', status: 202, contentType: 'text/plain;charset=UTF-8', body: 'wrapped' },
    { path: 'throws', status: 500, contentType: null, body: '' },
    { path: 'notAnObject', status: 500, contentType: null, body: '' },
  ])('$path becomes $status', async ({ path, status, contentType, body }) => {
    const response = await ask(`/api/${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(await response.text()).toBe(body);
  });

  test('headers and bytes arrive as they were given', async () => {
    expect((await ask('/api/json')).headers.get('x-a')).toBe('b');
    expect(new Uint8Array(await (await ask('/api/bytes')).arrayBuffer())).toEqual(new Uint8Array([0, 255, 10]));
  });

  test('cookies become one header each, as ASP.NET writes them', async () => {
    expect((await ask('/api/cookies')).headers.getSetCookie()).toEqual([
      'first=a%20b; max-age=60; path=/; samesite=lax; httponly',
      'second=2; expires=Tue, 01 Jan 2030 00:00:00 GMT; path=/x; secure; samesite=none',
      'third=3; path=/',
    ]);
  });

  test('an error is logged with the name and the id of the invocation, and told to nobody', async () => {
    await ask('/api/throws');
    await printed().toMatch(
      /error throws Executed 'Functions\.throws' \(Failed, Id=[\da-f-]{36}, Duration=\d+ms\)\nError: thrown by the handler/,
    );
  });
});

describe('what a handler gets', () => {
  test('method, URL, route values, query, headers and body', async () => {
    const response = await ask('/api/echo/5/a%20b/c%2fd?x=1&x=2&y=', {
      method: 'POST',
      body: 'sent',
      headers: { 'x-sent': 'header' },
    });
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `${host.origin}/api/echo/5/a%20b/c%2fd?x=1&x=2&y=`,
      params: { id: '5', rest: 'a b/c%2fd' },
      query: { x: '1,2', y: '' },
      header: 'header',
      body: 'sent',
      functionName: 'echo',
      triggerMetadata: null,
      traceParent: matching(/^00-[\da-f]{32}-[\da-f]{16}-00$/),
    });
  });

  test('no body when it comes in chunks (row 9; azure-functions-host issue 4926)', async () => {
    const chunked = { method: 'POST', body: new Blob(['sent']).stream(), duplex: 'half' } as const;
    expect(await (await ask('/api/echo/1', chunked)).json()).toMatchObject({ body: '' });
    expect(await (await ask('/api/echo/1', { method: 'POST', body: 'sent' })).json()).toMatchObject({ body: 'sent' });
  });

  test('the trace of the caller goes on', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(await (await ask('/api/echo/1', { headers: { traceparent } })).json()).toMatchObject({
      traceParent: traceparent,
    });
  });

  test('names that objects have by themselves are names like others', async () => {
    const echoed = await readJson(ask('/api/echo/1?__proto__=1&constructor=2'), z.object({ query: z.unknown() }));
    expect(echoed.query).toEqual(JSON.parse('{"constructor":"2"}'));
  });

  test('a catch-all that matches nothing is absent', async () => {
    expect(await (await ask('/api/echo/7/')).json()).toMatchObject({ params: { id: '7' } });
  });

  test('its own place in the environment, and the settings of the process', async () => {
    expect(await (await ask('/api/environment')).json()).toEqual({
      hostname: new URL(host.origin).host,
      workingDirectory: appDirectoryOf('http'),
      worker: 'node',
      setting: 'from the process',
    });
  });

  test('what it logs is printed with its name', async () => {
    await ask('/api/echo/1');
    await printed().toMatch(/info {2}echo a line of the app\n/);
  });
});

describe('which function answers', () => {
  test.each([
    { description: 'a wrong method', path: '/api/json', method: 'DELETE', status: 404 },
    { description: 'an unknown path', path: '/api/missing', method: 'GET', status: 404 },
    { description: 'a route value that breaks its constraint', path: '/api/echo/abc', method: 'GET', status: 404 },
    { description: 'a function that is turned off', path: '/api/switchedOff', method: 'GET', status: 404 },
    { description: 'a path without the prefix', path: '/json', method: 'GET', status: 404 },
    { description: 'a path of another letter case', path: '/API/JSON', method: 'GET', status: 201 },
    { description: 'HEAD where it is listed', path: '/api/echo/1', method: 'HEAD', status: 200 },
    { description: 'HEAD where it is not', path: '/api/json', method: 'HEAD', status: 404 },
    { description: 'two slashes in front', path: '//evil.example/api/json', method: 'GET', status: 404 },
    { description: 'the home page', path: '/', method: 'GET', status: 200 },
  ])('$description: $status', async ({ path, method, status }) => {
    expect((await ask(path, { method })).status).toBe(status);
  });

  test.each(['a b', '127.0.0.1/api/json?', 'user@127.0.0.1'])(
    'a host header of "%s" does not move the request',
    async (name) => {
      expect(await sendRaw(`GET /api/missing HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 400 /,
      );
    },
  );

  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1:7071', '[::1]:7071'])(
    'a host header of "%s" is one of this machine',
    async (name) => {
      expect(await sendRaw(`GET /api/json HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 201 /,
      );
    },
  );

  test.each([
    { line: 'GET /api/json', name: 'games.example' },
    { line: 'GET /api/json', name: '127.0.0.1.games.example:7071' },
    { line: 'GET /api/json', name: '192.168.0.7' },
    { line: 'GET /admin/host/status', name: 'games.example' },
    { line: 'GET http://games.example/api/json', name: 'localhost' },
  ])('$line for the host "$name" is misdirected while no key is asked for', async ({ line, name }) => {
    const answer = await sendRaw(`${line} HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).toContain('Without keys this host answers to the names of its own machine only');
  });

  test.each([
    { origin: 'https://games.example', status: 403 },
    { origin: 'http://localhost.games.example', status: 403 },
    { origin: 'null', status: 403 },
    { origin: 'http://localhost:3000', status: 201 },
    { origin: 'http://127.0.0.1:8080', status: 201 },
  ])(
    'a request of a page of $origin is answered with $status while no key is asked for',
    async ({ origin, status }) => {
      const request = `GET /api/json HTTP/1.1\r\nhost: localhost\r\norigin: ${origin}\r\nconnection: close\r\n\r\n`;
      expect(await sendRaw(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    },
  );

  test('the first name in order wins, not the better route', async () => {
    expect(await (await ask('/api/order/exact')).text()).toBe('a_first');
  });

  test('the second function of a route is in error and says so, the first one works', async () => {
    expect(await (await ask('/api/same')).text()).toBe('duplicate1');
    await printed().toContain(
      `The function 'duplicate2' is in error: The route "api/SAME" is already used by function 'duplicate1'.`,
    );
  });
});

test('no target of a request breaks the host', async () => {
  const piece = fc.constantFrom(
    '/',
    '/api',
    '/admin',
    '/runtime/webhooks',
    '..',
    '%2e%2e',
    '%',
    '%zz',
    '%00',
    '?',
    '#',
    '&',
    '{id}',
    '//',
    ':80',
    '\\',
    'echo',
    'é',
    '*',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 8 }), async (pieces) => {
      const answer = await sendRaw(
        `GET /${pieces.join('').replaceAll(/[\r\n ]/g, '')} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (20\d|400|404) /);
    }),
    { numRuns: 300 },
  );
});

/** Sends bytes that no client would; resolves with the whole answer. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(new URL(host.origin).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

describe('limits', () => {
  test('a body above 100 MB is refused by its announced length', async () => {
    const response = await ask('/api/echo/1', { method: 'POST', body: new Uint8Array(100 * 1024 * 1024 + 1) }).catch(
      () => undefined,
    );
    // The connection is cut while the client still sends; some clients see that before the answer.
    if (response) expect(response.status).toBe(413);
    expect((await ask('/api/empty')).status).toBe(200);
  });

  test('a body of 5 MiB passes', async () => {
    const body = 'x'.repeat(5 * 1024 * 1024);
    const echoed = await readJson(ask('/api/echo/1', { method: 'POST', body }), z.object({ body: z.string() }));
    expect(echoed.body.length).toBe(body.length);
  });
});

describe('the admin API', () => {
  test('the status says that the host runs', async () => {
    expect(await (await ask('/admin/host/status')).json()).toMatchObject({
      state: 'Running',
      version: matching(/^4\./),
    });
    expect((await ask('/admin/host/ping', { method: 'POST' })).status).toBe(200);
  });

  test('functions are listed with their URL and whether they are turned off', async () => {
    const functions = await readJson(ask('/admin/functions'), z.array(z.unknown()));
    expect(functions).toContainEqual(
      expect.objectContaining({
        name: 'echo',
        invoke_url_template: `${host.origin}/api/echo/{id:int}/{*rest}`,
        isDisabled: false,
      }),
    );
    expect(functions).toContainEqual(expect.objectContaining({ name: 'switchedOff', isDisabled: true }));
    expect(await (await ask('/admin/functions/duplicate2/status')).json()).toEqual({
      errors: [expect.stringContaining('already used')],
    });
  });

  test('an HTTP function is not run there, an unknown one is not found', async () => {
    expect((await ask('/admin/functions/echo', { method: 'POST', body: '{}' })).status).toBe(400);
    expect((await ask('/admin/functions/unknown', { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

/** What the host prints comes through a pipe, and may come after its answer. */
function printed() {
  return expect.poll(() => host.output());
}
