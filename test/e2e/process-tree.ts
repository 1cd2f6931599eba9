import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WAIT_PATIENCE_MS } from '../patience.ts';

/** A process and all that it started; what is left of it ends with the test, however the test ended. */
export interface ProcessTree extends AsyncDisposable {
  /** The first process. */
  child: ChildProcess;
  /** What the tree has printed so far. */
  output(): string;
  /** The pids of those that have not ended, the first process first; also of those whose parent has ended since the last call. */
  pids(): number[];
  /** Sends a signal to the first process alone; resolves with its exit code, null when a signal ended it. */
  signal(name: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code of the first process, null when a signal ended it. */
  exitCode(): Promise<number | null>;
  /** Ends every process with SIGKILL, all at once. */
  kill(): Promise<void>;
  /** Resolves once every process has ended by itself, and the output is complete. */
  untilGone(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');

/** Starts a command in the directory of the project, `isAtTerminal` in a process group of its own as a shell does. */
export function spawnTree(
  command: string,
  args: string[],
  { environment = {}, isAtTerminal = false }: { environment?: Record<string, string>; isAtTerminal?: boolean } = {},
): ProcessTree {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    detached: isAtTerminal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const seen = new Set<number>();
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const pids = (): number[] => {
    for (const pid of hasEnded() ? [] : treeOf(child.pid)) {
      seen.add(pid);
    }
    return [...seen].filter(isAlive);
  };
  // Whoever is still there holds the pipes open, seen here or not.
  const closed = once(child, 'close');
  const untilGone = async (): Promise<void> => {
    await until(() => pids().length === 0 || undefined);
    await closed;
  };
  const exitCode = async (): Promise<number | null> => {
    if (!hasEnded()) {
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  const kill = async (): Promise<void> => {
    for (const pid of pids()) {
      killIfThere(pid);
    }
    await untilGone();
  };

  return {
    child,
    output,
    pids,
    exitCode,
    signal: async (name) => {
      child.kill(name);
      return exitCode();
    },
    kill,
    untilGone,
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts the command line with options of the test's own, without npm. */
export function spawnStart(options: string[], environment: Record<string, string> = {}): ProcessTree {
  return spawnTree(process.execPath, ['local/start.ts', ...options], {
    environment: { ACI_POLL_INTERVAL: 'PT1S', ...environment },
  });
}

/** The origin of the host, once the tree takes requests; rejects with what it printed when it ends before. */
export async function untilReady(tree: ProcessTree): Promise<string> {
  return until(() => {
    if (tree.child.exitCode !== null) {
      throw new Error(`It ended with exit code ${tree.child.exitCode}:\n${tree.output()}`);
    }
    return /^ready (\S+)$/m.exec(tree.output())?.[1];
  });
}

/** Asks until there is an answer, ever less often; fails after a time in which anything here has happened. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + WAIT_PATIENCE_MS;
  // What takes long is asked for a few times a second: each question takes the processor from what it waits for.
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 1.25, 250)) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > deadline) {
      throw new Error(`It did not happen within ${WAIT_PATIENCE_MS} ms: ${ask.toString()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: string): void => {
    text += chunk;
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  return () => text;
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

/** Whether there is such a process. */
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
