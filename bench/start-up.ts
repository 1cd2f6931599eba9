import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from './median.ts';
import { measureTree, type TreeMemory } from './process-memory.ts';
import { startStack } from './stack.ts';

/** From the start of a command to its line `ready`, in milliseconds; medians. */
export interface StartResult {
  /** `npm start` in a directory that was used before. */
  npmMs: number;
  /** The same without npm itself. */
  againMs: number;
  /** Without npm, with an empty data directory: a certificate authority and keys are made first. */
  freshDataMs: number;
  /** Likewise, and nothing compiled yet, as right after `npm ci`. */
  firstEverMs: number;
}

/** Measures starts, each kind by turns with the others. */
export async function measureStarts(rounds: number): Promise<StartResult> {
  const directory = await mkdtemp(join(tmpdir(), 'durable-aci-bench-'));
  const used = join(directory, 'used');
  await timeStart({ dataDirectory: used });
  const times = {
    npmMs: new Array<number>(),
    againMs: new Array<number>(),
    freshDataMs: new Array<number>(),
    firstEverMs: new Array<number>(),
  };
  for (let round = 0; round < rounds; round += 1) {
    times.npmMs.push(await timeStart({ command: 'npm', dataDirectory: used }));
    times.againMs.push(await timeStart({ dataDirectory: used }));
    times.freshDataMs.push(await timeStart({}));
    times.firstEverMs.push(await timeStart({ environment: { NODE_COMPILE_CACHE: join(directory, `cache-${round}`) } }));
  }
  await rm(directory, { recursive: true, force: true });
  return {
    npmMs: median(times.npmMs),
    againMs: median(times.againMs),
    freshDataMs: median(times.freshDataMs),
    firstEverMs: median(times.firstEverMs),
  };
}

async function timeStart(options: Parameters<typeof startStack>[0]): Promise<number> {
  await using stack = await startStack({ ...options, profile: 'realistic' });
  return stack.readyMs;
}

/** Measures the tree without npm, `idleMs` after it was ready and nobody has asked for anything. */
export async function measureIdleMemory(idleMs: number): Promise<TreeMemory> {
  await using stack = await startStack({ profile: 'realistic' });
  await pause(idleMs);
  return measureTree(stack.pid);
}
