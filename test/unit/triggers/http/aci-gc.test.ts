import { expect, test } from 'vitest';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../../../../src/domain/group/group-id.ts';
import { emptyReport } from '../../../../src/domain/sweep/garbage.ts';
import { aciGC } from '../../../../src/triggers/http/aci-gc.ts';
import type { ApiRequest } from '../../../../src/triggers/http/api-request.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';

const reportOf = (number: number) => emptyReport(number, '2026-11-24T10:00:00.000Z');

function requestOf(client: FakeDurableClient): ApiRequest {
  return {
    method: 'POST',
    origin: 'https://games.example.com',
    query: {},
    params: {},
    header: () => null,
    json: async () => ({}),
    client,
    invocationId: '7',
  };
}

/** A client of a sweep that waits after number 4, and what is to be seen once it has been asked to sweep. */
function waitingSweep(afterwards: { input: unknown; status: unknown }): FakeDurableClient {
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
  expect((await aciGC().handle(requestOf(client))).jsonBody).toEqual(reportOf(5));
  expect(client.raised).toEqual([{ event: 'sweepNow', instanceId: COLLECT_GARBAGE_INSTANCE_ID, data: {} }]);
});
