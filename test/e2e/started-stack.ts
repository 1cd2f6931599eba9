import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { issueToken } from '../../local/arm/access-token.ts';
import { loadIdentitySecrets } from '../../local/arm/identity-secrets.ts';

/** `npm start` without npm: the process tree that a user has, over real sockets. */
export interface StartedStack extends AsyncDisposable {
  dataDirectory: string;
  /** What the tree has printed since it was started last. */
  output(): string;
  /** Calls any address of the host. */
  get(url: string): Promise<Answer>;
  api(path: string, init?: { method?: string; body?: unknown }): Promise<Answer>;
  /** The status with which ARM answers a GET of the group; asked past the app. */
  armStatus(containerGroupName: string): Promise<number>;
  /** How many creations and deletions of container groups ARM has taken so far. */
  armWrites(): { created: number; deleted: number };
  /** Ends every process of the tree with SIGKILL, all at once. */
  killAll(): Promise<void>;
  /** Starts the tree again on the data that the one before it left. */
  start(): Promise<void>;
  /** The pids of the tree, the first process first. */
  pids(): number[];
  /** Sends a signal to the first process alone; resolves with its exit code, null when a signal ended it. */
  signal(name: NodeJS.Signals): Promise<number | null>;
}

export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests compare answers of every shape with expected ones
  body: any;
}

const ROOT = join(import.meta.dirname, '../..');
const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';

/** A start takes a second or two; a machine that runs other tests is slower. */
const READY_WITHIN_MS = 60_000;

/** Starts the tree with these options, on free ports and with a data directory of its own. */
export async function startStack(
  options: string[] = [],
  environment: Record<string, string> = {},
): Promise<StartedStack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'durable-aci-e2e-'));
  let running = await start();

  async function start() {
    const child = spawnStart(['--data-dir', dataDirectory, '--port', '0', '--arm-port', '0', ...options], environment);
    const printed = collectOutput(child);
    const origin = await until(() => {
      if (child.exitCode !== null) {
        throw new Error(`It ended with exit code ${child.exitCode}:\n${printed.text}`);
      }
      return /^ready (\S+)$/m.exec(printed.text)?.[1];
    });
    const armPort = /https:\/\/127\.0\.0\.1:(\d+)/.exec(printed.text)?.[1];
    return { child, printed, origin, armPort: Number(armPort) };
  }

  const pids = (): number[] => treeOf(running.child.pid);
  const killAll = async (): Promise<void> => {
    const ended =
      running.child.exitCode === null && running.child.signalCode === null ? once(running.child, 'exit') : undefined;
    const tree = pids();
    for (const pid of tree) {
      killIfThere(pid);
    }
    await ended;
    await until(() => tree.every((pid) => !isAlive(pid)) || undefined);
  };

  return {
    dataDirectory,
    output: () => running.printed.text,
    get: (url) => call(url),
    api: (path, init) => call(`${running.origin}/api/${path}`, init),
    async armStatus(containerGroupName) {
      const { signingKey } = await loadIdentitySecrets(dataDirectory);
      const { token } = issueToken('https://management.azure.com/', Date.now(), signingKey);
      const path = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/games/providers/Microsoft.ContainerInstance/containerGroups/${containerGroupName}?api-version=2023-05-01`;
      const asked = request({
        host: '127.0.0.1',
        port: running.armPort,
        path,
        agent: false,
        ca: readFileSync(join(dataDirectory, 'tls/ca.pem')),
        headers: { authorization: `Bearer ${token}` },
      }).end();
      const [response] = await once(asked, 'response');
      response.resume();
      return response.statusCode;
    },
    armWrites() {
      using database = new DatabaseSync(join(dataDirectory, 'arm.sqlite'), { readOnly: true });
      const count = database.prepare('SELECT count(*) AS count FROM writes WHERE kind = ?');
      const of = (kind: string): number => Number(count.get(kind)?.['count']);
      return { created: of('ContainerGroupCreation'), deleted: of('ContainerGroupDeletion') };
    },
    killAll,
    start: async () => {
      running = await start();
    },
    pids,
    async signal(name) {
      const ended = once(running.child, 'exit');
      running.child.kill(name);
      const [code] = await ended;
      return code;
    },
    async [Symbol.asyncDispose]() {
      await killAll();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function call(url: string, init: { method?: string; body?: unknown } = {}): Promise<Answer> {
  const { body, method = body === undefined ? 'GET' : 'POST' } = init;
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Starts the command line; the caller sees to its end. */
export function spawnStart(options: string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['local/start.ts', ...options], {
    cwd: ROOT,
    env: { ...process.env, ACI_POLL_INTERVAL: 'PT1S', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Everything that a process prints, as it comes. */
export function collectOutput(child: ChildProcess): { text: string } {
  const printed = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      printed.text += chunk;
    });
  }
  return printed;
}

/** Asks until there is an answer; fails after a time in which anything here has happened. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs = READY_WITHIN_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > deadline) {
      throw new Error(`It did not happen within ${withinMs} ms: ${ask.toString()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

/** Whether a process is there and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killIfThere(pid: number): void {
  if (isAlive(pid)) {
    process.kill(pid, 'SIGKILL');
  }
}

/** A process and all below it, by the table that `ps` shows on Linux and macOS. */
function treeOf(root: number | undefined): number[] {
  if (root === undefined) {
    return [];
  }
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    table.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid, ...below(pid)] : []));
  return [root, ...below(root)];
}
