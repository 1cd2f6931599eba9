import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../../../../local/clock/virtual-clock.ts';
import { WorkQueue } from '../../../../../../local/host/durable/work/work-queue.ts';

/** A queue whose work items end when the test says so. */
function createQueue({ maxConcurrent = 10 } = {}) {
  const clock = createVirtualClock({ startMs: 0 });
  const runs: { key: string; succeed: () => void; fail: (error: Error) => void }[] = [];
  const errors: string[] = [];
  const queue = new WorkQueue<string>({
    maxConcurrent,
    clock,
    run: (key) => {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      runs.push({ key, succeed: () => resolve(undefined), fail: reject });
      return promise;
    },
    onError: (key, error, delayMs) => errors.push(`${key}: ${String(error)}, again in ${delayMs}`),
    onSettled: () => undefined,
  });
  const keys = () => runs.map(({ key }) => key);
  return { queue, clock, runs, errors, keys };
}

it('runs nothing before it is started', async () => {
  const { queue, keys } = createQueue();
  queue.add('a');
  await setImmediate();
  expect(keys()).toEqual([]);
  queue.start();
  await setImmediate();
  expect(keys()).toEqual(['a']);
});

it('never runs one key twice at once, and once more when it was added meanwhile', async () => {
  const { queue, runs, keys } = createQueue();
  queue.start();
  queue.add('a');
  await setImmediate();
  queue.add('a');
  queue.add('a');
  queue.add('b');
  await setImmediate();
  expect(keys()).toEqual(['a', 'b']);
  runs[0]?.succeed();
  await setImmediate();
  await setImmediate();
  expect(keys()).toEqual(['a', 'b', 'a']);
});

it('runs no more at once than it may', async () => {
  const { queue, runs, keys } = createQueue({ maxConcurrent: 2 });
  queue.start();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await setImmediate();
  expect(keys()).toEqual(['a', 'b']);
  runs[1]?.succeed();
  await setImmediate();
  await setImmediate();
  expect(keys()).toEqual(['a', 'b', 'c']);
});

it('tries a failed key again, later each time, and forgets its failures once it succeeded', async () => {
  const { queue, clock, runs, errors, keys } = createQueue();
  queue.start();
  queue.add('a');
  for (const delayMs of [1000, 2000]) {
    await setImmediate();
    runs.at(-1)?.fail(new Error('broken'));
    await setImmediate();
    expect(errors.at(-1)).toBe(`a: Error: broken, again in ${delayMs}`);
    expect(queue.isIdle).toBe(true);
    clock.advanceTo(clock.now() + delayMs);
  }
  await setImmediate();
  expect(keys()).toEqual(['a', 'a', 'a']);
  runs.at(-1)?.succeed();
  await setImmediate();
  queue.add('a');
  await setImmediate();
  runs.at(-1)?.fail(new Error('broken'));
  await setImmediate();
  expect(errors.at(-1)).toContain('again in 1000');
});

it('starts nothing any more once it is stopped', async () => {
  const { queue, clock, runs, keys } = createQueue();
  queue.start();
  queue.add('a');
  await setImmediate();
  queue.stop();
  runs[0]?.fail(new Error('broken'));
  queue.add('b');
  await setImmediate();
  expect(clock.nextAtMs()).toBeUndefined();
  expect(keys()).toEqual(['a']);
});
