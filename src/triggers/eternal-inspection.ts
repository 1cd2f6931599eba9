import { anyInspection, inspect } from '../contracts/inspection.ts';
import { INSPECT_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeInspecting } from '../domain/inspect/inspecting.ts';
import type { DurableClient, RuntimeStatus } from '../durable/durable-client.ts';

/** An inspection that was started: its number, and how the one before it ended if there was one. */
export interface StartedInspection {
  number: number;
  endedAs: RuntimeStatus | undefined;
}

/** Starts the eternal inspection when it does not run, with its number and its last report kept; undefined when it runs. */
export async function ensureInspection(client: DurableClient): Promise<StartedInspection | undefined> {
  const found = await client.status(anyInspection, INSPECT_INSTANCE_ID);
  if (found !== undefined && !found.isFinished) {
    return undefined;
  }
  const input = resumeInspecting(await client.statusWithInput(anyInspection, INSPECT_INSTANCE_ID));
  const started = await client.start(inspect, INSPECT_INSTANCE_ID, input);
  return started === 'started' ? { number: input.number, endedAs: found?.runtimeStatus } : undefined;
}
