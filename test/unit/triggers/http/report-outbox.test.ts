import { expect, test } from 'vitest';
import type { CommandInput } from '../../../../src/domain/group/group-command.ts';
import { MAX_NAMED_LEASES } from '../../../../src/domain/group/named-leases.ts';
import { createReportOutbox } from '../../../../src/triggers/http/report-outbox.ts';
import { LATER, BORN } from '../../domain/group/group-fixture.ts';

type Report = CommandInput<'reportSessions'>;

const KEY = 'games:game-1';

function report(activeSessions: number, parts: Partial<Report> = {}): Report {
  return { at: LATER, incarnation: 'first', source: 'server', activeSessions, ...parts };
}

/** A client whose signals stay on their way until the test lets them through. */
function createSlowClient() {
  const underWay: { input: unknown; done: PromiseWithResolvers<undefined> }[] = [];
  return {
    signal(_entity: unknown, _key: string, _operation: string, input: unknown) {
      const done = Promise.withResolvers<undefined>();
      underWay.push({ input, done });
      return done.promise;
    },
    /** The signal that is on its way; there is never more than one. */
    async next(error?: Error): Promise<unknown> {
      await expect.poll(() => underWay.length).toBe(1);
      const signal = underWay.shift();
      if (error === undefined) {
        signal?.done.resolve(undefined);
      } else {
        signal?.done.reject(error);
      }
      return signal?.input;
    },
    get count() {
      return underWay.length;
    },
  };
}

test('a report that nothing is before goes at once', async () => {
  const client = createSlowClient();
  const sent = createReportOutbox().send(client, KEY, report(1));
  expect(client.count).toBe(1);
  expect(await client.next()).toEqual(report(1));
  await sent;
});

test('of the reports that come while one is on its way, the newest stands for all', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const sent = [1, 2, 3, 4].map((count) => outbox.send(client, KEY, report(count, { sequence: count })));
  expect(await client.next()).toMatchObject({ activeSessions: 1 });
  expect(await client.next()).toMatchObject({ activeSessions: 4 });
  await Promise.all(sent);
  expect(client.count).toBe(0);
});

test('a report is not answered before it, or the one in its place, is stored', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const stored: number[] = [];
  const sent = [1, 2, 3].map(async (count) => {
    await outbox.send(client, KEY, report(count));
    stored.push(count);
  });
  await client.next();
  await expect.poll(() => stored).toEqual([1]);
  await client.next();
  await Promise.all(sent);
  expect(stored).toEqual([1, 2, 3]);
});

test.each([
  ['another source', { source: 'matchmaker' as const }],
  ['another boot', { bootId: 'b' }],
  ['another beginning of its boot', { bootedAt: BORN }],
  ['another incarnation', { incarnation: 'second' }],
  ['a sequence that is not after it', { sequence: 5 }],
  ['no sequence, where it has one', {}],
  ['an earlier moment', { sequence: 6, at: BORN }],
])('a report is not replaced by one with %s', async (_, parts) => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const waiting = report(2, { sequence: 5 });
  const sent = [report(1), waiting, report(3, parts)].map((each) => outbox.send(client, KEY, each));
  await client.next();
  expect(await client.next()).toEqual(waiting);
  expect(await client.next()).toEqual(report(3, parts));
  await Promise.all(sent);
});

test('a report that could not be stored fails for all that it stood for, and the next one goes', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const first = outbox.send(client, KEY, report(1));
  const second = outbox.send(client, KEY, report(2));
  const third = outbox.send(client, KEY, report(3));
  const failures = Promise.allSettled([first, second, third]);
  await client.next();
  await client.next(new Error('The queue is away.'));
  const outcomes = await failures;
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  const fourth = outbox.send(client, KEY, report(4));
  expect(await client.next()).toMatchObject({ activeSessions: 4 });
  await fourth;
});

test('the groups do not wait for each other', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  void outbox.send(client, KEY, report(1));
  void outbox.send(client, 'games:game-2', report(2));
  expect(client.count).toBe(2);
});

test('a report that stands for others names the leases that they have named', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const named: (string[] | undefined)[] = [undefined, ['a'], undefined, ['b', 'a']];
  const sent = named.map((leases, count) =>
    outbox.send(client, KEY, report(count, leases === undefined ? {} : { leases })),
  );
  expect(await client.next()).toEqual(report(0));
  expect(await client.next()).toEqual(report(3, { leases: ['a', 'b'] }));
  await Promise.all(sent);
});

test('no report names more leases than a report may', async () => {
  const client = createSlowClient();
  const outbox = createReportOutbox();
  const many = (prefix: string) => Array.from({ length: MAX_NAMED_LEASES }, (_, index) => `${prefix}-${index}`);
  const sent = [[], many('a'), many('b')].map((leases, count) => outbox.send(client, KEY, report(count, { leases })));
  for (const leases of [[], many('a'), many('b')]) {
    expect(await client.next()).toMatchObject({ leases });
  }
  await Promise.all(sent);
});
