import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { PlatformName } from '../../host/durable/platform/platform.ts';
import { StartError } from '../start-error.ts';

/** The Functions host as a child process. */
export interface HostProcess {
  /** Resolves with the host's origin; rejects with a `StartError` when it cannot start. */
  ready: Promise<string>;
  /** Resolves with the exit code when the process has ended, however it did. */
  ended: Promise<number>;
  /** Asks it to stop; it is killed when it has not within the grace time. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** What the host is started with. */
export interface HostProcessOptions {
  appDirectory: string;
  port: number;
  dataDirectory: string;
  seed: number;
  auth: 'off' | 'on';
  platform: PlatformName;
  /** In the place of what host.json says; undefined leaves it. */
  visibilityTimeoutMs: number | undefined;
  environment: Record<string, string>;
}

/** The host waits 8 s at the most, for open requests and for calls; what has not ended then hangs. */
const STOP_GRACE_MS = 10_000;

/** Shells add a signal's number to this for the exit code of a process that it ended. */
const SIGNAL_EXIT_CODE = 128;

/** Starts the host. It ends by itself when this process does: the channel between them closes. */
export function startHostProcess(options: HostProcessOptions): HostProcess {
  const { environment, ...hostOptions } = options;
  const child = fork(fileURLToPath(new URL('../../host/main.ts', import.meta.url)), [], {
    cwd: options.appDirectory,
    env: { ...environment, ACI_LOCAL_HOST_OPTIONS: JSON.stringify(hostOptions) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? SIGNAL_EXIT_CODE + (signal ? constants.signals[signal] : 0)));
    child.once('error', () => resolve(1));
  });
  return { ready: whenReady(child), ended, stop, kill: () => void child.kill('SIGKILL') };

  async function stop(): Promise<void> {
    if (child.connected) child.send({ type: 'stop' });
    const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(timeout);
  }
}

function whenReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('type' in message)) return;
      if (message.type === 'ready' && 'origin' in message) resolve(String(message.origin));
      if (message.type === 'failed') {
        reject(new StartError(explain('message' in message ? String(message.message) : '')));
      }
    });
    child.once('error', (error) =>
      reject(new StartError('The Functions host could not be started.', { cause: error })),
    );
    child.once('exit', (code, signal) =>
      reject(new StartError(`The Functions host ended before it was ready (${signal ?? `exit code ${code}`}).`)),
    );
  });
}

/** Which option helps is known here, not there. */
function explain(message: string): string {
  const isPortTaken = /^Port \d+ .* in use/.test(message);
  return `The Functions host could not start. ${message}${isPortTaken ? ' The option is --port.' : ''}`;
}
