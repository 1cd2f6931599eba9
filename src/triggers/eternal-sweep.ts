import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';
import { anySweep, collectGarbage } from '../contracts/garbage-collection.ts';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeSweeping } from '../domain/sweep/sweeping.ts';

/** A sweep that was started: its number, and how the one before it ended if there was one. */
export interface StartedSweep {
  number: number;
  endedAs: RuntimeStatus | undefined;
}

/** Starts the eternal sweep when it does not run, with its number and its last report kept; undefined when it runs. */
export async function ensureSweep(client: DurableClient): Promise<StartedSweep | undefined> {
  const sweep = await client.status(anySweep, COLLECT_GARBAGE_INSTANCE_ID);
  if (sweep !== undefined && !sweep.isFinished) {
    return undefined;
  }
  const input = resumeSweeping(await client.statusWithInput(anySweep, COLLECT_GARBAGE_INSTANCE_ID));
  const started = await client.start(collectGarbage, COLLECT_GARBAGE_INSTANCE_ID, input);
  return started === 'started' ? { number: input.number, endedAs: sweep?.runtimeStatus } : undefined;
}
