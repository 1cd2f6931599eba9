import { expect, test } from 'vitest';
import { readCurl, type CurlCall } from '../unit/docs/curl.ts';
import { codeBlocks, readPage } from '../unit/docs/markdown.ts';
import type { Answer } from './http-calls.ts';
import { startStack } from './started-stack.ts';

const ORIGIN = 'http://127.0.0.1:7071';

test('the curl lines of the README walk one group through its life', async () => {
  await using stack = await startStack(['--profile', 'fast']);
  const answers: Answer[] = [];
  for (const line of codeBlocks(readPage('README.md'), 'bash').flatMap(readCurl)) {
    answers.push(await send(line, stack.origin()));
  }
  const group = { containerGroupName: 'game-1' };
  expect(answers).toMatchObject([
    { status: 200, body: { ...group, state: 'Running', publicIP: '127.0.0.1' } },
    { status: 200, body: [{ ...group, state: 'Running', ports: [{ port: 25_565, protocol: 'TCP' }] }] },
    { status: 200, body: { results: [{ ...group, status: 'accepted', state: 'Running' }] } },
    { status: 200, body: { ...group, state: 'MarkedForDeletion', activeSessions: 3 } },
    { status: 200, body: { collectedCount: 0, keptCount: 1 } },
    { status: 200, body: { results: [{ ...group, status: 'accepted', state: 'MarkedForDeletion' }] } },
    { status: 200, body: { collectedCount: 1, collected: [group] } },
    { status: 404, body: { code: 'unknownGroup' } },
  ]);
});

/** What curl would send: with `-d` a POST, which it says holds a form. */
async function send({ command, urls, bodies }: CurlCall, origin: string): Promise<Answer> {
  const [url = ''] = urls;
  const [body] = bodies;
  expect(url).toContain(ORIGIN);
  const response = await fetch(url.replace(ORIGIN, origin), {
    method: /-X (\w+)/.exec(command)?.[1] ?? (body === undefined ? 'GET' : 'POST'),
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  });
  return { status: response.status, body: await response.json() };
}
