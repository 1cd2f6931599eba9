import { randomBytes } from 'node:crypto';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

/** The settings that the app can't start without; nothing here calls Azure. */
const SETTINGS = {
  WEBSITE_HOSTNAME: 'localhost',
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `check:${randomBytes(32).toString('base64')}`,
};

/** Without what azd hands to its hooks, where its outputs (`ACI_BASE_URL`) and parameters are named as settings of the app would be. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ACI|AZURE)_/.test(name)));

/** How long the host may take: it serves within two seconds, and a busy machine is slower. */
const READY_WITHIN_MS = 60_000;

/** An odd number, so that one of them is the median. */
const LOADS = 3;

/**
 * Unpacks an archive into a folder far from this one, loads the app in it, and runs it on the local host until it answers that it
 * is well and has swept once, which takes an orchestration, an activity and a query of entities. Returns how long loading the app
 * took in a fresh process, the median of three, and the host until it served. Throws when the app does not load, or does not
 * answer.
 */
export async function runPackage(archive: string): Promise<{ loadMs: number; readyMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'durable-aci-'));
  try {
    const app = join(folder, 'app');
    for (const [path, content] of Object.entries(unzipSync(readFileSync(archive)))) {
      mkdirSync(dirname(join(app, path)), { recursive: true });
      writeFileSync(join(app, path), content);
    }
    return { loadMs: medianLoadMs(app), readyMs: await serveOnce(app, join(folder, 'data')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function medianLoadMs(app: string): number {
  const loadsMs = Array.from({ length: LOADS }, () => loadOnce(app)).toSorted((a, b) => a - b);
  return loadsMs[(LOADS - 1) / 2] ?? Number.NaN;
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
    env: { ...environment, ...SETTINGS },
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
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(host, 'exit');
  const tooLate = setTimeout(() => host.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    const origin = await originOf(host);
    const readyMs = Math.round(performance.now() - began);
    await expectOk(`${origin}/api/health`);
    await expectOk(`${origin}/api/ACIGC`, { method: 'POST' });
    return readyMs;
  } finally {
    clearTimeout(tooLate);
    host.kill();
    await ended;
  }
}

async function expectOk(url: string, request?: RequestInit): Promise<void> {
  const { status } = await fetch(url, request);
  if (status !== 200) throw new Error(`The package runs, but ${url} answered ${status}.`);
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
