import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

export interface HostProcessOptions {
  port?: number;
  auth?: 'off' | 'on';
  dataDirectory?: string;
  environment?: Record<string, string>;
  /** Of the process itself, not handed over as settings. */
  processEnvironment?: Record<string, string>;
}

/** Where a fixture app lies. */
export function appDirectoryOf(app: string): string {
  return join(import.meta.dirname, 'apps', app);
}

const temporaryDirectories: string[] = [];
process.on('exit', () => temporaryDirectories.forEach((each) => rmSync(each, { recursive: true, force: true })));

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
    once(child, 'message').then(([first]) => first as HostMessage),
    exited.then(() => undefined),
  ]); // the host's own protocol, main.ts
  if (message?.type !== 'ready') {
    await exited;
    throw new Error(message?.message ?? `The host ended without a message: ${output()}`);
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

type HostMessage = { type: 'ready'; origin: string; message?: never } | { type: 'failed'; message: string };

function forkHost(
  appDirectory: string,
  options: HostProcessOptions & { dataDirectory: string },
): { child: ChildProcess; output: () => string } {
  const { port = 0, auth = 'off', dataDirectory, environment = {}, processEnvironment = {} } = options;
  const child = fork(join(import.meta.dirname, '../../local/host/main.ts'), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
    env: {
      PATH: process.env['PATH'],
      NO_COLOR: '1',
      ...processEnvironment,
      ACI_LOCAL_HOST_OPTIONS: JSON.stringify({
        appDirectory,
        port,
        dataDirectory,
        seed: 1,
        auth,
        environment,
        systemLogLevel: 'warning',
      }),
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}
