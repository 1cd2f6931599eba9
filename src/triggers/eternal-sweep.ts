import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';
import { anySweep, collectGarbage } from '../contracts/garbage-collection.ts';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../domain/group/group-id.ts';
import type { SeenSweep } from '../domain/sweep/sweep-signs.ts';
import { resumeSweeping } from '../domain/sweep/sweeping.ts';

/**
 * A sweep that runs, as it was found; or one that was started: its number, and how the one before it ended if there was one. Another instance of
 * the app may have started one at the same moment.
 */
export type EnsuredSweep =
  | { is: 'running'; sweep: SeenSweep }
  | { is: 'started'; number: number; endedAs: RuntimeStatus | undefined }
  | { is: 'startedByAnother' };

/** Starts the eternal sweep when it does not run, with its number and its last report kept. */
export async function ensureSweep(client: DurableClient): Promise<EnsuredSweep> {
  const sweep = await client.status(anySweep, COLLECT_GARBAGE_INSTANCE_ID);
  if (sweep !== undefined && !sweep.isFinished) {
    return { is: 'running', sweep };
  }
  const input = resumeSweeping(await client.statusWithInput(anySweep, COLLECT_GARBAGE_INSTANCE_ID));
  const started = await client.start(collectGarbage, COLLECT_GARBAGE_INSTANCE_ID, input);
  return started === 'started'
    ? { is: 'started', number: input.number, endedAs: sweep?.runtimeStatus }
    : { is: 'startedByAnother' };
}
