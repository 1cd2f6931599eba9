import { EntityId, type DurableClient } from 'durable-functions';
import type { HttpRequest, HttpResponse } from '@azure/functions';
import { z } from 'zod';
import type { EntityContract, EventContract, OperationContracts, OrchestratorContract } from '../contracts/contract.ts';
import { runtimeStatusSchema, type DurableWebApi } from './web-api.ts';

/** The durable client with types: names and shapes come from contracts, what comes back is parsed. */
export interface DurableApi {
  /** Starts an instance, unless one of this id is under way; a finished one is replaced. */
  start<Input extends z.ZodType>(
    orchestrator: OrchestratorContract<Input, z.ZodType, z.ZodType>,
    instanceId: string,
    input: z.infer<Input>,
  ): Promise<'started' | 'alreadyRunning'>;
  /** The instance, or undefined when there is none. */
  status<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
    orchestrator: OrchestratorContract<Input, Output, Status>,
    instanceId: string,
  ): Promise<Instance<z.infer<Input>, z.infer<Output>, z.infer<Status>> | undefined>;
  /** Raises an event; an instance that is absent or has ended takes none, which is no error. */
  raise<Data extends z.ZodType>(event: EventContract<Data>, instanceId: string, data: z.infer<Data>): Promise<void>;
  /** Sends an operation; resolves once it is stored, before it is applied. */
  signal<Operations extends OperationContracts, Name extends keyof Operations & string>(
    entity: EntityContract<z.ZodType, Operations>,
    key: string,
    operation: Name,
    input: z.infer<Operations[Name]['input']>,
  ): Promise<void>;
  /** The entity's state after the last operation that was applied, or undefined when there is no such entity. */
  read<State extends z.ZodType>(
    entity: EntityContract<State, OperationContracts>,
    key: string,
  ): Promise<z.infer<State> | undefined>;
  /** One page of an entity's instances with their states, in an order that the backend keeps between pages. */
  query<State extends z.ZodType>(
    entity: EntityContract<State, OperationContracts>,
    page: { limit: number; continuationToken?: string },
  ): Promise<Page<z.infer<State>>>;
  /** Removes a finished instance and its history. */
  purge(instanceId: string): Promise<void>;
  /** The 202 answer with the status-query URLs of an instance. They hold a system key. */
  checkStatusResponse(request: HttpRequest, instanceId: string): HttpResponse;
}

export interface Instance<Input, Output, Status> {
  runtimeStatus: z.infer<typeof runtimeStatusSchema>;
  /** Whether it has ended, in whatever way. */
  isFinished: boolean;
  input: Input;
  /** Only of an instance that ended Completed. */
  output?: Output;
  /** Absent until it publishes one. */
  status?: Status;
  createdTime: string;
}

export interface Page<State> {
  entities: { key: string; state: State }[];
  continuationToken?: string;
}

/** The client of one invocation. */
export function createDurableApi(client: DurableClient, web: DurableWebApi): DurableApi {
  return {
    async start(orchestrator, instanceId, input) {
      try {
        await client.startNew(orchestrator.name, { instanceId, input: orchestrator.input.parse(input) });
        return 'started';
      } catch (error) {
        if (isAlreadyRunning(error)) {
          return 'alreadyRunning';
        }
        throw new Error(`The orchestration ${instanceId} could not be started.`, { cause: error });
      }
    },
    async status(orchestrator, instanceId) {
      const found = await web.getInstance(instanceId);
      if (found === undefined) {
        return undefined;
      }
      const { runtimeStatus, createdTime } = found;
      return {
        runtimeStatus,
        createdTime,
        isFinished: ['Completed', 'Failed', 'Terminated', 'Canceled'].includes(runtimeStatus),
        input: orchestrator.input.parse(found.input),
        ...(runtimeStatus === 'Completed' ? { output: orchestrator.output.parse(found.output) } : {}),
        ...(found.customStatus === null ? {} : { status: orchestrator.status.parse(found.customStatus) }),
      };
    },
    async raise(event, instanceId, data) {
      try {
        await client.raiseEvent(instanceId, event.name, event.data.parse(data));
      } catch (error) {
        if (!isAbsent(error)) {
          throw new Error(`The event ${event.name} could not be raised to ${instanceId}.`, { cause: error });
        }
      }
    },
    async signal(entity, key, operation, input) {
      const shapes = entity.operations[operation];
      await client.signalEntity(new EntityId(entity.name, key), operation, shapes?.input.parse(input));
    },
    async read(entity, key) {
      const { entityExists, entityState } = await client.readEntityState<unknown>(new EntityId(entity.name, key));
      return entityExists ? entity.state.parse(entityState) : undefined;
    },
    async query(entity, page) {
      const { entities, continuationToken } = await web.queryEntities(entity.name, page);
      return {
        entities: entities.map(({ entityId, state }) => ({ key: entityId.key, state: entity.state.parse(state) })),
        ...(continuationToken === undefined ? {} : { continuationToken }),
      };
    },
    async purge(instanceId) {
      await client.purgeInstanceHistory(instanceId);
    },
    checkStatusResponse: (request, instanceId) => client.createCheckStatusResponse(request, instanceId),
  };
}

/**
 * The extension answers 409 in newer versions and 500 with this text in older ones when an unfinished instance has the id
 * (azure-functions-durable-extension, HttpApiHandler.HandleStartOrchestratorRequestAsync).
 */
function isAlreadyRunning(error: unknown): boolean {
  return error instanceof Error && /status code: 409|already exists/i.test(error.message);
}

/** durable-functions 3.5, DurableClient.raiseEvent: the text of a 404; a 410 is no error there. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('No instance with ID');
}
