import { createBody } from './game.ts';
import { median } from './median.ts';
import { listGroups, type Stack, waitFor } from './stack.ts';

/** How fast groups were created. */
export interface CreationResult {
  batchCount: number;
  batchSize: number;
  /** From a batch's first request until its last one was answered with 202; the median. */
  acceptedPerSecond: number;
  /** Until the last group of the batch was `Running`; the median. */
  runningPerSecond: number;
}

/** Requests that are under way at any time. */
const CONCURRENCY = 32;

/** Rarely enough that looking takes little from what is measured, at the price of some inaccuracy in a batch that takes seconds. */
const LOOK_EVERY_MS = 200;

/** Creates groups in batches, from number `from` on, each batch when the one before it runs. */
export async function measureCreations(
  stack: Stack,
  { from, batchCount, batchSize }: { from: number; batchCount: number; batchSize: number },
): Promise<CreationResult> {
  const accepted: number[] = [];
  const running: number[] = [];
  for (let batch = 0; batch < batchCount; batch += 1) {
    const { acceptedMs, runningMs } = await createGroups(stack, from + batch * batchSize, batchSize);
    accepted.push((batchSize * 1_000) / acceptedMs);
    running.push((batchSize * 1_000) / runningMs);
  }
  return { batchCount, batchSize, acceptedPerSecond: median(accepted), runningPerSecond: median(running) };
}

/** Creates the groups from number `from` on, and waits until all run. */
export async function createGroups(
  stack: Stack,
  from: number,
  count: number,
  wishes: object = {},
): Promise<{ acceptedMs: number; runningMs: number }> {
  const startedMs = performance.now();
  let next = from;
  const createOneByOne = async (): Promise<void> => {
    while (next < from + count) await stack.call('ACICreate', createBody(next++, wishes));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, createOneByOne));
  const acceptedMs = performance.now() - startedMs;
  const hasAll = async (): Promise<boolean> => (await listGroups(stack)).length >= from + count;
  await waitFor('groups reach Running', LOOK_EVERY_MS, hasAll);
  return { acceptedMs, runningMs: performance.now() - startedMs };
}
