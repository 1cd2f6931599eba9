import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { df, openTestHub } from './fixture.ts';
import type { Answer, TestHub } from './fixture.ts';

df.app.entity('page', (context) => {
  if (context.df.operationName === 'delete') {
    context.df.destructOnExit();
    return;
  }
  context.df.setState(context.df.getInput());
  context.df.return(context.df.getInput());
});
df.app.orchestration('setsPage', function* (context) {
  const { key, value } = context.df.getInput<{ key: string; value: number }>();
  const answer: unknown = yield context.df.callEntity(new df.EntityId('page', key), 'set', value);
  return answer;
});

async function createEntities(hub: TestHub, keys: readonly string[]): Promise<void> {
  for (const key of keys) await hub.request('POST', `entities/page/${key}?op=set`, 1);
  await hub.hub.whenIdle();
}

async function deleteEntities(hub: TestHub, keys: readonly string[]): Promise<void> {
  for (const key of keys) await hub.request('DELETE', `entities/page/${key}`);
  await hub.hub.whenIdle();
}

const entityPage = z.array(z.object({ entityId: z.object({ name: z.literal('page'), key: z.string() }) }));

function keysOf({ json }: Answer): string[] {
  return entityPage.parse(json).map(({ entityId }) => entityId.key);
}

function tokenOf({ headers }: Answer): string | undefined {
  return headers['x-ms-continuation-token'];
}

/** More than any of these queries has. */
const MAX_PAGES = 100;

/** Asks for page after page until there is no more. */
async function readPages(hub: TestHub, path: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const answer: Answer = await hub.request('GET', path, undefined, { 'x-ms-continuation-token': token });
    pages.push(keysOf(answer));
    token = tokenOf(answer);
    if (pages.length > MAX_PAGES) throw new Error(`The query is not at its end after ${MAX_PAGES} pages.`);
  }
  return pages;
}

// Where the sizes of pages are compared, the platform is gentle: on azure-storage a page may end early, which has tests of its own below.

/** Row 7; Azure.Data.Tables joins `NextPartitionKey` and `NextRowKey` with a blank, and the row keys of instances are empty. */
describe('a continuation token', () => {
  it('is opaque text with exclamation marks and a blank at its end, and names the place where the next page begins', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a', 'b', 'c']);
    const first = await hub.request('GET', 'entities/page?top=2');
    expect(keysOf(first)).toEqual(['a', 'b']);
    // "@page@c" in base64
    expect(tokenOf(first)).toBe('1!12!QHBhZ2VAYw-- ');
    const second = await hub.request('GET', 'entities/page?top=2', undefined, {
      'x-ms-continuation-token': tokenOf(first) ?? '',
    });
    expect(keysOf(second)).toEqual(['c']);
    expect(tokenOf(second)).toBeUndefined();
  });

  it('loses its blank on the way over HTTP and is taken without it', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a', 'b']);
    const token = tokenOf(await hub.request('GET', 'entities?top=1'))?.trim() ?? '';
    const answer = await hub.request('GET', 'entities?top=1', undefined, { 'x-ms-continuation-token': token });
    expect(keysOf(answer)).toEqual(['b']);
  });

  it('still leads on when what it names is gone', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a', 'b', 'c']);
    const token = tokenOf(await hub.request('GET', 'entities?top=1')) ?? '';
    await hub.request('DELETE', 'instances/@page@b');
    const answer = await hub.request('GET', 'entities?top=1', undefined, { 'x-ms-continuation-token': token });
    expect(keysOf(answer)).toEqual(['c']);
  });

  it.each(['garbage', '1!2!', '!!!', 'QHBhZ2VAYw==', '1!99!QHBhZ2VAYw--', '\u00E4'])(
    'that is "%s" is answered 200 with the first page',
    async (token) => {
      await using hub = openTestHub({ platform: 'gentle' });
      await createEntities(hub, ['a', 'b']);
      const answer = await hub.request('GET', 'entities', undefined, { 'x-ms-continuation-token': token });
      expect(answer.status).toBe(200);
      expect(keysOf(answer)).toEqual(['a', 'b']);
    },
  );

  it.each(['instances', 'entities'])('of %s needs a page of one item or more', async (path) => {
    await using hub = openTestHub({ platform: 'gentle' });
    expect(await hub.request('GET', `${path}?top=-1`)).toMatchObject({
      status: 500,
      json: { Message: 'Something went wrong while processing your request' },
    });
  });

  it('is in lists of instances too, with what it can’t read in the query ignored', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a', 'b']);
    const answer = await hub.request('GET', 'instances?top=1&createdTimeFrom=yesterday');
    expect(answer).toMatchObject({ status: 200, json: [{ instanceId: '@page@a' }] });
    expect(tokenOf(answer)).toBe('1!12!QHBhZ2VAYg-- ');
  });
});

/** Row 6; azure-functions-durable-extension issues 931, 1335, 1418, 1992. */
describe('a deleted entity', () => {
  it('keeps a row, Running with an empty custom status, until it is purged by id', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a']);
    await deleteEntities(hub, ['a']);
    expect((await hub.request('GET', 'entities/page/a')).status).toBe(404);
    const row = { instanceId: '@page@a', runtimeStatus: 'Running', customStatus: {}, output: null };
    expect(await hub.request('GET', 'instances/@page@a')).toMatchObject({ status: 202, json: row });
    expect((await hub.request('GET', 'instances')).json).toMatchObject([row]);
    expect((await hub.request('DELETE', 'instances/@page@a')).json).toEqual({ instancesDeleted: 1 });
    expect((await hub.request('GET', 'instances/@page@a')).status).toBe(404);
    expect((await hub.request('GET', 'instances')).json).toEqual([]);
  });

  it('lives again under its row when it is signalled', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, ['a']);
    await deleteEntities(hub, ['a']);
    await createEntities(hub, ['a']);
    expect((await hub.request('GET', 'instances')).json).toMatchObject([{ customStatus: { entityExists: true } }]);
  });

  // real-host.md, "Purging an entity's row": what is in the queue stays there, and a turn that runs meanwhile fails its checkpoint.
  it.each(['gentle', 'azure-storage'] as const)(
    'answers a call that comes while its row is purged, and lives if the purge was first; a later one erases it as silently (%s)',
    async (platform) => {
      await using hub = openTestHub({ platform });
      const fates: number[] = [];
      // After as many turns of the event loop everything that the unkind host puts off has happened.
      for (let round = 0; round < 150; round += 1) {
        const key = `k${round}`;
        await createEntities(hub, [key]);
        await deleteEntities(hub, [key]);
        const caller = await hub.start('setsPage', { key, value: round });
        for (let turn = 0; turn < round; turn += 1) await new Promise(setImmediate);
        expect((await hub.request('DELETE', `instances/@page@${key}`)).json).toEqual({ instancesDeleted: 1 });
        expect(await hub.finish(caller)).toMatchObject({ runtimeStatus: 'Completed', output: round });
        fates.push((await hub.request('GET', `entities/page/${key}`)).status);
      }
      expect(fates[0]).toBe(200);
      expect(fates.at(-1)).toBe(404);
    },
  );

  it('is read and counted by lists, and left out after the page was cut', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await using hub = openTestHub({ platform: 'gentle' });
    await createEntities(hub, keys);
    await deleteEntities(hub, ['a', 'b', 'c', 'e', 'g']);
    expect(await readPages(hub, 'entities/page?top=2')).toEqual([[], ['d'], ['f'], []]);
    expect(await readPages(hub, 'entities?top=3')).toEqual([[], ['d', 'f'], []]);
    expect(await readPages(hub, 'entities?top=1')).toHaveLength(keys.length);
  });
});

/** Row 5; learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination. */
describe('a query on Azure Storage', () => {
  const keys = Array.from({ length: 12 }, (_, index) => String.fromCodePoint(97 + index));

  it.each([
    { path: 'entities/page?top=4', rounds: 200, isShort: (size: number) => size > 0 && size < 4 },
    { path: 'entities?top=100', rounds: 1_000, isShort: (size: number) => size > 0 && size < keys.length },
    { path: 'entities?top=1', rounds: 20, isShort: (size: number) => size === 0 },
  ])(
    'answers $path in short and in empty pages with a token, everything once, and comes to its end',
    async ({ path, rounds, isShort }) => {
      await using hub = openTestHub({ platform: 'azure-storage' });
      await createEntities(hub, keys);
      const pageSizes: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const pages = await readPages(hub, path);
        expect(pages.flat()).toEqual(keys);
        // The page after an empty one never is, so that each query ends.
        expect(pages.findIndex((page, index) => page.length + (pages[index + 1]?.length ?? 1) === 0)).toBe(-1);
        pageSizes.push(...pages.slice(0, -1).map((page) => page.length));
      }
      expect(pageSizes).toContain(0);
      expect(pageSizes.some(isShort)).toBe(true);
    },
  );

  it('of instances does so too', async () => {
    await using hub = openTestHub({ platform: 'azure-storage' });
    await createEntities(hub, keys);
    const pageSizes = new Set<number>();
    for (let round = 0; round < 200; round += 1) {
      const answer = await hub.request('GET', 'instances?top=4');
      expect(tokenOf(answer)).toBeDefined();
      pageSizes.add(z.array(z.unknown()).parse(answer.json).length);
    }
    expect(pageSizes).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

it('a query on a gentle platform fills its pages', async () => {
  await using hub = openTestHub({ platform: 'gentle' });
  await createEntities(hub, ['a', 'b', 'c', 'd', 'e']);
  expect(await readPages(hub, 'entities?top=2')).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});
