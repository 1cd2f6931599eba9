import { anyReconciliation, reconcile } from '../contracts/reconciliation.ts';
import { RECONCILE_INSTANCE_ID } from '../domain/group/group-id.ts';
import type { SeenReconciliation } from '../domain/reconcile/reconciliation-signs.ts';
import { resumeReconciling } from '../domain/reconcile/reconciling.ts';
import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';

/**
 * A reconciliation that runs, as it was found; or one that was started: its number, and how the one before it ended if there was one. Another
 * instance of the app may have started one at the same moment.
 */
export type EnsuredReconciliation =
  | { is: 'running'; reconciliation: SeenReconciliation }
  | { is: 'started'; number: number; endedAs: RuntimeStatus | undefined }
  | { is: 'startedByAnother' };

/** Starts the eternal reconciliation when it does not run, with its number and its last report kept. */
export async function ensureReconciliation(client: DurableClient): Promise<EnsuredReconciliation> {
  const found = await client.status(anyReconciliation, RECONCILE_INSTANCE_ID);
  if (found !== undefined && !found.isFinished) {
    return { is: 'running', reconciliation: found };
  }
  const input = resumeReconciling(await client.statusWithInput(anyReconciliation, RECONCILE_INSTANCE_ID));
  const started = await client.start(reconcile, RECONCILE_INSTANCE_ID, input);
  return started === 'started'
    ? { is: 'started', number: input.number, endedAs: found?.runtimeStatus }
    : { is: 'startedByAnother' };
}
