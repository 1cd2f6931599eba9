import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** How often the parent is looked for: a stack without one is gone within a second. */
const INTERVAL_MS = 500;

/**
 * Calls `whenGone` once the one who started this process has ended, however that happened: `kill -9` of npm sends no signal. npm runs its
 * scripts in a shell, which outlives it, so that behind such a shell it is npm itself that is watched.
 */
export async function watchParent(whenGone: () => void): Promise<Disposable> {
  const parent = process.ppid;
  const npm = process.env['npm_lifecycle_event'] === undefined ? undefined : await findNpmBehindShell(parent);
  const interval = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isStillParent(npm, parent))) return;
    clearInterval(interval);
    whenGone();
  }, INTERVAL_MS);
  interval.unref();
  return { [Symbol.dispose]: () => clearInterval(interval) };
}

interface ProcessFacts {
  name: string;
  parent: number;
}

async function findNpmBehindShell(pid: number): Promise<number | undefined> {
  const found = readProcess(pid) ?? (await askPs(pid));
  return found && /^(ba|da|a|z|k)?sh$/.test(found.name) ? found.parent : undefined;
}

/** A process whose parent has ended gets another one at once, while the ended one can stay in the table of processes until it is reaped. */
function isStillParent(npm: number, shell: number): boolean {
  const found = readProcess(shell);
  return found ? found.parent === npm : isAlive(npm);
}

/** Reads `/proc/PID/stat` (man7.org/linux/man-pages/man5/proc_pid_stat.5.html); undefined where there is no /proc, as on macOS. */
function readProcess(pid: number): ProcessFacts | undefined {
  try {
    const match = /^\d+ \((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return match ? { name: match[1] ?? '', parent: Number(match[2]) } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where there is no ps either: then only the direct parent is watched. */
async function askPs(pid: number): Promise<ProcessFacts | undefined> {
  const answer = await promisify(execFile)('ps', ['-o', 'ppid=,comm=', '-p', String(pid)]).catch(() => undefined);
  const match = /^\s*(\d+)\s+(?:.*\/)?-?(\S+)/.exec(answer?.stdout ?? '');
  return match ? { name: match[2] ?? '', parent: Number(match[1]) } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
