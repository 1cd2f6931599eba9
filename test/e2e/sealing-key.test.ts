import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBody } from './game.ts';
import { until } from './process-tree.ts';
import { startStack } from './started-stack.ts';

test('a sealing key that is not the one of earlier starts shows right after the start', async () => {
  await using stack = await startStack(['--profile', 'instant']);
  await stack.api('ACICreate?wait=30', { body: createBody('game-1') });
  expect(await stack.api('health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  await stack.tree().signal('SIGINT');

  await writeFile(join(stack.dataDirectory, 'sealing.key'), `local-1:${randomBytes(32).toString('base64')}\n`);
  await stack.start();
  await until(async () => ((await stack.api('health')).status === 503 ? true : undefined));
  await expect
    .poll(() => stack.tree().output())
    .toContain("ACI_SEALING_KEYS is wrong. A secret sealed with the key 'local-1' can't be opened");
});
