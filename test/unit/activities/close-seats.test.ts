import { beforeEach, describe, expect, test, vi } from 'vitest';
import { closeSeatsActivity } from '../../../src/activities/close-seats.ts';
import { openSeatsActivity } from '../../../src/activities/open-seats.ts';
import { closeGroup, closeGroupSchema } from '../../../src/domain/seat/close-group.ts';
import { emptyBook, seatBookSchema } from '../../../src/domain/seat/seat-book.ts';
import { beingDeleted, BORN, failed, marked } from '../domain/group/group-fixture.ts';
import { at, bookOf, lease } from '../domain/seat/seat-fixture.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../durable/fake-durable-client.ts';

const KEY = 'games:game-1';
const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const asked = { ...id, closingId: 'closing-1', mode: 'graceful' as const };
const deletedOutside = { ...failed, failure: { code: 'deletedOutside' as const, message: 'It is gone.' } };

let client: FakeDurableClient;

beforeEach(() => {
  client = createFakeDurableClient();
  client.entities.set(KEY, marked);
});

/** The client of a host whose books take what they are sent. */
function served(): FakeDurableClient {
  const signal: FakeDurableClient['signal'] = async (entity, key, operation, input) => {
    await client.signal(entity, key, operation, input);
    const book = seatBookSchema.optional().parse(client.entities.get(key));
    client.entities.set(key, closeGroup(book, closeGroupSchema.parse(input), at(0)));
  };
  return { ...client, signal };
}

function close(more: Partial<Parameters<ReturnType<typeof closeSeatsActivity>>[0]> = {}, nowMs = 0, by = served()) {
  const activity = closeSeatsActivity({ now: () => Date.parse(BORN) + nowMs });
  return activity({ ...asked, ...more }, { client: by, log: () => undefined });
}

describe('closing a group in the book of its fleet', () => {
  test('is answered by what the book has committed', async () => {
    expect(await close()).toEqual({ outcome: 'closed', incarnation: 'first' });
    const input = { closingId: 'closing-1', at: BORN, key: KEY, incarnation: 'first', force: false };
    expect(client.signals).toEqual([{ key: 'default', operation: 'close', input }]);
  });

  test('of a group whose label names no fleet goes to the book of the default one', async () => {
    client.entities.set(KEY, { ...marked, labels: { fleet: '' } });
    expect(await close()).toMatchObject({ outcome: 'closed' });
    expect(client.signals).toMatchObject([{ key: 'default' }]);
  });

  test('is refused while a seat is leased, unless it is forced or there is no way back for the group', async () => {
    client.entities.set('default', bookOf({ a: lease }));
    expect(await close()).toMatchObject({ outcome: 'refused', failure: { code: 'seatsLeased' } });
    expect(await close({ closingId: 'closing-2', mode: 'force' })).toMatchObject({ outcome: 'closed' });
    client.entities.set(KEY, beingDeleted).set('default', bookOf({ a: lease }));
    expect(await close()).toMatchObject({ outcome: 'closed' });
  });

  test('breaks no lease on the word of Azure that the group is gone, before somebody has looked', async () => {
    client.entities.set(KEY, { ...deletedOutside, endpoint: { ports: [] } }).set('default', bookOf({ a: lease }));
    expect(await close({ mode: 'ifIdle' })).toMatchObject({ outcome: 'refused', failure: { code: 'seatsLeased' } });
    expect(client.entities.get('default')).toMatchObject({ leases: { a: lease } });
    client.entities.set(KEY, deletedOutside).set('default', bookOf({}));
    expect(await close({ mode: 'ifIdle' })).toMatchObject({ outcome: 'closed' });
  });

  test('waits until a group that ran, and that Azure has denied, is seen to be gone', async () => {
    const denied = { ...deletedOutside, endpoint: { ports: [] } };
    client.entities.set(KEY, denied).set('default', bookOf({ a: lease }));
    expect(await close()).toEqual({ outcome: 'absenceNotSeen', incarnation: 'first' });
    expect(client.signals).toEqual([]);
    expect(await close({ absenceSeen: true })).toMatchObject({ outcome: 'closed' });
  });

  test.each([
    ['there is none', undefined, {}],
    ['it is another by now', marked, { incarnation: 'second' }],
    ['its fleet has a name too long for a book', { ...marked, labels: { fleet: 'a'.repeat(64) } }, {}],
    ['a newer version wrote it', { ...marked, state: 'Paused' }, {}],
  ])('is about nothing when %s', async (_says, group, more) => {
    client.entities.set(KEY, group);
    expect(await close(more)).toEqual({ outcome: 'nothing' });
    expect(client.signals).toEqual([]);
  });

  test('costs nothing but two looks when nothing was ever leased of the fleet and the group is long marked', async () => {
    expect(await close({}, 60_001)).toEqual({ outcome: 'nothing' });
    expect(client.signals).toEqual([]);
    expect(await close({ mode: 'ifIdle' }, 60_001)).toMatchObject({ outcome: 'closed' });
    expect(client.signals).toHaveLength(1);
  });

  test('is refused when a newer version wrote the book', async () => {
    client.entities.set('default', { ...emptyBook(BORN), schemaVersion: 2 });
    expect(await close()).toMatchObject({ outcome: 'refused', failure: { code: 'newerState' } });
  });

  test('is pending when the book does not say, and passed over by force', async () => {
    vi.useFakeTimers();
    try {
      const closed = Promise.all([close({}, 0, client), close({ mode: 'force' }, 0, client)]);
      await vi.runAllTimersAsync();
      expect(await closed).toEqual([{ outcome: 'pending', incarnation: 'first' }, { outcome: 'nothing' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['newer', { ...emptyBook(BORN), schemaVersion: 2 }],
    ['of no shape that is known', { clock: 7 }],
  ])('by force passes over a book that is %s', async (_says, book) => {
    client.entities.set('default', book);
    expect(await close({ mode: 'force' }, 0, client)).toEqual({ outcome: 'nothing' });
  });

  test('throws when the book is of no shape that is known, and nothing is forced', async () => {
    client.entities.set('default', { clock: 7 });
    await expect(close({}, 0, client)).rejects.toThrow("can't be read");
  });
});

test('a group is opened again in the book of its fleet, unless it is another by now', async () => {
  const open = (incarnation: string) =>
    openSeatsActivity({ ...id, closingId: 'closing-1', incarnation }, { client, log: () => undefined });
  await open('first');
  const input = { closingId: 'closing-1', key: KEY, incarnation: 'first' };
  expect(client.signals).toEqual([{ key: 'default', operation: 'open', input }]);
  await open('second');
  expect(client.signals).toHaveLength(1);
});
