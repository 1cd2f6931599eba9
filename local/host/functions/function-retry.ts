import type { RetryContext, RetryOptions } from '../worker/core-api.ts';

/** How to repeat a call. */
export interface RetryOptionsOfCall {
  policy: RetryOptions | undefined;
  random: () => number;
  /** Waits before the next call. */
  wait: (delayMs: number) => Promise<void>;
}

/**
 * Repeats a call that rejects, as the retry policy of its function says; without a policy it is called once. Resolves with
 * whether one of the calls went well; each call has told its own error
 * (learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retries).
 */
export async function callWithRetry(
  attempt: (retryContext: RetryContext | undefined) => Promise<unknown>,
  { policy, random, wait }: RetryOptionsOfCall,
): Promise<boolean> {
  const maxRetryCount = policy?.maxRetryCount ?? 0;
  let retryContext: RetryContext | undefined;
  for (let retryCount = 0; ; retryCount++) {
    try {
      await attempt(retryContext);
      return true;
    } catch (error) {
      if (!policy || (maxRetryCount >= 0 && retryCount >= maxRetryCount)) return false;
      const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
      retryContext = {
        retryCount: retryCount + 1,
        maxRetryCount,
        exception: { source: '', message, stackTrace: stack },
      };
      await wait(delayMs(policy, retryCount, random));
    }
  }
}

/** Exponential: doubled each time from the minimum, spread by a fifth either way, never above the maximum (azure-webjobs-sdk RandomizedExponentialBackoffStrategy.cs). */
function delayMs(policy: RetryOptions, retryCount: number, random: () => number): number {
  if (policy.retryStrategy !== 'exponentialBackoff') return (policy.delayInterval?.seconds ?? 0) * 1000;
  const minimumMs = (policy.minimumInterval?.seconds ?? 0) * 1000;
  const maximumMs = (policy.maximumInterval?.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  return Math.min(maximumMs, minimumMs * 2 ** retryCount * (0.8 + 0.4 * random()));
}
