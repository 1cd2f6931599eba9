import type { Clock } from '../../clock/clock.ts';

/**
 * Rejects when `call` takes longer than `timeoutMs`; undefined means that it may take for ever. Azure ends the worker then; here
 * the handler goes on, but nobody waits for it any more (learn.microsoft.com/azure/azure-functions/functions-host-json#functiontimeout).
 */
export async function withTimeout<T>(
  call: Promise<T>,
  { clock, timeoutMs, functionName }: { clock: Clock; timeoutMs: number | undefined; functionName: string },
): Promise<T> {
  if (timeoutMs === undefined) return call;
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  using _ = clock.schedule(clock.now() + timeoutMs, () => {
    reject(new Error(`Timeout value of ${timeoutMs / 1000} s was exceeded by function: Functions.${functionName}`));
  });
  return await Promise.race([call, timedOut]);
}
