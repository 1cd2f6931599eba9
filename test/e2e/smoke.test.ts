import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { spawnTree, until, type ProcessTree } from './process-tree.ts';
import { startStack, type StartedStack } from './started-stack.ts';

const keyFile = z.object({ functions: z.record(z.string(), z.record(z.string(), z.string())) });

let stack: StartedStack;

beforeAll(async () => {
  stack = await startStack(['--profile', 'fast', '--auth', 'on']);
});
afterAll(() => stack[Symbol.asyncDispose]());

/** A role's key on a function, as the local stack has made them. */
function keyOf(role: string, functionName: string): string {
  const { functions } = keyFile.parse(JSON.parse(readFileSync(join(stack.dataDirectory, 'keys.json'), 'utf8')));
  return functions[functionName.toLowerCase()]?.[role] ?? '';
}

function smoke(key: string, ...options: string[]): ProcessTree {
  return spawnTree(process.execPath, ['smoke/main.ts', stack.origin(), ...options], {
    environment: { SMOKE_KEY: key, SMOKE_TOKEN: '' },
  });
}

test('the smoke test lives a whole life against the local stack, finds it as recorded, and leaves nothing', async () => {
  const key = keyOf('operator', 'ACIDelete');
  await using run = smoke(key);
  const exitCode = await run.exitCode();
  await run.untilGone();
  // What differs is named: if the app has changed on purpose, `npm run smoke -- URL --record` takes it as expected.
  expect(run.output()).not.toMatch(/FAIL|differs from|LEFT BEHIND/);
  expect(run.output()).toMatch(/\n26 passed, 0 failed, 0 differ, in \d+ s: all is well\n$/);
  expect(exitCode).toBe(0);
  expect(run.output()).not.toContain(key);
  expect(run.output()).not.toMatch(/[?&](?:code|sig)=(?!\*)/);
  expect(await stack.armGroups()).toEqual([]);
});

test('Ctrl-C in the middle of it cleans up all the same', async () => {
  await using run = smoke(keyOf('operator', 'ACIDelete'));
  await until(() => /^ok .* a group is created and runs/m.test(run.output()) || undefined);
  expect(await stack.armGroups()).toHaveLength(1);
  expect(await run.signal('SIGINT')).toBe(1);
  await run.untilGone();
  expect(run.output()).toMatch(/ passed, 0 failed, \d+ not tried, interrupted, .*: NOT WELL\n$/);
  expect(await stack.armGroups()).toEqual([]);
});

test('the key of another role, and a wrong command line, are told', async () => {
  await using asMatchmaker = smoke(keyOf('matchmaker', 'ACIList'));
  expect(await asMatchmaker.exitCode()).toBe(1);
  await asMatchmaker.untilGone();
  expect(asMatchmaker.output()).toContain('POST ACISetState: expected 404, came 401 without a body.');
  await using wrong = smoke('', '--patience', 'long');
  expect(await wrong.exitCode()).toBe(2);
  await wrong.untilGone();
  expect(wrong.output()).toContain('Expected whole minutes from 1 to 360.');
});
