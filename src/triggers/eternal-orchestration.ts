import type { z } from 'zod';
import type { OrchestratorContract } from '../contracts/contract.ts';
import type { DurableClient, Instance, RuntimeStatus } from '../durable/durable-client.ts';

/** An orchestration that never ends: what it is started with, and how one of any version is read, so that whoever restarts it needs not parse what died. */
export interface EternalOrchestration<
  Start extends z.ZodType<{ number: number }>,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Status extends z.ZodType,
> {
  current: OrchestratorContract<Start, z.ZodType, z.ZodType>;
  ofAnyVersion: OrchestratorContract<Input, Output, Status>;
  instanceId: string;
  /** With what it goes on after one that has ended, or never was. */
  resume: (
    ended: { readonly input: z.infer<Input> | undefined; readonly status: z.infer<Status> | undefined } | undefined,
  ) => z.infer<Start>;
}

/**
 * One that runs, as it was found; or one that was started: its number, and how the one before it ended if there was one. Another instance of the
 * app may have started one at the same moment.
 */
export type Ensured<Found> =
  | { is: 'running'; found: Found }
  | { is: 'started'; number: number; endedAs: RuntimeStatus | undefined }
  | { is: 'startedByAnother' };

/** Starts an eternal orchestration when it does not run, with its number and its last report kept. */
export async function ensureRunning<
  Start extends z.ZodType<{ number: number }>,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Status extends z.ZodType,
>(
  client: DurableClient,
  { current, ofAnyVersion, instanceId, resume }: EternalOrchestration<Start, Input, Output, Status>,
): Promise<Ensured<Instance<z.infer<Output>, z.infer<Status>>>> {
  const found = await client.status(ofAnyVersion, instanceId);
  if (found !== undefined && !found.isFinished) {
    return { is: 'running', found };
  }
  const input = resume(await client.statusWithInput(ofAnyVersion, instanceId));
  const started = await client.start(current, instanceId, input);
  return started === 'started'
    ? { is: 'started', number: input.number, endedAs: found?.runtimeStatus }
    : { is: 'startedByAnother' };
}
