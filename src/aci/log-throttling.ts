import type { ArmResult } from './container-groups.ts';

/**
 * Writes a line to the log when ARM refused a call for the number of calls, and hands the result on. An alert counts these
 * lines (infra/queries/throttled.kql), since the orchestration that waits and asks again leaves no other trace of it.
 */
export function logThrottling<Result extends ArmResult<object>>(
  result: Result,
  containerGroupName: string,
  log: (message: string) => void,
): Result {
  if (!result.ok && result.failure.code === 'throttled') {
    const wait = result.retryAfterMs === undefined ? '' : `, which asks for ${result.retryAfterMs} ms`;
    log(`${containerGroupName} throttled by Azure${wait}`);
  }
  return result;
}
