import type { z } from 'zod';
import type { OrchestratorContract } from '../contracts/contract.ts';
import type { KeptRow } from '../domain/sweep/at-rest.ts';
import type { InstanceWithInput, RuntimeStatus } from './durable-client.ts';

/** An instance as the Durable HTTP API tells of it. */
export interface RawInstance {
  runtimeStatus: RuntimeStatus;
  createdTime: string;
  lastUpdatedTime: string;
  /** Null when it was not asked for. */
  input: unknown;
  output: unknown;
  customStatus: unknown;
}

/** The typed view of an instance. Each part is parsed when it is looked at, so that nobody stumbles over one that he does not need. */
export function viewInstance<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
  raw: RawInstance,
  shapes: Pick<OrchestratorContract<Input, Output, Status>, 'input' | 'output' | 'status'>,
): InstanceWithInput<z.infer<Input>, z.infer<Output>, z.infer<Status>> {
  const { runtimeStatus, createdTime, lastUpdatedTime } = raw;
  return {
    runtimeStatus,
    createdTime,
    lastUpdatedTime,
    isFinished: hasEnded(runtimeStatus),
    get input() {
      return shapes.input.safeParse(raw.input).data;
    },
    get output() {
      return runtimeStatus === 'Completed' ? shapes.output.safeParse(raw.output).data : undefined;
    },
    get status() {
      return shapes.status.safeParse(raw.customStatus).data;
    },
  };
}

/** What the housekeeping looks at of an orchestration. */
export function toKeptRow({
  runtimeStatus,
  lastUpdatedTime,
}: Pick<RawInstance, 'runtimeStatus' | 'lastUpdatedTime'>): KeptRow {
  return { isOver: hasEnded(runtimeStatus), lastUpdatedTime };
}

/** The statuses of an instance that has ended, in whatever way. */
export const FINISHED = ['Completed', 'Failed', 'Terminated', 'Canceled'] as const satisfies readonly RuntimeStatus[];

function hasEnded(status: RuntimeStatus): boolean {
  return FINISHED.some((each) => each === status);
}
