import { expect, onTestFinished, test, vi } from 'vitest';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../../../../src/domain/group/group-id.ts';
import { emptyReconciliation } from '../../../../src/domain/reconcile/reconciling.ts';
import { emptyReport } from '../../../../src/domain/sweep/garbage.ts';
import { aciGC, aciGCReport } from '../../../../src/triggers/http/aci-gc.ts';
import {
  createFakeDurableClient,
  type FakeDurableClient,
  type FakeInstance,
} from '../../durable/fake-durable-client.ts';
import { requestWith } from './request.ts';

const reportOf = (number: number) => emptyReport(number, '2026-11-24T10:00:00.000Z');

/** A client of a sweep that waits after number 4, and what is to be seen once it has been asked to sweep. */
function waitingSweep(afterwards: FakeInstance): FakeDurableClient {
  const client = createFakeDurableClient();
  const status = { number: 4, phase: 'waiting', last: reportOf(4) };
  client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { input: { number: 4, last: reportOf(3) }, status });
  return {
    ...client,
    raise: async (...parameters) => {
      await client.raise(...parameters);
      client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, afterwards);
    },
  };
}

test.each([
  {
    says: 'the sweep that it asked for',
    afterwards: {
      input: { number: 5, last: reportOf(4) },
      status: { number: 5, phase: 'waiting' as const, last: reportOf(5) },
    },
  },
  {
    says: 'the sweep that it asked for though another one has ended since',
    afterwards: {
      input: { number: 6, last: reportOf(5) },
      status: { number: 6, phase: 'waiting' as const, last: reportOf(6) },
    },
  },
  {
    says: 'the sweep that it asked for while another one is under way',
    afterwards: {
      input: { number: 6, last: reportOf(5) },
      status: { number: 6, phase: 'sweeping' as const, last: reportOf(5) },
    },
  },
])('ACIGC answers with $says', async ({ afterwards }) => {
  const client = waitingSweep(afterwards);
  expect((await aciGC().handle(requestWith(client, {}))).jsonBody).toEqual(reportOf(5));
  expect(client.raised).toEqual([{ event: 'sweepNow', instanceId: COLLECT_GARBAGE_INSTANCE_ID, data: { after: 4 } }]);
});

/** A client to which a sweep looks, from one look after the request to the next, as it does here; the last one stays. */
function changingSweep(...views: FakeInstance[]): FakeDurableClient {
  const [first = {}, ...coming] = views;
  const client = waitingSweep(first);
  return {
    ...client,
    statusWithInput: async (...parameters) => {
      const seen = await client.statusWithInput(...parameters);
      const next = client.raised.length > 0 ? coming.shift() : undefined;
      if (next !== undefined) {
        client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, next);
      }
      return seen;
    },
  };
}

const collecting = (number: number, collectedCount: number, sweep: number) => ({
  input: { number, last: reportOf(number - 1) },
  status: {
    number,
    phase: 'collecting' as const,
    last: { ...reportOf(number), startedCount: 2, collectedCount },
    underWay: { count: 2 - collectedCount, sweeps: [sweep] },
  },
});

test('ACIGC answers when the deletions that its sweep started have ended', async () => {
  const done = { ...reportOf(5), startedCount: 2, collectedCount: 2 };
  const client = changingSweep(collecting(5, 0, 5), collecting(5, 1, 5), {
    input: { number: 5, last: reportOf(4) },
    status: { number: 5, phase: 'waiting', last: done },
  });
  expect(await aciGC().handle(requestWith(client, {}))).toEqual({ jsonBody: done });
});

test('ACIGC waits for the deletions of its sweep and no others, though another sweep has begun', async () => {
  const mine = { ...reportOf(5), startedCount: 2, collectedCount: 1 };
  const taken = { input: { number: 6, last: mine, underWay: [] }, status: collecting(6, 0, 5).status };
  const client = changingSweep(collecting(5, 1, 5), taken, { ...taken, status: collecting(6, 0, 6).status });
  expect(await aciGC().handle(requestWith(client, {}))).toEqual({ jsonBody: mine });
});

test.each([
  ['one that an earlier sweep has left over', { count: 1, sweeps: [4] }],
  ['one that its sweep only found under way', { count: 1, sweeps: [] }],
])('ACIGC does not wait for %s', async (_, underWay) => {
  const done = { ...reportOf(5), startedCount: 2, collectedCount: 2 };
  const { input, status } = collecting(5, 1, 5);
  const client = changingSweep({ input, status: { ...status, last: done, underWay } });
  expect(await aciGC().handle(requestWith(client, {}))).toEqual({ jsonBody: done });
});

test('ACIGC asks again for a sweep that does not begin, and answers 202 when it takes too long', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const client = createFakeDurableClient();
  client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { input: { number: 4 }, status: { number: 4, phase: 'sweeping' } });
  const answer = aciGC().handle(requestWith(client, {}));
  await vi.advanceTimersByTimeAsync(70_000);
  expect(await answer).toEqual({ status: 202, headers: { 'Retry-After': '10' }, jsonBody: { number: 5 } });
  expect(client.raised.map(({ data }) => data)).toEqual(Array.from({ length: 5 }, () => ({ after: 4 })));
});

test('a sweep of an older version that ends itself is started anew at once, with its number and report kept', async () => {
  const last = reportOf(4);
  const client = waitingSweep({
    input: { number: 4, last },
    status: { number: 4, phase: 'waiting', last },
    isFinished: true,
  });
  const starting: FakeDurableClient = {
    ...client,
    start: async (...parameters) => {
      const started = await client.start(...parameters);
      const status = { number: 5, phase: 'waiting', last: reportOf(5) };
      client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { input: { number: 5, last }, status });
      return started;
    },
  };
  expect((await aciGC().handle(requestWith(starting, {}))).jsonBody).toEqual(reportOf(5));
  expect(client.started.map(({ input }) => input)).toEqual([{ number: 5, last }]);
});

test('a sweep that died unreadably is started, and answers with its report', async () => {
  const client = createFakeDurableClient();
  client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { input: 1, status: 'odd', output: 'It broke.', isFinished: true });
  const starting: FakeDurableClient = {
    ...client,
    start: async (...parameters) => {
      const started = await client.start(...parameters);
      const status = { number: 1, phase: 'waiting', last: reportOf(1) };
      client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { input: { number: 1 }, status });
      return started;
    },
  };
  expect((await aciGC().handle(requestWith(starting, {}))).jsonBody).toEqual(reportOf(1));
  expect(client.started.map(({ input }) => input)).toEqual([{ number: 1 }]);
});

test('the last report is refused when there is none that can be read', async () => {
  const client = createFakeDurableClient();
  client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { status: { number: 3, last: 'odd' } });
  await expect(aciGCReport().handle(requestWith(client, {}))).rejects.toMatchObject({
    failure: { code: 'noSweepYet' },
  });
});

test('the last report brings that of the last reconciliation, as far as there is one', async () => {
  const client = createFakeDurableClient();
  client.instances.set(COLLECT_GARBAGE_INSTANCE_ID, { status: { number: 4, phase: 'waiting', last: reportOf(4) } });
  expect((await aciGCReport().handle(requestWith(client, {}))).jsonBody).toEqual(reportOf(4));
  const last = emptyReconciliation(9, '2026-11-24T10:00:00.000Z');
  client.instances.set('reconcile', { status: { number: 9, phase: 'waiting', last } });
  expect((await aciGCReport().handle(requestWith(client, {}))).jsonBody).toEqual({
    ...reportOf(4),
    reconciliation: last,
  });
});
