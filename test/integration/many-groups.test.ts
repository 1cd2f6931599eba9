import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { createBody, idOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

/** Enough to be several pages and several batches of deletions; `npm run bench` lives through 200 and more. */
const COUNT = 30;
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ faults: { ...noFaults, quotas: 'off' } });
});

afterAll(async () => {
  await stack.stop();
});

const names = Array.from({ length: COUNT }, (_, index) => `game-${index}`);

/** One life of all: created at once, running, listed, marked, collected. */
async function liveOnce(): Promise<void> {
  const created = await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  expect(new Set(created.map(({ status }) => status))).toEqual(new Set([202]));
  await pass(2 * 60_000);
  expect(await listAll('Running')).toHaveLength(COUNT);
  await Promise.all(
    names.map((name) => stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } })),
  );
  await pass(15 * 60_000);
  expect(await listAll('MarkedForDeletion')).toEqual([]);
  expect(await listAll('Running')).toEqual([]);
}

const STEP_MS = 5_000;

/** Moves the clock by steps: what falls due within one of them happens together, as many moments as it may have. */
async function pass(ms: number): Promise<void> {
  for (const endMs = stack.clock.now() + ms; stack.clock.now() < endMs;) {
    await stack.settle();
    stack.clock.advanceTo(Math.min(endMs, stack.clock.now() + STEP_MS));
  }
  await stack.settle();
}

/** Follows the pages of ACIList; no page holds more than was asked for, no group is on two of them. */
async function listAll(state: string): Promise<string[]> {
  const found: string[] = [];
  let token: string | null = null;
  do {
    const query = new URLSearchParams({ state, limit: '25', ...(token === null ? {} : { continuationToken: token }) });
    const page = await stack.api(`ACIList?${query.toString()}`);
    expect(page.body.length).toBeLessThanOrEqual(25);
    found.push(...page.body.map((item: { containerGroupName: string }) => item.containerGroupName));
    token = page.headers.get('x-continuation-token');
  } while (token !== null);
  expect(new Set(found).size).toBe(found.length);
  return found;
}

test(`${COUNT} groups at once all run and are all collected, and leave no handle and no memory behind`, async () => {
  // The first lives fill what is kept for good: compiled code, pools of connections, the caches of the SDKs.
  await liveOnce();
  await liveOnce();
  const before = { ...countHandles(), heap: heapUsed() };
  await liveOnce();
  await liveOnce();
  const after = { ...countHandles(), heap: heapUsed() };
  expect(after.others).toBe(before.others);
  expect(after.sockets - before.sockets).toBeLessThan(COUNT);
  expect(after.heap - before.heap).toBeLessThan(2 * COUNT * KEPT_BYTES_A_GROUP);
});

/** A group that left more than this behind would be a leak. The collector's noise is about 1 MB, the log that the test keeps 1 KB a group. */
const KEPT_BYTES_A_GROUP = 25 * 1024;

/**
 * What keeps the process alive. Both servers keep a connection for two minutes, as Azure's do, so that the sockets of one life
 * serve the next: a connection left by every group would add two for each of them, its two ends.
 */
function countHandles(): { sockets: number; others: number } {
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');
  const sockets = kinds.filter((kind) => kind === 'TCPSocketWrap').length;
  return { sockets, others: kinds.length - sockets };
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') {
    throw new TypeError('V8 does not let its garbage collector be called.');
  }
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
