import type { DurableClient } from '../durable/durable-client.ts';
import { ensureSweep } from './eternal-sweep.ts';

/**
 * Starts the eternal sweep when it does not run: at the first start of the app, after a turn of an older version, and should it
 * ever stop.
 */
export async function restartEternalOrchestrations(
  client: DurableClient,
  log: (message: string) => void,
): Promise<void> {
  const sweep = await ensureSweep(client);
  if (sweep?.endedAs !== undefined) {
    log(`The eternal sweep had ended as ${sweep.endedAs}; it was started again with sweep ${sweep.number}.`);
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
