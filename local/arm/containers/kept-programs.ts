import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FromKeeper, fromKeeperSchema, type ToKeeper } from './keeper-message.ts';
import { signalGroup } from './signal-group.ts';
import type { OutputStream } from './container-log.ts';

/** A command, where it runs, and all of its environment. */
export interface ProgramStart {
  command: string;
  args: string[];
  directory: string;
  environment: Record<string, string>;
}

/** A program that was started. */
export interface KeptProgram {
  /** Resolves with the exit code once it has ended and all of its output has come. */
  ended: Promise<number>;
  /** Signals it and all that it has started; nothing happens where it has ended. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Runs programs that end with this process, however that ends. */
export interface KeptPrograms {
  start(program: ProgramStart, take: (stream: OutputStream, chunk: Uint8Array) => void): KeptProgram;
  /** Kills those that run. */
  stop(): Promise<void>;
}

/** The exit code of a process that SIGKILL ended. */
const KILLED = 137;

interface Running {
  pid?: number;
  take: (stream: OutputStream, chunk: Uint8Array) => void;
  end: (exitCode: number) => void;
}

/**
 * Creates what runs programs by a keeper, a process that outlives this one for as long as it takes to kill them. It is started with the
 * first program, and once more after it was killed itself: then its programs are killed from here.
 */
export function createKeptPrograms(): KeptPrograms {
  const running = new Map<number, Running>();
  let lastId = 0;
  let keeper: ChildProcess | undefined;
  return { start, stop };

  function start(program: ProgramStart, take: Running['take']): KeptProgram {
    const id = ++lastId;
    const { promise: ended, resolve: end } = Promise.withResolvers<number>();
    keeper ??= startKeeper();
    running.set(id, { take, end });
    tell({ type: 'start', id, ...program });
    return { ended, signal: (name) => tell({ type: 'signal', id, signal: name }) };
  }

  function startKeeper(): ChildProcess {
    const child = fork(fileURLToPath(new URL('keeper.ts', import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    child.on('message', (message) => hear(fromKeeperSchema.parse(message)));
    const forget = (): void => {
      if (keeper !== child) return;
      keeper = undefined;
      for (const [id, { pid, end }] of running) {
        if (pid !== undefined) signalGroup(pid, 'SIGKILL');
        running.delete(id);
        end(KILLED);
      }
    };
    child.once('error', forget);
    child.once('exit', forget);
    return child;
  }

  function hear(message: FromKeeper): void {
    const program = running.get(message.id);
    if (!program) return;
    switch (message.type) {
      case 'started':
        program.pid = message.pid;
        return;
      case 'output':
        return program.take(message.stream, message.chunk);
      case 'ended':
        running.delete(message.id);
        return program.end(message.exitCode);
    }
  }

  function tell(message: ToKeeper): void {
    if (keeper?.connected) keeper.send(message);
  }

  async function stop(): Promise<void> {
    const child = keeper;
    if (!child?.connected) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await exited;
  }
}
