import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { poll } from '../../../../src/triggers/http/poll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function pollUntil(timeoutMs: number, readyAfterMs: number) {
  const askedAfterMs: number[] = [];
  const begun = Date.now();
  const answer = poll(timeoutMs, async () => {
    const afterMs = Date.now() - begun;
    askedAfterMs.push(afterMs);
    return afterMs >= readyAfterMs ? 'ready' : undefined;
  });
  await vi.runAllTimersAsync();
  return { answer: await answer, askedAfterMs };
}

test('an answer that is there is taken without a wait', async () => {
  expect(await pollUntil(1_000, 0)).toEqual({ answer: 'ready', askedAfterMs: [0] });
});

test('an answer is asked for ever more rarely, up to once a second', async () => {
  const { answer, askedAfterMs } = await pollUntil(30_000, 20_000);
  const gaps = askedAfterMs.map((at, index) => at - (askedAfterMs[index - 1] ?? 0));
  expect(answer).toBe('ready');
  expect(askedAfterMs.slice(0, 3)).toEqual([0, 10, 25]);
  expect(Math.max(...gaps)).toBe(1_000);
});

test('when the time is over there is a last look and no answer', async () => {
  const { answer, askedAfterMs } = await pollUntil(5_000, Infinity);
  expect(answer).toBeUndefined();
  expect(askedAfterMs.at(-1)).toBeGreaterThanOrEqual(5_000);
  expect(askedAfterMs.at(-1)).toBeLessThan(6_000);
});

test('what the question throws is thrown on', async () => {
  const broken = async (): Promise<undefined> => {
    throw new Error('The store is away.');
  };
  await expect(poll(1_000, broken)).rejects.toThrow('The store is away.');
});
