import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBody } from './game.ts';
import { collectOutput, isAlive, spawnStart, startStack, until } from './started-stack.ts';

test('Ctrl-C stops it cleanly, and what was there is there at the next start', async () => {
  await using stack = await startStack(['--profile', 'instant']);
  await stack.api('ACICreate?wait=30', { body: createBody('game-1') });
  const pids = stack.pids();
  expect(await stack.signal('SIGINT')).toBe(0);
  await until(() => pids.every((pid) => !isAlive(pid)) || undefined);
  await stack.start();
  expect((await stack.api('ACIList')).body).toMatchObject([{ containerGroupName: 'game-1', state: 'Running' }]);
});

test('the child ends when its parent is killed', async () => {
  await using stack = await startStack();
  const [, ...children] = stack.pids();
  expect(children.length).toBeGreaterThan(0);
  await stack.signal('SIGKILL');
  await until(() => children.every((pid) => !isAlive(pid)) || undefined);
});

test('a bad setting is named, its value is not, and nothing is left running', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'durable-aci-e2e-'));
  const child = spawnStart(['--data-dir', directory, '--port', '0', '--arm-port', '0'], {
    ACI_SWEEP_INTERVAL: 'every-now-and-then',
    ACI_SWEEP_INTERVALL: 'PT1M',
  });
  const printed = collectOutput(child);
  const [code] = await once(child, 'close');
  await rm(directory, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(printed.text).toContain('ACI_SWEEP_INTERVAL: expected an ISO 8601 duration');
  expect(printed.text).toContain('ACI_SWEEP_INTERVALL: there is no such setting');
  expect(printed.text).not.toContain('every-now-and-then');
});

test('npm start brings it up, and it ends when npm is told to', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'durable-aci-e2e-'));
  const options = ['--data-dir', directory, '--port', '0', '--arm-port', '0'];
  const npm = spawn('npm', ['start', '--', ...options], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = collectOutput(npm);
  const origin = await until(() => /^ready (\S+)$/m.exec(printed.text)?.[1]);
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
  npm.kill('SIGTERM');
  await until(async () => {
    const isUp = await fetch(`${origin}/api/health`).then(
      () => true,
      () => false,
    );
    return isUp ? undefined : true;
  });
  await rm(directory, { recursive: true, force: true });
});
