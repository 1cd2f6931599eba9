/** One operation on its way to an entity. */
export interface EntityRequest {
  operation: string;
  /** JSON text. */
  input: string | null;
  /** The instance id of the orchestration or entity that sent it; absent when a client did. */
  sender?: string;
  /** Who waits for the answer; absent for a signal. */
  caller?: EntityCaller;
}

/** The orchestration that waits for an operation's result, and the id that its response will carry. */
export interface EntityCaller {
  requestId: string;
  instanceId: string;
  executionId: string;
}
