import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCurl, type CurlCall } from '../unit/docs/curl.ts';
import { codeBlocks, readPage } from '../unit/docs/markdown.ts';
import type { Answer } from './http-calls.ts';
import { createBody, untilSessions } from './game.ts';
import { type StartedStack, startStack } from './started-stack.ts';

const ORIGIN = 'http://127.0.0.1:7071';

let stack: StartedStack;
beforeAll(async () => {
  stack = await startStack(['--profile', 'fast']);
});
afterAll(() => stack[Symbol.asyncDispose]());

test('the curl lines of the README walk one group through its life', async () => {
  const answers: Answer[] = [];
  for (const line of codeBlocks(readPage('README.md'), 'bash').flatMap(readCurl)) {
    answers.push(await send(line, stack.origin()));
    // Nobody types the next line before the entity has the report.
    const sessions = /"activeSessions":(\d+)/.exec(line.bodies.join(''))?.[1];
    if (sessions !== undefined) {
      await untilSessions(stack, 'game-1', Number(sessions));
    }
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

test('the shell lines about the ARM emulator list its groups, and report as a container does', async () => {
  await stack.api('ACICreate?wait=60', { body: createBody('game-1') });
  const lines = codeBlocks(readPage('docs/arm-emulator.md'), 'bash').join('echo\n');
  const script = lines.replace('. .local/', `. ${stack.dataDirectory}/`);
  const { stdout } = await promisify(execFile)('sh', ['-euc', script]);
  const [groups, report, shown] = stdout
    .trim()
    .replaceAll('}{', '}\n{')
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(groups).toMatchObject({ value: [{ name: 'game-1' }] });
  expect(report).toMatchObject({ results: [{ containerGroupName: 'game-1', status: 'accepted' }], state: 'Running' });
  expect(shown).toMatchObject({ containerGroupName: 'game-1', state: 'Running' });
  await untilSessions(stack, 'game-1', 3);
  expect(stack.tree().output()).toContain(`${stack.dataDirectory}/azure.env`);
});

test('the shell lines about faults set them, add one, show them, and end them', async () => {
  const [lines = ''] = codeBlocks(readPage('docs/faults.md'), 'bash');
  const script = lines.replace('. .local/', `. ${stack.dataDirectory}/`);
  const { stdout } = await promisify(execFile)('sh', ['-euc', script]);
  const answers = stdout
    .replaceAll('}{', '}\n{')
    .split('\n')
    .map((line) => JSON.parse(line));
  const both = [{ kind: 'slowArm' }, { kind: 'silentRestarts', state: 'on' }];
  expect(answers).toMatchObject([
    { events: { drop: 1 }, incidents: [{ kind: 'slowArm', state: 'on' }] },
    { incidents: both },
    { events: { drop: 1 }, incidents: both },
    { events: { drop: 0 }, incidents: [] },
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
