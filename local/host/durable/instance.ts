import type { ParentInstance } from './replay/history-event.ts';

/** The Durable Task framework's statuses that an instance of this hub can have, and their numbers in history. */
export const OrchestrationStatus = {
  Running: 0,
  Completed: 1,
  Failed: 3,
  Terminated: 5,
  Pending: 6,
  Suspended: 7,
} as const;

/** The status of an instance, under the names of the HTTP API. */
export type InstanceStatus = keyof typeof OrchestrationStatus;

/** One orchestration as the store knows it; texts are JSON, but for the output of a failed or terminated one. */
export interface Instance {
  instanceId: string;
  executionId: string;
  name: string;
  version: string;
  status: InstanceStatus;
  input: string | null;
  output: string | null;
  customStatus: string | null;
  parent: ParentInstance | null;
  createdAtMs: number;
  updatedAtMs: number;
}

/** Reads a status back from the store. */
export function parseInstanceStatus(text: string): InstanceStatus {
  const status = INSTANCE_STATUSES.find((each) => each === text);
  if (!status) throw new Error(`The durable store holds an instance with the unknown status '${text}'.`);
  return status;
}

const INSTANCE_STATUSES = ['Running', 'Completed', 'Failed', 'Terminated', 'Pending', 'Suspended'] as const;

/** Whether an instance in this status will never run again. */
export function isFinished(status: InstanceStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}
