import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf, isGone, untilState } from './stack/game.ts';
import { makeManyGroups } from './stack/many-groups.ts';
import { readAllPages } from './stack/pages.ts';
import { startStack, type Stack } from './stack/stack.ts';

const COUNT = 250;
const names = Array.from({ length: COUNT }, (_, index) => `game-${index}`);

let stack: Stack;

/** Every fifth group is of the fleet `us` in another region; the last two are marked, the third last is Failed. */
beforeAll(async () => {
  stack = await startStack({
    profile: 'instant',
    faults: { quotas: 'off' },
    // Sweeps have no part in it, and each reads every group; a reconciliation would find that Azure has nothing of them.
    settings: { ACI_SWEEP_INTERVAL: 'PT1H', ACI_RECONCILE_INTERVAL: 'P1D', ACI_INSPECT_INTERVAL: 'PT1H' },
  });
  await makeManyGroups(stack, { prefix: 'game', count: COUNT, garbageCount: 0, factsOf });
  expect((await list({ limit: '1000' })).names).toHaveLength(COUNT);
  await setState('game-249', 'MarkedForDeletion');
  await setState('game-248', 'MarkedForDeletion');
  await setState('game-247', 'Failed');
});

afterAll(async () => {
  await stack.stop();
});

function factsOf(index: number) {
  return index % 5 === 0
    ? { location: 'eastus', labels: { fleet: 'us' } }
    : { location: 'westeurope', labels: { fleet: 'eu' } };
}

async function setState(name: string, state: string): Promise<void> {
  // A session keeps what is marked from being collected while the tests look.
  await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions: 1 } });
  await stack.settle();
  expect((await stack.api('ACISetState', { body: { ...idOf(name), state } })).body).toMatchObject({ state });
}

interface Listing {
  names: string[];
  pageSizes: number[];
}

/** Follows the continuation tokens to the end. */
async function list(query: Record<string, string>): Promise<Listing> {
  const listing: Listing = { names: [], pageSizes: [] };
  for (let token: string | null = ''; token !== null;) {
    const search = new URLSearchParams({ ...query, ...(token === '' ? {} : { continuationToken: token }) });
    const page = await stack.api(`ACIList?${search.toString()}`);
    expect(page.status, page.text).toBe(200);
    listing.names.push(...page.body.map((item: { containerGroupName: string }) => item.containerGroupName));
    listing.pageSizes.push(page.body.length);
    token = page.headers.get('x-continuation-token');
  }
  return listing;
}

test.each([{ limit: 1_000 }, { limit: 100 }, { limit: 33 }])(
  'pages of at most $limit hold every running group once',
  async ({ limit }) => {
    const { names: listed, pageSizes } = await list({ limit: String(limit) });
    expect(listed.toSorted()).toEqual(names.slice(0, 247).toSorted());
    expect(Math.max(...pageSizes)).toBeLessThanOrEqual(limit);
  },
);

test('a page has 100 groups when nobody asks for another size', async () => {
  const page = await stack.api('ACIList');
  expect(page.body.length).toBeLessThanOrEqual(100);
  expect(page.headers.get('x-continuation-token')).not.toBeNull();
});

test.each([
  { filter: { fleet: 'us' }, count: 50 },
  { filter: { location: 'EastUS' }, count: 50 },
  { filter: { state: 'all' }, count: 250 },
  { filter: { fleet: 'eu', location: 'eastus' }, count: 0 },
  { filter: { fleet: 'nobody' }, count: 0 },
  { filter: { state: 'MarkedForDeletion' }, count: 2 },
  { filter: { state: 'Failed' }, count: 1 },
  { filter: { state: 'Creating' }, count: 0 },
])('$filter finds $count groups, over however many pages', async ({ filter, count }) => {
  const { names: listed } = await list({ ...filter, limit: '20' });
  expect(new Set(listed).size).toBe(count);
  expect(listed).toHaveLength(count);
});

test('one group of a filter costs no more queries than the groups fill pages of the backend', async () => {
  const before = await queryCosts();
  expect((await stack.api('ACIList?limit=1&fleet=nobody')).body).toEqual([]);
  const queryCount = (await queryCosts()).entityLists - before.entityLists;
  // Three pages hold them; the backend may end each of them early once, and the page after such a one is whole.
  expect(queryCount).toBeGreaterThanOrEqual(3);
  expect(queryCount).toBeLessThanOrEqual(6);
});

test('groups that come and go between two pages do no harm to the others', async () => {
  const first = await stack.api('ACIList?limit=60');
  const token = first.headers.get('x-continuation-token') ?? '';
  await stack.api('ACIDelete', { body: idOf('game-200') });
  await untilState(stack, 'game-200', isGone);
  const rest: string[] = [];
  for (let next: string | null = token; next !== null;) {
    const page = await stack.api(`ACIList?limit=60&continuationToken=${encodeURIComponent(next)}`);
    rest.push(...page.body.map((item: { containerGroupName: string }) => item.containerGroupName));
    next = page.headers.get('x-continuation-token');
  }
  const seen: string[] = [
    ...first.body.map((item: { containerGroupName: string }) => item.containerGroupName),
    ...rest,
  ];
  const others = names
    .slice(0, 247)
    .filter((name) => name !== 'game-200')
    .toSorted();
  expect(seen.filter((name) => name !== 'game-200').toSorted()).toEqual(others);
});

test('1,500 rows of deleted groups cost an answer ten queries at the most, and the housekeeping removes them and no others', async () => {
  const living = (await list({ state: 'all' })).names.toSorted();
  const keys = Array.from({ length: 1_500 }, (_, index) => `games:dead-${index}`);
  // A group that is looked for where there is none leaves the same row as one that was deleted.
  const url = (key: string): string => `/runtime/webhooks/durabletask/entities/containergroup/${key}?op=look`;
  const lookFor = (key: string) => stack.post(url(key), { incarnation: 'none' });
  for (let index = 0; index < keys.length; index += 50) {
    await Promise.all(keys.slice(index, index + 50).map(lookFor));
  }
  await stack.settle();
  expect(await deadRows()).toHaveLength(1_500);
  const before = await queryCosts();
  expect((await stack.api('ACIList?limit=1')).status).toBe(200);
  expect((await queryCosts()).entityLists - before.entityLists).toBeLessThanOrEqual(10);
  // An hour of rest, and the next run after it.
  await stack.advance(92 * 60_000);
  const after = await queryCosts();
  expect(await deadRows()).toEqual([]);
  expect((await list({ state: 'all' })).names.toSorted()).toEqual(living);
  // Four runs of some pages each; three looks at each row before its purge, and what sweeps and timers look at.
  expect(after.instanceLists - before.instanceLists).toBeLessThan(4 * 8 + 10);
  expect(after.instanceReads - before.instanceReads).toBeLessThan(3 * keys.length + 300);
  const few = await queryCosts();
  expect((await stack.api('ACIList?limit=1')).body).toHaveLength(1);
  expect((await queryCosts()).entityLists - few.entityLists).toBeLessThanOrEqual(2);
});

async function queryCosts(): Promise<Record<'entityLists' | 'instanceLists' | 'instanceReads', number>> {
  return (await stack.get('/admin/local/durable-costs')).body.queries;
}

function deadRows(): Promise<unknown[]> {
  const path = '/runtime/webhooks/durabletask/instances?instanceIdPrefix=@containergroup@games:dead-&top=1000';
  return readAllPages((headers) => stack.get(path, headers));
}
