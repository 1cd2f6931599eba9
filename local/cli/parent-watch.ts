import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
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
    if (process.ppid === parent && (npm === undefined || isAlive(npm))) return;
    clearInterval(interval);
    whenGone();
  }, INTERVAL_MS);
  interval.unref();
  return { [Symbol.dispose]: () => clearInterval(interval) };
}

async function findNpmBehindShell(pid: number): Promise<number | undefined> {
  const found = await describeProcess(pid);
  return found && /^(ba|da|a|z|k)?sh$/.test(found.name) ? found.parent : undefined;
}

/** Name and parent of a process; undefined where the system does not say, and then only the direct parent is watched. */
async function describeProcess(pid: number): Promise<{ name: string; parent: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => askPs(pid));
  const match = /^\d+ \((.*)\) \S+ (\d+)/.exec(text ?? '');
  return match ? { name: match[1] ?? '', parent: Number(match[2]) } : undefined;
}

/** macOS has no /proc; the answer is brought into the form of `/proc/PID/stat` (man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
async function askPs(pid: number): Promise<string | undefined> {
  const answer = await promisify(execFile)('ps', ['-o', 'ppid=,comm=', '-p', String(pid)]).catch(() => undefined);
  const match = /^\s*(\d+)\s+(?:.*\/)?-?(\S+)/.exec(answer?.stdout ?? '');
  return match ? `${pid} (${match[2]}) S ${match[1]}` : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
