import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = new URL('../../../../local/cli/parent-watch.ts', import.meta.url).href;

/** Prints its id, and ends with code 7 when its parent is gone. */
const WATCHER = `
  const { watchParent } = await import('${MODULE}');
  await watchParent(() => process.exit(7));
  setInterval(() => {}, 1000);
  console.log(process.pid);
`;

/** Starts the watcher behind another Node process, which stands for npm, with or without a shell between them. */
async function startBehind(
  shell: 'with a shell' | 'without a shell',
): Promise<{ npm: ChildProcess; watcherPid: number }> {
  const command = `'${process.execPath}' --input-type=module -e "$WATCHER"`;
  const start =
    shell === 'with a shell'
      ? `spawn('sh', ['-c', process.env.COMMAND + '; exit'], { stdio: 'inherit' })`
      : `spawn(process.execPath, ['--input-type=module', '-e', process.env.WATCHER], { stdio: 'inherit' })`;
  const npm = spawn(process.execPath, ['-e', `require('child_process').${start}; setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WATCHER, COMMAND: command, npm_lifecycle_event: 'start' },
  });
  const watcherPid = await new Promise<number>((resolve) => {
    npm.stdout.once('data', (chunk) => resolve(Number(String(chunk))));
  });
  return { npm, watcherPid };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(['with a shell', 'without a shell'] as const)(
  'a process ends soon after npm was killed with kill -9, %s in between',
  async (shell) => {
    const { npm, watcherPid } = await startBehind(shell);
    expect(isAlive(watcherPid)).toBe(true);
    npm.kill('SIGKILL');
    try {
      await expect.poll(() => isAlive(watcherPid)).toBe(false);
    } finally {
      if (isAlive(watcherPid)) process.kill(watcherPid, 'SIGKILL');
    }
  },
  15_000,
);
