import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContainerGroup, GroupIn } from '../../../../src/domain/group/container-group.ts';
import { createSeatClerk, type SeatClerk } from '../../../../src/triggers/seats/seat-clerk.ts';
import { BORN, running } from '../../domain/group/group-fixture.ts';
import { request } from '../../domain/seat/seat-fixture.ts';
import { servedClient, type ServedClient } from './served-client.ts';

const FLEET = { fleet: 'arena', labels: {} };

let client: ServedClient;
let clerk: SeatClerk;

const now = () => Date.now();
const group = (name: string, more: Partial<GroupIn<'Running'>> = {}): ContainerGroup => ({
  ...running,
  containerGroupName: name,
  maxSessions: 2,
  labels: { fleet: 'arena' },
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(BORN);
  clerk = createSeatClerk(now);
  client = servedClient([group('game-1'), group('game-2'), group('other', { labels: { fleet: 'duel' } })], now);
});

afterEach(() => {
  vi.useRealTimers();
});

async function ask(...requestIds: string[]): Promise<(string | undefined)[]> {
  const asked = requestIds.map((requestId) =>
    clerk.ask(client, FLEET, { ...request, requestId, leaseId: `lease of ${requestId}` }),
  );
  await vi.advanceTimersByTimeAsync(500);
  const taken = await Promise.all(asked);
  return taken.map(({ leases }, index) => leases.get(requestIds[index] ?? '')?.group);
}

describe('the clerk', () => {
  test('asks once for all who ask at the same time', async () => {
    const got = await ask('a', 'b', 'c');
    expect(got).toEqual(['games:game-1', 'games:game-1', 'games:game-2']);
    expect(client.batches).toHaveLength(1);
    expect(client.signals[0]).toMatchObject({ key: 'arena', operation: 'take' });
  });

  test('looks at the groups once a second at the most', async () => {
    await ask('a');
    await ask('b');
    expect(client.looks).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await ask('c');
    expect(client.looks).toBe(2);
  });

  test('tells nobody that there is no room by what was known before he asked', async () => {
    await ask('a', 'b', 'c', 'd');
    client.entities.set('games:game-3', group('game-3'));
    expect(await ask('e')).toEqual(['games:game-3']);
    expect(client.looks).toBe(2);
  });

  test('goes without when nothing is free, after one more look', async () => {
    await ask('a', 'b', 'c', 'd');
    expect(await ask('e')).toEqual([undefined]);
    expect(client.looks).toBe(2);
    expect(await clerkAsksAlone()).toEqual([undefined]);
  });

  test('takes into account what others have sold', async () => {
    await ask('a');
    const other = createSeatClerk(now);
    const asked = other.ask(client, FLEET, { ...request, requestId: 'of another', leaseId: 'b', seats: 2 });
    await vi.advanceTimersByTimeAsync(500);
    await asked;
    expect(await ask('c')).toEqual(['games:game-1']);
    expect(await ask('d')).toEqual([undefined]);
  });

  test('reads a book again that it has not read for a second, before it chooses by it', async () => {
    await ask('a');
    const other = createSeatClerk(now);
    const asked = other.ask(client, FLEET, { ...request, requestId: 'b', leaseId: 'lease of b' });
    await vi.advanceTimersByTimeAsync(2_000);
    await asked;
    await ask('c');
    expect(client.batches.at(-1)?.groups.map(({ key }) => key)).toEqual(['games:game-2']);
  });

  test('begins no book for a fleet without groups', async () => {
    const asked = clerk.ask(client, { fleet: 'nowhere', labels: {} }, request);
    await vi.advanceTimersByTimeAsync(500);
    expect((await asked).leases.size).toBe(0);
    expect(client.signals).toEqual([]);
  });

  test('looks again when the clock was set', async () => {
    await ask('a');
    vi.setSystemTime(Date.parse(BORN) + 3_600_000);
    expect(await ask('b')).toEqual(['games:game-1']);
    expect(client.looks).toBe(2);
  });

  test('does what is asked of a lease without a look', async () => {
    await ask('a');
    const acted = clerk.act(client, 'arena', { leaseId: 'lease of a', action: 'release' });
    await vi.advanceTimersByTimeAsync(500);
    expect((await acted).leases['lease of a']).toHaveProperty('releasedAt');
    expect(client.looks).toBe(1);
    expect(client.batches[1]).toMatchObject({ groups: [], requests: [] });
  });

  test('says that an answer is pending when the book does not take the batch in time', async () => {
    client.isStuck = true;
    const asked = expect(clerk.ask(client, FLEET, request)).rejects.toMatchObject({
      failure: { code: 'commandPending' },
    });
    await vi.advanceTimersByTimeAsync(32_000);
    await asked;
  });

  test('tells those who wait what went wrong, and serves the next', async () => {
    client.failNext(new Error('The backend is away.'));
    const asked = expect(clerk.ask(client, FLEET, request)).rejects.toThrow('The backend is away.');
    await vi.advanceTimersByTimeAsync(500);
    await asked;
    expect(await ask('a')).toEqual(['games:game-1']);
  });

  async function clerkAsksAlone(): Promise<(string | undefined)[]> {
    await vi.advanceTimersByTimeAsync(5_000);
    return ask('alone');
  }
});
