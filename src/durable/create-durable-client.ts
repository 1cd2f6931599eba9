import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { z } from 'zod';
import type { EntityContract, OperationContracts } from '../contracts/contract.ts';
import { NewerStateError } from './newer-state-error.ts';
import type { DurableClient, ManagementPayload } from './durable-client.ts';
import { FINISHED, toKeptRow, viewInstance, type RawInstance } from './instance.ts';
import { readState, sortStates } from './stored-state.ts';
import { createDurableWebApi, type DurableWebApi } from './web-api.ts';
import { newestVersion } from './version.ts';
import { defined } from '../domain/defined.ts';
import type { KeptRow } from '../domain/sweep/at-rest.ts';

/** The binding through which a function gets its durable client; add it to `extraInputs`. */
export const durableClientInput = df.input.durableClient();

/** Making a client takes a fifteenth of a session report's time; every invocation gets the same binding until a key is renewed. */
let latest: { binding: string; client: DurableClient } | undefined;

/** The durable client of an invocation whose function has `durableClientInput`. */
export function durableClientOf(context: InvocationContext): DurableClient {
  const value: unknown = context.extraInputs.get(durableClientInput);
  const binding = JSON.stringify(value);
  if (latest?.binding !== binding) {
    latest = { binding, client: createDurableClient(df.getClient(context), createDurableWebApi(value)) };
  }
  return latest.client;
}

/** Ids alone are small. */
const COUNT_PAGE_SIZE = 1_000;

function createDurableClient(client: df.DurableClient, web: DurableWebApi): DurableClient {
  async function readAny<State extends z.ZodType>(entity: EntityContract<State, OperationContracts>, key: string) {
    const found = await web.readEntity(entity.name, key);
    return found && readState(entity, found.state);
  }

  return {
    async start(orchestrator, instanceId, input) {
      try {
        // Not the app's own version: an older app that has this version of the orchestrator can go on with the instance.
        const version = newestVersion(orchestrator);
        await client.startNew(orchestrator.name, { instanceId, input: orchestrator.input.parse(input), version });
        return 'started';
      } catch (error) {
        if (isAlreadyRunning(error)) {
          return 'alreadyRunning';
        }
        throw new Error(`The orchestration ${instanceId} could not be started.`, { cause: error });
      }
    },
    async status(orchestrator, instanceId) {
      const found = await web.getInstance(instanceId, { showInput: false });
      return found && viewInstance(found, orchestrator);
    },
    async statusWithInput(orchestrator, instanceId) {
      const found = await web.getInstance(instanceId, { showInput: true });
      return found && viewInstance(found, orchestrator);
    },
    async raise(event, instanceId, data) {
      const raised = client.raiseEvent(instanceId, event.name, event.data.parse(data));
      await unlessAbsent(raised, `The event ${event.name} could not be raised to ${instanceId}.`);
    },
    async terminate(instanceId, reason) {
      const terminated = client.terminate(instanceId, reason);
      await unlessAbsent(terminated, `The orchestration ${instanceId} could not be terminated.`);
    },
    async signal(entity, key, operation, input) {
      await web.signalEntity(entity.name, key, operation, entity.operations[operation]?.input.parse(input));
    },
    async read(entity, key) {
      const found = await readAny(entity, key);
      if (found?.is === 'newer') {
        throw new NewerStateError(entity.name, key);
      }
      return found?.state;
    },
    readAny,
    async query(entity, page) {
      const { entities, continuationToken } = await web.queryEntities(entity.name, { ...page, fetchState: true });
      const states = entities.map(({ entityId, state }) => ({ key: entityId.key, state }));
      return { ...sortStates(entity, states), ...defined({ continuationToken }) };
    },
    async keys(entity, page) {
      const { entities, ...rest } = await web.queryEntities(entity.name, { ...page, fetchState: false });
      return { keys: entities.map(({ entityId }) => entityId.key), ...rest };
    },
    async count(entity, upTo) {
      let counted = 0;
      let continuationToken: string | undefined;
      do {
        const page = await web.queryEntities(entity.name, {
          limit: COUNT_PAGE_SIZE,
          fetchState: false,
          ...defined({ continuationToken }),
        });
        counted += page.entities.length;
        ({ continuationToken } = { continuationToken: undefined, ...page });
      } while (continuationToken !== undefined && counted < upTo);
      return Math.min(counted, upTo);
    },
    async endedRows(createdBefore, page) {
      const filter = { createdTimeTo: createdBefore.toISOString(), runtimeStatus: FINISHED.join(',') };
      const { rows, ...rest } = await web.listInstances(filter, page);
      return { rows: rows.map((row) => ({ instanceId: row.instanceId, ...toKeptRow(row) })), ...rest };
    },
    async row(instanceId) {
      const found = await web.getInstance(instanceId, { showInput: false });
      return found && toKeptRow(found);
    },
    purge: (instanceId) => web.purgeInstance(instanceId),
    async entityRows(entity, page) {
      const prefix = entityInstanceId(entity.name, '');
      const { rows, ...rest } = await web.listInstances({ instanceIdPrefix: prefix }, page);
      return {
        rows: rows.map((row) => ({ key: row.instanceId.slice(prefix.length), ...toKeptEntityRow(row) })),
        ...rest,
      };
    },
    async entityRow(entity, key) {
      const found = await web.getInstance(entityInstanceId(entity.name, key), { showInput: false });
      return found && toKeptEntityRow(found);
    },
    purgeEntityRow: (entity, key) => web.purgeInstance(entityInstanceId(entity.name, key)),
    managementPayload: (instanceId, publicUrl) => below(publicUrl, client.createHttpManagementPayload(instanceId)),
  };
}

/** How the backend names the orchestration that an entity is behind the scenes (durable-functions 3.5, EntityId.getSchedulerIdFromEntityId). */
function entityInstanceId(name: string, key: string): string {
  return `@${name}@${key}`;
}

/** The custom status of a living entity has `entityExists`, that of a dead one is `{}`; both run (DurableTask.Core, EntityStatus). */
function toKeptEntityRow({
  customStatus,
  lastUpdatedTime,
}: Pick<RawInstance, 'customStatus' | 'lastUpdatedTime'>): KeptRow {
  return { isOver: z.strictObject({}).safeParse(customStatus).success, lastUpdatedTime };
}

/** The host names itself in its URLs; callers may know the app by another name. */
function below(publicUrl: string, payload: object): ManagementPayload {
  const urls = z.record(z.string(), z.string()).parse(payload);
  return Object.fromEntries(
    Object.entries(urls).map(([name, value]) => [
      name,
      URL.canParse(value) ? value.replace(new URL(value).origin, publicUrl) : value,
    ]),
  );
}

/**
 * The extension answers 409 in newer versions and 500 with this text in older ones when an unfinished instance has the id
 * (azure-functions-durable-extension, HttpApiHandler.HandleStartOrchestratorRequestAsync).
 */
function isAlreadyRunning(error: unknown): boolean {
  return error instanceof Error && /status code: 409|already exists/i.test(error.message);
}

async function unlessAbsent(done: Promise<void>, otherwise: string): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isAbsent(error)) {
      throw new Error(otherwise, { cause: error });
    }
  }
}

/** durable-functions 3.5, DurableClient.raiseEvent and terminate: the text of a 404; a 410 is no error there. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('No instance with ID');
}
