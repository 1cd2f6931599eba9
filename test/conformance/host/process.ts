import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { PlatformName } from '../../../local/host/durable/platform/platform.ts';

/** A function host in a process of its own, as `npm start` runs it. */
export interface HostProcess extends AsyncDisposable {
  origin: string;
  dataDirectory: string;
  child: ChildProcess;
  /** What it has printed so far, without colours. */
  output(): string;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** How to run it; by default on any port, with an empty data directory. */
export interface HostProcessOptions {
  port?: number;
  auth?: 'off' | 'on';
  dataDirectory?: string;
  environment?: Record<string, string>;
  /** The lowest level of log lines that it prints; default: `information` of the app, `warning` of the host. */
  logLevel?: 'trace';
  /** Default 1. */
  seed?: number;
  /** Default `gentle`: what is tested of the host is not its durable backend. */
  platform?: PlatformName;
  visibilityTimeoutMs?: number;
  /** Of the process itself, not handed over as settings. */
  processEnvironment?: Record<string, string>;
}

/** Where a fixture app lies. */
export function appDirectoryOf(app: string): string {
  return join(import.meta.dirname, 'apps', app);
}

const temporaryDirectories: string[] = [];
process.on('exit', () => {
  for (const each of temporaryDirectories) rmSync(each, { recursive: true, force: true });
});

/** Makes an empty directory that disappears with the test process. */
export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'functions-host-'));
  temporaryDirectories.push(directory);
  return directory;
}

/** Starts the host on the app in `appDirectory`; rejects with its message when it can't start. */
export async function startHostProcess(appDirectory: string, options: HostProcessOptions = {}): Promise<HostProcess> {
  const dataDirectory = options.dataDirectory ?? makeTemporaryDirectory();
  const { child, output } = forkHost(appDirectory, { ...options, dataDirectory });
  const exited = once(child, 'exit');
  const message = await Promise.race([
    once(child, 'message').then(([first]) => messageSchema.parse(first)),
    exited.then(() => ({ type: 'failed' as const, message: `The host ended without a message: ${output()}` })),
  ]);
  if (message.type === 'failed') {
    await exited;
    throw new Error(message.message);
  }
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.send({ type: 'stop' });
      await exited;
    }
    return child.exitCode;
  };
  return {
    origin: message.origin,
    dataDirectory,
    child,
    output,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), origin: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

/** Reads the JSON body of an answer of the shape that the test counts on. */
export async function readJson<T>(answer: Response | Promise<Response>, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await (await answer).json());
}

function forkHost(
  appDirectory: string,
  options: HostProcessOptions & { dataDirectory: string },
): { child: ChildProcess; output: () => string } {
  const { port = 0, auth = 'off', dataDirectory, environment = {}, processEnvironment = {}, logLevel } = options;
  const { seed = 1, platform = 'gentle', visibilityTimeoutMs } = options;
  const child = fork(join(import.meta.dirname, '../../../local/host/main.ts'), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NO_COLOR: '1',
      ...processEnvironment,
      ACI_LOCAL_HOST_OPTIONS: JSON.stringify({
        appDirectory,
        port,
        dataDirectory,
        seed,
        platform,
        visibilityTimeoutMs,
        auth,
        environment,
        systemLogLevel: logLevel ?? 'warning',
        ...(logLevel && { userLogLevel: logLevel }),
      }),
    },
  });
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer): void => void chunks.push(chunk);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep);
  return { child, output: () => Buffer.concat(chunks).toString() };
}
