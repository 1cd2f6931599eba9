import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Memory of a process and all below it, summed. */
export interface TreeMemory {
  processCount: number;
  /** Resident sets; what processes share is counted once for each. */
  rssMB: number;
  /** Proportional set sizes, which divide what is shared among those that share it; undefined where there is no /proc. */
  pssMB?: number;
}

/** Measures the tree below `root`, itself included, from what `ps` shows on Linux and macOS. */
export function measureTree(root: number): TreeMemory {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = Number.NaN, parent = Number.NaN, rssKB = Number.NaN] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, rssKB };
    });
  const below = (parent: number): typeof rows =>
    rows.flatMap((row) => (row.parent === parent ? [row, ...below(row.pid)] : []));
  const tree = [...rows.filter(({ pid }) => pid === root), ...below(root)];
  const pss = tree.map(({ pid }) => readPssKB(pid));
  const rssMB = sum(tree.map(({ rssKB }) => rssKB)) / 1_024;
  const known = pss.filter((each) => each !== undefined);
  return { processCount: tree.length, rssMB, ...(known.length === tree.length ? { pssMB: sum(known) / 1_024 } : {}) };
}

/** https://docs.kernel.org/filesystems/proc.html, smaps_rollup. */
function readPssKB(pid: number): number | undefined {
  try {
    const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
