import { describe, expect, test } from 'vitest';
import { containerGroupEntity } from '../../../src/contracts/container-group.ts';
import { DEAD_ROW_REST_MS, LOOK_GOOD_FOR_MS } from '../../../src/domain/sweep/at-rest.ts';
import { toInstant } from '../../../src/domain/time.ts';
import { purgeDeadRows } from '../../../src/triggers/dead-rows.ts';
import { createFakeDurableClient, type FakeRow } from '../durable/fake-durable-client.ts';
import { BORN } from '../domain/group/group-fixture.ts';

const now = Date.parse(BORN);
const long = toInstant(now - DEAD_ROW_REST_MS);
const lately = toInstant(now - DEAD_ROW_REST_MS + 1_000);

function clientWith(rows: Record<string, FakeRow>) {
  const client = createFakeDurableClient();
  for (const [id, row] of Object.entries(rows)) {
    client.rows.set(id, row);
  }
  return client;
}

async function purge(client: ReturnType<typeof clientWith>, clock = () => now) {
  const log: string[] = [];
  await purgeDeadRows(client, { now: clock, log: (message) => log.push(message) });
  return { log, left: [...client.rows.keys()] };
}

describe('the row of a deleted group', () => {
  test('is purged when nothing has happened under its name for an hour', async () => {
    const client = clientWith({
      '@containergroup@games:a': { lastUpdatedTime: long },
      'provision:games:a': { lastUpdatedTime: long },
      'delete:games:a': { lastUpdatedTime: long },
    });
    const { log, left } = await purge(client);
    expect(left).toEqual(['provision:games:a', 'delete:games:a']);
    expect(log).toEqual(['1 rows of deleted groups were purged.']);
  });

  test.each<[string, Record<string, FakeRow>]>([
    ['it was deleted lately', { '@containergroup@games:a': { lastUpdatedTime: lately } }],
    ['a provisioning runs', { 'provision:games:a': { lastUpdatedTime: long, isOver: false } }],
    ['a provisioning ended lately', { 'provision:games:a': { lastUpdatedTime: lately } }],
    ['a deletion runs', { 'delete:games:a': { lastUpdatedTime: long, isOver: false } }],
    ['a deletion ended lately', { 'delete:games:a': { lastUpdatedTime: lately } }],
  ])('stays when %s', async (_, rows) => {
    const client = clientWith({ '@containergroup@games:a': { lastUpdatedTime: long }, ...rows });
    const before = [...client.rows.keys()];
    expect((await purge(client)).left).toEqual(before);
  });

  test('stays when the look at it has grown old', async () => {
    const client = clientWith({ '@containergroup@games:a': { lastUpdatedTime: long } });
    let at = now;
    const { entityRow } = client;
    client.entityRow = async (...asked) => {
      at += LOOK_GOOD_FOR_MS;
      return entityRow(...asked);
    };
    expect((await purge(client, () => at)).left).toHaveLength(1);
  });

  test('stays when the group has come back since the list was read', async () => {
    const client = clientWith({ '@containergroup@games:a': { lastUpdatedTime: long } });
    client.entityRow = async () => ({ isOver: false, lastUpdatedTime: toInstant(now) });
    expect((await purge(client)).left).toHaveLength(1);
  });

  test('stays with those of other entities', async () => {
    const client = clientWith({ '@sealingcheck@mark': { lastUpdatedTime: long } });
    expect((await purge(client)).left).toEqual(['@sealingcheck@mark']);
  });
});

describe('many rows', () => {
  const keys = Array.from({ length: 2_600 }, (_, index) => `games:${String(index).padStart(4, '0')}`);
  const many = (isOver: (index: number) => boolean) =>
    Object.fromEntries(
      keys.map((key, index) => [`@containergroup@${key}`, { lastUpdatedTime: long, isOver: isOver(index) }]),
    );

  test('are read a page at a time, and the living ones among them stay', async () => {
    const client = clientWith(many((index) => index % 3 === 0));
    let pageCount = 0;
    const { entityRows } = client;
    client.entityRows = (...asked) => {
      pageCount += 1;
      return entityRows(...asked);
    };
    const { left } = await purge(client);
    expect(left).toHaveLength(keys.filter((_, index) => index % 3 !== 0).length);
    expect(pageCount).toBe(6);
  });

  test('are purged in several runs, none of which does more than it may', async () => {
    const client = clientWith(many(() => true));
    const first = await purge(client);
    expect(first.left).toHaveLength(600);
    expect(first.log).toEqual(['2000 rows of deleted groups were purged; the next run goes on.']);
    expect((await purge(client)).left).toEqual([]);
  });

  test('are left to the next run when the time of this one is over', async () => {
    const client = clientWith(many(() => true));
    let at = now;
    const { purgeEntityRow } = client;
    client.purgeEntityRow = (...asked) => {
      at += 1_000;
      return purgeEntityRow(...asked);
    };
    const { left } = await purge(client, () => at);
    expect(left.length).toBeGreaterThan(2_000);
    expect(left.length).toBeLessThan(2_600);
  });

  test('are purged though one of them cannot be, and the run fails in the end', async () => {
    const client = clientWith(many((index) => index < 30));
    const { purgeEntityRow } = client;
    client.purgeEntityRow = (entity, key) =>
      key === keys[3] ? Promise.reject(new Error('The storage is busy.')) : purgeEntityRow(entity, key);
    await expect(purge(client)).rejects.toThrow('1 rows of deleted groups could not be purged.');
    expect(await client.entityRow(containerGroupEntity, keys[3] ?? '')).toBeDefined();
    expect(client.rows.size).toBe(2_600 - 29);
  });
});
