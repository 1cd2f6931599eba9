import { randomBytes } from 'node:crypto';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzip } from './zip.ts';

/** The settings that the app can't start without; nothing here calls Azure. */
const SETTINGS = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `check:${randomBytes(32).toString('base64')}`,
};

/** How long the host may take: it serves within two seconds, and a busy machine is slower. */
const READY_WITHIN_MS = 60_000;

/**
 * Unpacks an archive into a folder far from this one, loads the app in it, and runs it on the local host until it answers that it
 * is well. Returns how long loading the app took in a process of its own, the best of five, and the host until it served. Throws
 * when the app does not load, or does not answer.
 */
export async function runPackage(archive: string): Promise<{ loadMs: number; readyMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'durable-aci-'));
  try {
    const app = join(folder, 'app');
    for (const { path, content } of unzip(readFileSync(archive))) {
      mkdirSync(dirname(join(app, path)), { recursive: true });
      writeFileSync(join(app, path), content);
    }
    const loadMs = Math.min(...Array.from({ length: 5 }, () => loadOnce(app)));
    return { loadMs, readyMs: await serveOnce(app, join(folder, 'data')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without a worker around it, @azure/functions only says that it is in test mode, which is what the error stream is closed to. */
function loadOnce(app: string): number {
  const program = `
    const began = performance.now();
    await import('./dist/main.js');
    console.log(Math.round(performance.now() - began));
    process.exit(0);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: app,
    env: { ...process.env, ...SETTINGS },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(output.trim().split('\n').at(-1));
}

async function serveOnce(app: string, dataDirectory: string): Promise<number> {
  const began = performance.now();
  const options = { appDirectory: app, port: 0, dataDirectory, seed: 1, auth: 'off', environment: SETTINGS };
  const host = fork(fileURLToPath(new URL('../local/host/main.ts', import.meta.url)), [JSON.stringify(options)], {
    cwd: app,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(host, 'exit');
  const tooLate = setTimeout(() => host.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    const origin = await originOf(host);
    const readyMs = Math.round(performance.now() - began);
    const answer = await fetch(`${origin}/api/health`);
    if (!answer.ok) throw new Error(`The package runs, but /api/health answered ${answer.status}.`);
    return readyMs;
  } finally {
    clearTimeout(tooLate);
    host.kill();
    await ended;
  }
}

function originOf(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    host.once('message', (message) => {
      if (typeof message === 'object' && 'origin' in message) resolve(String(message.origin));
      else reject(new Error(`The package does not run on the local host: ${JSON.stringify(message)}`));
    });
    host.once('exit', (code, signal) => reject(new Error(`The local host ended with ${signal ?? String(code)}.`)));
  });
}
