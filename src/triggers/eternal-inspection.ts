import { anyInspection, inspect } from '../contracts/inspection.ts';
import { INSPECT_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeInspecting } from '../domain/inspect/inspecting.ts';
import type { SeenInspection } from '../domain/inspect/inspection-signs.ts';
import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';

/**
 * An inspection that runs, as it was found; or one that was started: its number, and how the one before it ended if there was one. Another instance
 * of the app may have started one at the same moment.
 */
export type EnsuredInspection =
  | { is: 'running'; inspection: SeenInspection }
  | { is: 'started'; number: number; endedAs: RuntimeStatus | undefined }
  | { is: 'startedByAnother' };

/** Starts the eternal inspection when it does not run, with its number and its last report kept. */
export async function ensureInspection(client: DurableClient): Promise<EnsuredInspection> {
  const found = await client.status(anyInspection, INSPECT_INSTANCE_ID);
  if (found !== undefined && !found.isFinished) {
    return { is: 'running', inspection: found };
  }
  const input = resumeInspecting(await client.statusWithInput(anyInspection, INSPECT_INSTANCE_ID));
  const started = await client.start(inspect, INSPECT_INSTANCE_ID, input);
  return started === 'started'
    ? { is: 'started', number: input.number, endedAs: found?.runtimeStatus }
    : { is: 'startedByAnother' };
}
