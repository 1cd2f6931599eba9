import type { DurableClient } from '../durable/durable-client.ts';
import { collectGarbage } from '../contracts/garbage-collection.ts';
import { resumeSweeping } from '../domain/sweep/garbage.ts';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../domain/group/group-id.ts';

/** Starts the eternal sweep when it does not run: at the first start of the app, and should it ever stop. */
export async function restartEternalOrchestrations(
  client: DurableClient,
  log: (message: string) => void,
): Promise<void> {
  const sweep = await client.status(collectGarbage, COLLECT_GARBAGE_INSTANCE_ID);
  if (sweep !== undefined && !sweep.isFinished) {
    return;
  }
  const input = resumeSweeping(sweep);
  const started = await client.start(collectGarbage, COLLECT_GARBAGE_INSTANCE_ID, input);
  if (started === 'started' && sweep !== undefined) {
    log(`The eternal sweep had ended as ${sweep.runtimeStatus}; it was started again with sweep ${input.number}.`);
  }
}

/**
 * Removes the finished orchestrations that were created before the retention time, with their histories. Otherwise one would stay
 * until another of its id is started.
 */
export async function purgeHistories(
  client: DurableClient,
  { now, historyRetentionMs }: { now: () => number; historyRetentionMs: number },
): Promise<void> {
  await client.purgeFinished(new Date(now() - historyRetentionMs));
}
