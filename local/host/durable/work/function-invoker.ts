/** What a function is to the durable engine. */
export type DurableFunctionKind = 'orchestrator' | 'activity' | 'entity';

/**
 * How the durable engine reaches the functions of the loaded app. Names are compared without regard to case, as the
 * Functions host does. Each method rejects with whatever the handler threw.
 */
export interface DurableFunctionInvoker {
  has(kind: DurableFunctionKind, name: string): boolean;
  /** `payload` is the JSON text of the orchestrator trigger; resolves with the JSON text of the returned object. */
  orchestrator(name: string, payload: string, instanceId: string): Promise<string>;
  /** `payload` is the JSON text of the entity trigger; resolves with the JSON text of the returned object. */
  entity(name: string, payload: string, instanceId: string): Promise<string>;
  /** `input` is element 0 of the activity's input array; resolves with the JSON text for `TaskCompleted.Result`. */
  activity(name: string, input: unknown, instanceId: string): Promise<string | null>;
}
