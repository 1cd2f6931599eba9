import { createGroups } from './creations.ts';
import { idOf } from './game.ts';
import { median } from './median.ts';
import { measureTree } from './process-memory.ts';
import { listGroups, type Stack, startStack, waitFor } from './stack.ts';

/** How many groups lived side by side, how fast they went, and what they left behind. */
export interface LivesResult {
  groupCount: number;
  /** From the first mark until the last group is gone; the median. */
  collectedPerSecond: number;
  /** Growth of the whole tree's resident sets for each group of the measured lives; noise included, so that it can be negative. */
  keptKBPerGroup: number;
}

/** Lives before those that count fill what is kept for good: compiled code, pools of connections, the caches of the SDKs. */
const WARM_UP_LIVES = 2;

/** Looks at the list while deletions go on, rarely enough to take little from them. */
const LOOK_EVERY_MS = 100;

/** Creates groups at once, marks them all, has them swept, and does so again: `lives` times after the warm-up. */
export async function measureLives(groupCount: number, lives: number): Promise<LivesResult> {
  await using stack = await startStack();
  const collectionsMs: number[] = [];
  let beforeMB = Number.NaN;
  for (let life = -WARM_UP_LIVES; life < lives; life += 1) {
    if (life === 0) beforeMB = measureTree(stack.pid).rssMB;
    await createGroups(stack, 0, groupCount);
    const collectionMs = await collectAll(stack, groupCount);
    if (life >= 0) collectionsMs.push(collectionMs);
  }
  const keptKB = (measureTree(stack.pid).rssMB - beforeMB) * 1_024;
  return {
    groupCount,
    collectedPerSecond: (groupCount * 1_000) / median(collectionsMs),
    keptKBPerGroup: keptKB / (groupCount * lives),
  };
}

async function collectAll(stack: Stack, groupCount: number): Promise<number> {
  const startedMs = performance.now();
  const marks = Array.from({ length: groupCount }, (_, number) => ({ ...idOf(number), state: 'MarkedForDeletion' }));
  await Promise.all(marks.map((mark) => stack.call('ACISetState', mark)));
  await stack.call('ACIGC', {});
  await waitFor('marked groups are gone', LOOK_EVERY_MS, async () => {
    const [running, marked] = await Promise.all([listGroups(stack), listGroups(stack, 'MarkedForDeletion')]);
    return running.length + marked.length === 0;
  });
  return performance.now() - startedMs;
}
