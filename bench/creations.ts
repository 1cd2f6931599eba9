import { createBody } from './game.ts';
import { listGroups, type Stack, waitFor } from './stack.ts';

/** How fast groups were created. */
export interface CreationResult {
  count: number;
  /** From the first request until all of them were `Running`. */
  perSecond: number;
  /** Until the last request was answered with 202. */
  acceptedPerSecond: number;
}

/** Requests that are under way at any time. */
const CONCURRENCY = 32;

/** Creates the groups from number `from` on, and waits until all run. */
export async function createGroups(
  stack: Stack,
  { from, count }: { from: number; count: number },
): Promise<CreationResult> {
  const startedMs = performance.now();
  let next = from;
  const createOneByOne = async (): Promise<void> => {
    while (next < from + count) await stack.call('ACICreate', createBody(next++));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, createOneByOne));
  const acceptedMs = performance.now() - startedMs;
  await waitFor('groups reach Running', 100, async () => (await listGroups(stack)).length >= from + count);
  const runningMs = performance.now() - startedMs;
  return { count, perSecond: (count * 1_000) / runningMs, acceptedPerSecond: (count * 1_000) / acceptedMs };
}
