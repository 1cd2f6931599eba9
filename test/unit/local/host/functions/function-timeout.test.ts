import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../../../local/clock/virtual-clock.ts';
import { withTimeout } from '../../../../../local/host/functions/function-timeout.ts';

test('a call that takes too long is rejected with its name', async () => {
  const clock = createVirtualClock({ startMs: 0 });
  const never = new Promise<void>(() => {});
  const outcome = withTimeout(never, { clock, timeoutMs: 300_000, functionName: 'slow' });
  clock.advanceTo(300_000);
  await expect(outcome).rejects.toThrow('Timeout value of 300 s was exceeded by function: Functions.slow');
});

test('a call that ends in time leaves no alarm behind', async () => {
  const clock = createVirtualClock({ startMs: 0 });
  expect(await withTimeout(Promise.resolve('done'), { clock, timeoutMs: 1, functionName: 'fast' })).toBe('done');
  expect(clock.nextAtMs()).toBeUndefined();
});

test('without a limit nothing is scheduled', async () => {
  const clock = createVirtualClock({ startMs: 0 });
  const call = withTimeout(new Promise<void>(() => {}), { clock, timeoutMs: undefined, functionName: 'endless' });
  expect(clock.nextAtMs()).toBeUndefined();
  expect(call).toBeInstanceOf(Promise);
});
