/* oxlint-disable require-yield -- there is nothing to wait for */
import type { z } from 'zod';
import type { rememberDeletion } from '../contracts/deletion.ts';
import type { Step } from '../durable/steps.ts';

/** Does nothing: its input is what is remembered. */
export function* orchestrateRememberedDeletion(): Step<z.infer<typeof rememberDeletion.output>> {
  return {};
}
