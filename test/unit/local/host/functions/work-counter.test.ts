import { expect, test } from 'vitest';
import { createWorkCounter } from '../../../../../local/host/functions/work-counter.ts';

test('idle is resolved when the last work ends', async () => {
  const counter = createWorkCounter();
  await counter.whenIdle();
  const first = counter.begin();
  const second = counter.begin();
  let isIdle = false;
  const idle = counter.whenIdle().then(() => (isIdle = true));
  first[Symbol.dispose]();
  await Promise.resolve();
  expect(isIdle).toBe(false);
  second[Symbol.dispose]();
  await idle;
  expect(counter).toMatchObject({ isIdle: true, begunCount: 2 });
});

test('work that is paused does not count, and counts as begun again when it goes on', () => {
  const counter = createWorkCounter();
  const work = counter.begin();
  work.pause();
  expect(counter.isIdle).toBe(true);
  work.resume();
  expect(counter).toMatchObject({ isIdle: false, begunCount: 2 });
  work[Symbol.dispose]();
  expect(counter.isIdle).toBe(true);
});
