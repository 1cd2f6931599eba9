import type { Failed } from '../domain/failure.ts';
import { toArmFailure } from './arm-failure.ts';
import type { ArmResult } from './container-groups.ts';
import type { Redactor } from './redactor.ts';

/** Makes a failure of ARM, or of the way to it, a value; anything else throws, without a secret in it where a redactor is given. */
export async function expecting<T, Result extends ArmResult<T> = ArmResult<T>>(
  attempt: () => Promise<Result>,
  redact?: Redactor,
): Promise<Result | Failed> {
  try {
    return await attempt();
  } catch (error) {
    const failure = toArmFailure(error, redact);
    if (failure === undefined) {
      throw redact === undefined ? error : redacted(error, redact);
    }
    return failure;
  }
}

/** What the SDK makes of a value that it can't send says the value. */
function redacted(error: unknown, redact: Redactor): Error {
  return new Error(redact(error instanceof Error ? error.message : String(error)));
}
