import { expect, test } from 'vitest';
import { callWithRetry } from '../../../../../local/host/functions/function-retry.ts';
import type { RetryContext, RetryOptions } from '../../../../../local/host/worker/core-api.ts';

async function run(
  policy: RetryOptions | undefined,
  failures: number,
): Promise<{ ok: boolean; waitsMs: number[]; contexts: (RetryContext | undefined)[] }> {
  const waitsMs: number[] = [];
  const contexts: (RetryContext | undefined)[] = [];
  const ok = await callWithRetry(
    async (context) => {
      contexts.push(context);
      if (contexts.length <= failures) throw new Error(`failure ${contexts.length}`);
    },
    { policy, random: () => 0.5, wait: async (delayMs) => void waitsMs.push(delayMs) },
  );
  return { ok, waitsMs, contexts };
}

test.each([
  { description: 'no policy: one call', policy: undefined, failures: 1, ok: false, waitsMs: [] },
  {
    description: 'no retry needed',
    policy: { maxRetryCount: 3, delayInterval: { seconds: 1 } },
    failures: 0,
    ok: true,
    waitsMs: [],
  },
  {
    description: 'a fixed delay',
    policy: { maxRetryCount: 3, delayInterval: { seconds: 2 } },
    failures: 2,
    ok: true,
    waitsMs: [2_000, 2_000],
  },
  {
    description: 'as often as allowed',
    policy: { maxRetryCount: 2, delayInterval: { seconds: 2 } },
    failures: 9,
    ok: false,
    waitsMs: [2_000, 2_000],
  },
  {
    description: 'for ever',
    policy: { maxRetryCount: -1, delayInterval: { seconds: 1 } },
    failures: 5,
    ok: true,
    waitsMs: [1_000, 1_000, 1_000, 1_000, 1_000],
  },
  {
    description: 'doubled up to a maximum',
    policy: {
      maxRetryCount: 4,
      retryStrategy: 'exponentialBackoff' as const,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 5 },
    },
    failures: 4,
    ok: true,
    waitsMs: [1_000, 2_000, 4_000, 5_000],
  },
])('$description', async ({ policy, failures, ok, waitsMs }) => {
  expect(await run(policy, failures)).toMatchObject({ ok, waitsMs });
});

const containing = (text: string): unknown => expect.stringContaining(text);

test('a later call knows which one it is and what went wrong before', async () => {
  const { contexts } = await run({ maxRetryCount: 5, delayInterval: { seconds: 1 } }, 2);
  expect(contexts).toEqual([
    undefined,
    {
      retryCount: 1,
      maxRetryCount: 5,
      exception: { source: '', message: 'failure 1', stackTrace: containing('failure 1') },
    },
    {
      retryCount: 2,
      maxRetryCount: 5,
      exception: { source: '', message: 'failure 2', stackTrace: containing('failure 2') },
    },
  ]);
});
