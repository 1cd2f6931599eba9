import { z } from 'zod';
import type { KeptRow } from '../domain/sweep/at-rest.ts';
import type { EntityContract, EventContract, OperationContracts, OrchestratorContract } from '../contracts/contract.ts';

/** https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api#get-instance-status */
export const runtimeStatusSchema = z.enum([
  'Unknown',
  'Running',
  'Completed',
  'ContinuedAsNew',
  'Failed',
  'Canceled',
  'Terminated',
  'Pending',
  'Suspended',
]);
export type RuntimeStatus = z.infer<typeof runtimeStatusSchema>;

/** The durable client with types: names and shapes come from contracts, what comes back is parsed. */
export interface DurableClient {
  /** Starts an instance, unless one of this id is under way; a finished one is replaced. */
  start<Input extends z.ZodType>(
    orchestrator: OrchestratorContract<Input, z.ZodType, z.ZodType>,
    instanceId: string,
    input: z.infer<Input>,
  ): Promise<'started' | 'alreadyRunning'>;
  /** How the instance is, or undefined when there is none. Its input is not read. */
  status<Output extends z.ZodType, Status extends z.ZodType>(
    orchestrator: OrchestratorContract<z.ZodType, Output, Status>,
    instanceId: string,
  ): Promise<Instance<z.infer<Output>, z.infer<Status>> | undefined>;
  /** The same, with its input. */
  statusWithInput<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
    orchestrator: OrchestratorContract<Input, Output, Status>,
    instanceId: string,
  ): Promise<InstanceWithInput<z.infer<Input>, z.infer<Output>, z.infer<Status>> | undefined>;
  /** Raises an event; an instance that is absent or has ended takes none, which is no error. */
  raise<Data extends z.ZodType>(event: EventContract<Data>, instanceId: string, data: z.infer<Data>): Promise<void>;
  /**
   * Ends an instance where it is, also one that is suspended; what it has under way runs on. One that is absent or has ended is left as
   * it is.
   */
  terminate(instanceId: string, reason: string): Promise<void>;
  /** Sends an operation; resolves once it is stored, before it is applied. */
  signal<Operations extends OperationContracts, Name extends keyof Operations & string>(
    entity: EntityContract<z.ZodType, Operations>,
    key: string,
    operation: Name,
    input: z.infer<Operations[Name]['input']>,
  ): Promise<void>;
  /**
   * The entity's state after the last operation that was applied, or undefined when there is no such entity. Throws a
   * `NewerStateError` when a newer version of the app wrote it.
   */
  read<State extends z.ZodType>(
    entity: EntityContract<State, OperationContracts>,
    key: string,
  ): Promise<z.infer<State> | undefined>;
  /** The same, and what a newer version of the app wrote as it is. */
  readAny<State extends z.ZodType>(
    entity: EntityContract<State, OperationContracts>,
    key: string,
  ): Promise<StoredState<z.infer<State>> | undefined>;
  /** One page of an entity's instances with their states, in an order that the backend keeps between pages. */
  query<State extends z.ZodType>(
    entity: EntityContract<State, OperationContracts>,
    page: PageRequest,
  ): Promise<Page<z.infer<State>>>;
  /** One page of the keys alone. */
  keys(entity: EntityName, page: PageRequest): Promise<{ keys: string[]; continuationToken?: string }>;
  /** How many instances of an entity exist, counted no further than `upTo`. */
  count(entity: EntityContract<z.ZodType, OperationContracts>, upTo: number): Promise<number>;
  /** One page of the orchestrations that have ended and were created before a moment. */
  endedRows(createdBefore: Date, page: PageRequest): Promise<RowPage<{ instanceId: string }>>;
  /** The row of one orchestration; undefined when there is none. */
  row(instanceId: string): Promise<KeptRow | undefined>;
  /** Removes an orchestration and its history, in older versions of the extension one that runs too; answers whether it did. */
  purge(instanceId: string): Promise<boolean>;
  /** One page of the rows of an entity's instances. */
  entityRows(entity: EntityName, page: PageRequest): Promise<RowPage<{ key: string }>>;
  /** The row of one instance of an entity; undefined when there is none. */
  entityRow(entity: EntityName, key: string): Promise<KeptRow | undefined>;
  /** Removes such a row, be it that of a living entity, whose state is lost then without a word; answers whether it did. */
  purgeEntityRow(entity: EntityName, key: string): Promise<boolean>;
  /** The status-query URLs of an instance, below a URL without a slash at its end. They hold a system key. */
  managementPayload(instanceId: string, publicUrl: string): ManagementPayload;
}

/**
 * An orchestration instance as its contract types it. What another version of the app wrote may be of another shape: such a part
 * is undefined, and whether the instance has ended can be told all the same.
 */
export interface Instance<Output, Status> {
  runtimeStatus: RuntimeStatus;
  /** Whether it has ended, in whatever way. */
  isFinished: boolean;
  /** Undefined unless it ended Completed. */
  readonly output: Output | undefined;
  /** Undefined until it publishes one. */
  readonly status: Status | undefined;
  createdTime: string;
  /** When it last did something; of one that has ended, when it did. To the second. */
  lastUpdatedTime: string;
}

/** An instance, and what it was started with. */
export interface InstanceWithInput<Input, Output, Status> extends Instance<Output, Status> {
  readonly input: Input | undefined;
}

/** A state that this version of the app knows, or one of a newer version, which is to be left alone. */
export type StoredState<State> = { is: 'known'; state: State } | { is: 'newer'; stored: unknown };

type EntityName = EntityContract<z.ZodType, OperationContracts>;

/** Which page of a list is asked for; the first one without a token. */
export interface PageRequest {
  limit: number;
  continuationToken?: string;
}

/** A page of rows; the token is there while there is more. */
export interface RowPage<Id> {
  rows: (Id & KeptRow)[];
  continuationToken?: string;
}

/** A page of entities; the token is there while there is more. */
export interface Page<State> {
  entities: { key: string; state: State }[];
  /** Entities whose state a newer version of the app wrote. */
  newer: { key: string; stored: unknown }[];
  /** Keys of entities whose state is of a shape that no version should write; they must not hide the others. */
  unreadableKeys: string[];
  continuationToken?: string;
}

/** Where to ask how an instance is, and what else may be done with it: `statusQueryGetUri`, `terminatePostUri`, … */
export type ManagementPayload = Record<string, string>;
