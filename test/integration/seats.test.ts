import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBody, createRunning, groupOf, idOf, isGone, isRunning, untilState, untilStates } from './stack/game.ts';
import { answerAfter } from './stack/open-request.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

const SEATS = 25;
const CLIENTS = 40;
const NAMES = ['arena-1', 'arena-2', 'arena-3', 'arena-4'];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ faults: { quotas: 'off' }, profile: 'fast' });
  for (const [names, fleet, maxSessions] of [
    [NAMES, 'arena', SEATS],
    [['duel-1', 'duel-2'], 'duel', 2],
  ] as const) {
    for (const name of names) {
      await stack.api('ACICreate', { body: createBody(name, { maxSessions, labels: { fleet, name } }) });
    }
  }
  await untilStates(stack, [...NAMES, 'duel-1', 'duel-2'], isRunning);
});

afterAll(async () => {
  await stack.stop();
});

function allocate(fleet: string, requestId: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return stack.api('ACIAllocate', { body: { fleet, requestId, ...more } });
}

function act(fleet: string, leaseId: string, action: string): Promise<Answer> {
  return stack.api('ACILease', { body: { fleet, leaseId, action } });
}

/** Has a sweep begin, and lets it and all it started come to an end. */
async function sweep(): Promise<void> {
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', {});
  await stack.advance(20_000);
}

/** How many of these answers are seats on each group, the fullest first. */
function seatsByGroup(answers: Answer[]): number[] {
  const counts = new Map<string, number>();
  for (const { body } of answers) {
    counts.set(body.containerGroupName, (counts.get(body.containerGroupName) ?? 0) + 1);
  }
  return [...counts.values()].toSorted((one, other) => other - one);
}

/** Asks for a seat with each id, by clients that each take the next one as soon as they have an answer. */
async function askWithAll(fleet: string, ids: string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const queue = [...ids.entries()];
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        answers[next[0]] = await allocate(fleet, next[1]);
      }
    }),
  );
  return answers;
}

test('forty clients at once fill one group after the other, exactly, and none is sold a seat that there is not', async () => {
  const ids = Array.from({ length: 110 }, (_, index) => `match-${index}`);
  const first = await askWithAll('arena', ids.slice(0, 60));
  expect(first.map(({ status }) => status)).toEqual(first.map(() => 200));
  expect(seatsByGroup(first)).toEqual([SEATS, SEATS, 10]);
  const rest = await askWithAll('arena', ids.slice(60));
  expect(seatsByGroup([...first, ...rest.filter(({ status }) => status === 200)])).toEqual(NAMES.map(() => SEATS));
  const refused = rest.filter(({ status }) => status !== 200);
  expect(refused).toHaveLength(10);
  expect(refused[0]).toMatchObject({ status: 503, body: { code: 'noCapacity' } });
  expect(refused[0]?.headers.get('retry-after')).toBe('5');

  const again = await askWithAll('arena', ids.slice(0, 60));
  expect(again.map(({ body }) => body.leaseId)).toEqual(first.map(({ body }) => body.leaseId));
  const polled = await stack.api(`ACIAllocate?fleet=arena&requestId=${ids[0]}`);
  expect(polled).toMatchObject({ status: 200, body: { leaseId: first[0]?.body.leaseId } });
});

describe('a seat', () => {
  test('says where it is, until when, and how many are left', async () => {
    const seat = await allocate('duel', 'told', { labels: { name: 'duel-1' } });
    expect(seat.body).toEqual({
      leaseId: expect.stringMatching(/^[\w-]{36}$/),
      requestId: 'told',
      fleet: 'duel',
      seats: 1,
      ...idOf('duel-1'),
      publicIP: expect.any(String),
      ports: [{ port: 7777, protocol: 'UDP' }],
      location: 'westeurope',
      expiresAt: expect.any(String),
      isConfirmed: false,
      seatsFree: 1,
    });
    await act('duel', seat.body.leaseId, 'release');
    await stack.advance(6_000);
  });

  test('is had by others once it is released, and not before', async () => {
    const both = await allocate('duel', 'both', { seats: 2, labels: { name: 'duel-1' } });
    expect(await allocate('duel', 'next', { labels: { name: 'duel-1' } })).toMatchObject({ status: 503 });
    const released = await act('duel', both.body.leaseId, 'release');
    expect(released).toMatchObject({ status: 200, body: { requestId: 'both', releasedAt: expect.any(String) } });
    expect((await act('duel', both.body.leaseId, 'release')).body).toEqual(released.body);
    expect(await act('duel', both.body.leaseId, 'confirm')).toMatchObject({
      status: 410,
      body: { code: 'leaseEnded' },
    });
    expect(await allocate('duel', 'both', { labels: { name: 'duel-1' } })).toMatchObject({ status: 410 });
    await stack.advance(6_000);
    const next = await allocate('duel', 'next', { labels: { name: 'duel-1' } });
    expect(next).toMatchObject({ status: 200, body: { seatsFree: 1 } });
    await act('duel', next.body.leaseId, 'release');
    await stack.advance(6_000);
  });

  test('goes back when nobody confirms or renews it', async () => {
    const [kept, renewed, lapsed] = await Promise.all(
      ['kept', 'renewed', 'lapsed'].map((requestId) => allocate('duel', requestId)),
    );
    expect(await act('duel', kept?.body.leaseId, 'confirm')).toMatchObject({ body: { isConfirmed: true } });
    await stack.advance(50_000);
    expect(await act('duel', renewed?.body.leaseId, 'renew')).toMatchObject({ status: 200 });
    await stack.advance(20_000);
    expect(await allocate('duel', 'kept')).toMatchObject({ status: 200, body: { leaseId: kept?.body.leaseId } });
    expect(await allocate('duel', 'renewed')).toMatchObject({ status: 200 });
    expect(await allocate('duel', 'lapsed')).toMatchObject({ status: 410, body: { code: 'leaseEnded' } });
    for (const { body } of [kept, renewed].filter((each) => each !== undefined)) {
      await act('duel', body.leaseId, 'release');
    }
    expect(lapsed?.status).toBe(200);
    await stack.advance(6_000);
  });

  test('of nobody, and of a fleet that has never sold any, is told from one that is over', async () => {
    for (const fleet of ['duel', 'nowhere']) {
      for (const leaseId of ['a-lease', '__proto__', 'constructor']) {
        expect(await act(fleet, leaseId, 'release')).toMatchObject({ status: 404, body: { code: 'unknownLease' } });
      }
      const polled = await stack.api(`ACIAllocate?fleet=${fleet}&requestId=never-asked`);
      expect(polled).toMatchObject({ status: 404, body: { code: 'unknownLease' } });
    }
  });

  test('that the server has named is among its sessions, and counted once', async () => {
    const seat = await allocate('duel', 'named', { labels: { name: 'duel-2' } });
    const report = { ...idOf('duel-2'), activeSessions: 1 };
    await stack.api('ACISetSessions', { body: report });
    await stack.advance(1_000);
    expect(await allocate('duel', 'beside', { seats: 2, labels: { name: 'duel-2' } })).toMatchObject({ status: 503 });
    expect(await allocate('duel', 'beside', { labels: { name: 'duel-2' } })).toMatchObject({ status: 503 });
    await stack.api('ACISetSessions', { body: { ...report, leases: [seat.body.leaseId] } });
    await stack.advance(1_000);
    expect(await allocate('duel', 'beside', { labels: { name: 'duel-2' } })).toMatchObject({ status: 200 });
  });
});

describe('a group with a leased seat', () => {
  test('is kept by the sweep until the lease is over, and is sold no more once its deletion has begun', async () => {
    await createRunning(stack, 'solo-1', { maxSessions: 2, labels: { fleet: 'solo' } });
    const seat = await allocate('solo', 'held');
    await stack.api('ACISetState', { body: { ...idOf('solo-1'), state: 'MarkedForDeletion' } });
    await sweep();
    expect(await groupOf(stack, 'solo-1')).toMatchObject({ state: 'MarkedForDeletion' });
    expect(await act('solo', seat.body.leaseId, 'confirm')).toMatchObject({ status: 200 });
    await act('solo', seat.body.leaseId, 'release');
    await stack.advance(6_000);
    await sweep();
    await untilState(stack, 'solo-1', isGone);
  });

  test('loses it when an operator deletes the group by force', async () => {
    await createRunning(stack, 'solo-2', { maxSessions: 2, labels: { fleet: 'solo' } });
    const seat = await allocate('solo', 'broken');
    await stack.api('ACIDelete', { body: { ...idOf('solo-2'), ifIdle: true } });
    await stack.advance(10_000);
    expect(await groupOf(stack, 'solo-2')).toMatchObject({ state: 'Running' });
    expect((await allocate('solo', 'other')).status).toBe(200);
    await stack.api('ACIDelete', { body: idOf('solo-2') });
    await untilState(stack, 'solo-2', isGone);
    expect(await act('solo', seat.body.leaseId, 'confirm')).toMatchObject({ status: 410, body: { code: 'groupLost' } });
    expect(await allocate('solo', 'broken')).toMatchObject({ status: 410, body: { code: 'groupLost' } });
    expect(await allocate('solo', 'another')).toMatchObject({ status: 503, body: { code: 'noCapacity' } });
  });
});

test('a seat on a group that is being created is waited for', async () => {
  await stack.api('ACICreate', { body: createBody('late-1', { maxSessions: 1, labels: { fleet: 'late' } }) });
  await stack.settle();
  const answer = await allocate('late', 'early');
  expect(answer).toMatchObject({ status: 202, body: { requestId: 'early', status: 'waiting', creatingCount: 1 } });
  const seat = await answerAfter(
    stack,
    stack.api('ACIAllocate?wait=30', { body: { fleet: 'late', requestId: 'early' } }),
    async () => (await groupOf(stack, 'late-1'))?.state === 'Running',
  );
  expect(seat).toMatchObject({ status: 200, body: { containerGroupName: 'late-1' } });
});
