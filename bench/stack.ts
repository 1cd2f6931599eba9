import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** The local stack as a user has it: processes of their own, on free ports, with a data directory of their own. */
export interface Stack extends AsyncDisposable {
  /** Of the first process. */
  pid: number;
  /** From the start of the command to its line `ready`. */
  readyMs: number;
  /** The address of a function. */
  url(path: string): string;
  /** The body of a function's answer; rejects unless that is a success. */
  call(path: string, body?: object): Promise<{ body: unknown; headers: Headers }>;
  /** What the durable functions have cost since the start. */
  costs(): Promise<unknown>;
}

/** What a stack is started with. */
export interface StackOptions {
  /** Default: `node local/start.ts`; `npm` starts it with npm in front. */
  command?: 'node' | 'npm';
  /** Default: one of its own, which goes when the stack does. */
  dataDirectory?: string;
  profile?: 'realistic' | 'instant';
  environment?: Record<string, string>;
}

const ROOT = join(import.meta.dirname, '..');

/** Starts a stack, without the quotas that Azure would put in the way; resolves when it says that it is ready. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { command = 'node', profile = 'instant', environment = {} } = options;
  const own = options.dataDirectory === undefined ? await mkdtemp(join(tmpdir(), 'durable-aci-bench-')) : undefined;
  const dataDirectory = options.dataDirectory ?? own ?? '';
  const flags = [
    '--profile',
    profile,
    '--faults',
    'no-quotas',
    '--port',
    '0',
    '--arm-port',
    '0',
    '--data-dir',
    dataDirectory,
  ];
  const [file, args] =
    command === 'npm' ? ['npm', ['start', '--', ...flags]] : [process.execPath, ['local/start.ts', ...flags]];
  const startedMs = performance.now();
  const child = spawn(file, args, {
    cwd: ROOT,
    // Azure's limit, which the quotas are, too.
    env: { ...process.env, ACI_DELETIONS_PER_FIVE_MINUTES: '100000', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const origin = await whenReady(child);
  const readyMs = performance.now() - startedMs;
  const url = (path: string): string => `${origin}/api/${path}`;
  return {
    pid: child.pid ?? Number.NaN,
    readyMs,
    url,
    call: (path, body) => call(url(path), body),
    costs: async () => (await call(`${origin}/admin/local/durable-costs`)).body,
    async [Symbol.asyncDispose]() {
      // Its output closes when the last process of the tree has ended, which can be after npm has.
      const ended = once(child, 'close');
      // npm leaves SIGINT to the terminal, which sends it to the whole group.
      child.kill('SIGTERM');
      await ended;
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

async function whenReady(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`The local stack ended with exit code ${code}:\n${text}`)));
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    // What follows is the log, which is read so that the stack need not wait, and not kept.
    if (text.includes('\nready ')) return;
    text += chunk;
    const origin = /^ready (\S+)$/m.exec(text)?.[1];
    if (origin !== undefined) resolve(origin);
  });
  return promise;
}

async function call(url: string, body?: object): Promise<{ body: unknown; headers: Headers }> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return { body: JSON.parse(text), headers: response.headers };
}

const groupsSchema = z.array(z.object({ containerGroupName: z.string(), activeSessions: z.number() }));
/** What a list tells of a group, as far as it is looked at here. */
export type ListedGroup = z.infer<typeof groupsSchema>[number];

/** Every group of a state, page by page. */
export async function listGroups(stack: Stack, state = 'Running'): Promise<ListedGroup[]> {
  const groups: ListedGroup[] = [];
  let token: string | null = '';
  while (token !== null) {
    const next: string = token === '' ? '' : `&continuationToken=${encodeURIComponent(token)}`;
    const { body, headers } = await stack.call(`ACIList?limit=200&state=${state}${next}`);
    groups.push(...groupsSchema.parse(body));
    token = headers.get('x-continuation-token');
  }
  return groups;
}

/** Looks again and again until it is so; `pauseMs` keeps the looking from being what is measured. */
export async function waitFor(what: string, pauseMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`It took longer than ${WAIT_MS} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Anything measured here takes seconds. */
const WAIT_MS = 120_000;
