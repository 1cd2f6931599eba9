import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBody } from './game.ts';
import { spawnStart, spawnTree, until, untilReady } from './process-tree.ts';
import { startStack } from './started-stack.ts';

const FREE_PORTS = ['--port', '0', '--arm-port', '0'];

/** A data directory that goes with the test. */
function makeDataDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'durable-aci-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function spawnNpm(dataDirectory: string, isAtTerminal = false) {
  const args = ['start', '--', '--data-dir', dataDirectory, ...FREE_PORTS, '--profile', 'instant'];
  return spawnTree('npm', args, { isAtTerminal });
}

test('Ctrl-C stops it cleanly, what was there is there at the next start, and the parent says so and ends when its child is killed', async () => {
  await using stack = await startStack(['--profile', 'instant']);
  await stack.api('ACICreate?wait=30', { body: createBody('game-1') });
  const tree = stack.tree();
  expect(tree.pids().length).toBeGreaterThan(1);
  expect(await tree.signal('SIGINT')).toBe(0);
  await tree.untilGone();
  expect(tree.output()).toContain('stopping');
  chmodSync(stack.dataDirectory, 0o755);
  await stack.start();
  // Nothing that a run leaves there is a stranger's: the directory is its owner's alone again.
  expect(statSync(stack.dataDirectory).mode & 0o777).toBe(0o700);
  expect((await stack.api('ACIList')).body).toMatchObject([{ containerGroupName: 'game-1', state: 'Running' }]);

  const next = stack.tree();
  const host = next.pids().at(-1);
  expect(host).not.toBe(next.child.pid);
  process.kill(Number(host), 'SIGKILL');
  expect(await next.exitCode()).toBe(137);
  await next.untilGone();
  expect(next.output()).toContain('The Functions host ended with exit code 137; everything else stops too.');
});

test('Ctrl-C while it starts stops it cleanly too', async () => {
  await using data = makeDataDirectory();
  await using tree = spawnStart(['--data-dir', data.path, ...FREE_PORTS]);
  await until(() => tree.pids().length > 1 || undefined);
  expect(await tree.signal('SIGINT')).toBe(0);
  await tree.untilGone();
});

test('a bad setting is named, its value is not, and nothing is left running', async () => {
  await using data = makeDataDirectory();
  await using tree = spawnStart(['--data-dir', data.path, ...FREE_PORTS], {
    ACI_SWEEP_INTERVAL: 'every-now-and-then',
    ACI_SWEEP_INTERVALL: 'PT1M',
  });
  expect(await tree.exitCode()).toBe(1);
  await tree.untilGone();
  expect(tree.output()).toContain('ACI_SWEEP_INTERVAL: expected an ISO 8601 duration');
  expect(tree.output()).toContain('ACI_SWEEP_INTERVALL: there is no such setting');
  expect(tree.output()).not.toContain('every-now-and-then');
});

test('what another run holds or what is broken is named without a stack, the one that came second ends alone, and the child of the first ends when its parent is killed', async () => {
  await using stack = await startStack();
  await using data = makeDataDirectory();
  await using damaged = makeDataDirectory();
  writeFileSync(join(damaged.path, 'arm.sqlite'), 'this was a database once'.repeat(200));
  await using broken = makeDataDirectory();
  writeFileSync(join(broken.path, 'keys.json'), '{ "masterKey": ');
  const { port } = new URL(stack.origin());
  const rows = [
    { options: ['--data-dir', stack.dataDirectory, ...FREE_PORTS], expected: 'is in use by another run' },
    { options: ['--data-dir', data.path, '--arm-port', '0', '--port', port], expected: `Port ${port}` },
    {
      options: ['--data-dir', damaged.path, ...FREE_PORTS],
      expected: `${join(damaged.path, 'arm.sqlite')} is damaged`,
    },
    {
      options: ['--data-dir', broken.path, '--auth', 'on', ...FREE_PORTS],
      expected: `error: The key file ${join(broken.path, 'keys.json')} is broken.`,
    },
  ];
  for (const { options, expected } of rows) {
    await using second = spawnStart(options);
    expect(await second.exitCode()).toBe(1);
    await second.untilGone();
    expect(second.output()).toContain(expected);
    expect(second.output()).not.toMatch(/^ +at /m);
  }
  expect((await stack.api('health')).status).toBe(200);

  const tree = stack.tree();
  expect(tree.pids().length).toBeGreaterThan(1);
  expect(await tree.signal('SIGKILL')).toBeNull();
  await tree.untilGone();
});

test('npm start brings it up, and Ctrl-C at its terminal stops all of it cleanly', async () => {
  await using data = makeDataDirectory();
  await using npm = spawnNpm(data.path, true);
  const origin = await untilReady(npm);
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
  expect(npm.pids().length).toBeGreaterThan(2);
  // A terminal sends it to every process of the group that runs in it.
  process.kill(-Number(npm.child.pid), 'SIGINT');
  await npm.untilGone();
  expect(npm.output()).toContain('stopping');
  expect(npm.output()).not.toMatch(/error|npm ERR/i);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('%s to npm alone ends all of it', async (signal) => {
  await using data = makeDataDirectory();
  await using npm = spawnNpm(data.path);
  await untilReady(npm);
  expect(npm.pids().length).toBeGreaterThan(2);
  await npm.signal(signal);
  await npm.untilGone();
});
