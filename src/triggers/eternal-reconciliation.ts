import { anyReconciliation, reconcile } from '../contracts/reconciliation.ts';
import { RECONCILE_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeReconciling } from '../domain/reconcile/reconciling.ts';
import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';

/** A reconciliation that was started: its number, and how the one before it ended if there was one. */
export interface StartedReconciliation {
  number: number;
  endedAs: RuntimeStatus | undefined;
}

/** Starts the eternal reconciliation when it does not run, with its number and its last report kept; undefined when it runs. */
export async function ensureReconciliation(client: DurableClient): Promise<StartedReconciliation | undefined> {
  const found = await client.status(anyReconciliation, RECONCILE_INSTANCE_ID);
  if (found !== undefined && !found.isFinished) {
    return undefined;
  }
  const input = resumeReconciling(await client.statusWithInput(anyReconciliation, RECONCILE_INSTANCE_ID));
  const started = await client.start(reconcile, RECONCILE_INSTANCE_ID, input);
  return started === 'started' ? { number: input.number, endedAs: found?.runtimeStatus } : undefined;
}
