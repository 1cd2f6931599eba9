import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, idOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
});

afterAll(async () => {
  await stack.stop();
});

test.each([
  { path: 'ACICreate', body: createBody('game-1') },
  { path: 'ACIDelete', body: idOf('game-1') },
])('the URLs that $path hands out are not below the host that its request names', async ({ path, body }) => {
  const answer = await sendTo('localhost:9', path, body);
  expect(answer).toContain(`"statusQueryGetUri":"${stack.origin}/`);
  expect(answer).not.toContain('localhost:9');
});

/** The answer's body, to a request with this `host` header. */
function sendTo(host: string, path: string, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = new URL(`/api/${path}`, stack.origin);
    const text = JSON.stringify(body);
    httpRequest(url, { method: 'POST', headers: { host, 'content-length': Buffer.byteLength(text) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    })
      .on('error', reject)
      .end(text);
  });
}
