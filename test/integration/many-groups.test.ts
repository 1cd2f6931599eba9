import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults.ts';
import { createBody, idOf } from './game.ts';
import { startStack, type Stack } from './stack.ts';

const COUNT = 200;
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
  await stack.advance(2 * 60_000);
  expect(await listAll('Running')).toHaveLength(COUNT);
  await Promise.all(
    names.map((name) => stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } })),
  );
  await stack.advance(15 * 60_000);
  expect(await listAll('MarkedForDeletion')).toEqual([]);
  expect(await listAll('Running')).toEqual([]);
}

/** Follows the pages of ACIList; no page holds more than was asked for, no group is on two of them. */
async function listAll(state: string): Promise<string[]> {
  const found: string[] = [];
  let token: string | null = null;
  do {
    const query = new URLSearchParams({ state, limit: '40', ...(token === null ? {} : { continuationToken: token }) });
    const page = await stack.api(`ACIList?${query.toString()}`);
    expect(page.body.length).toBeLessThanOrEqual(40);
    found.push(...page.body.map((item: { containerGroupName: string }) => item.containerGroupName));
    token = page.headers.get('x-continuation-token');
  } while (token !== null);
  expect(new Set(found).size).toBe(found.length);
  return found;
}

test(`${COUNT} groups at once all run and are all collected, and leave no handle and no memory behind`, async () => {
  await liveOnce();
  const handlesBefore = await countHandles();
  const heapBefore = await heapUsed();
  await liveOnce();
  expect(await countHandles()).toBeLessThanOrEqual(handlesBefore + 5);
  // Another 200 lives: a few KB that each of them left behind would show. A tenth and 8 MB is the collector's own noise.
  expect(await heapUsed()).toBeLessThan(heapBefore * 1.1 + 8 * 1024 * 1024);
}, 300_000);

/** What keeps the process alive, but for the sockets that idle in a pool and close by themselves. */
async function countHandles(): Promise<number> {
  await stack.settle();
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'TCPSocketWrap' && kind !== 'Immediate').length;
}

async function heapUsed(): Promise<number> {
  await stack.settle();
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') {
    collect();
    collect();
  }
  return process.memoryUsage().heapUsed;
}
