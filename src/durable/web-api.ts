import { z } from 'zod';
import { askExtension, type ExtensionAnswer } from './ask-extension.ts';
import { runtimeStatusSchema } from './durable-client.ts';
import type { RawInstance } from './instance.ts';
import { defined } from '../domain/defined.ts';

/** The Durable HTTP API as far as durable-functions 3.5 has no method for it, or none that tells absence from failure. */
export interface DurableWebApi {
  /** Undefined when there is no such instance. */
  getInstance(instanceId: string, options: { showInput: boolean }): Promise<RawInstance | undefined>;
  /** Undefined when there is no such entity. */
  readEntity(name: string, key: string): Promise<{ state: unknown } | undefined>;
  /** Sends an operation; resolves once it is stored. */
  signalEntity(name: string, key: string, operation: string, input: unknown): Promise<void>;
  queryEntities(
    name: string,
    page: { limit: number; fetchState: boolean; continuationToken?: string },
  ): Promise<{ entities: z.infer<typeof entitiesSchema>; continuationToken?: string }>;
  /** Rows of instances, on Azure Storage those of entities among them, without their inputs. */
  listInstances(
    filter: Readonly<Record<string, string>>,
    page: { limit: number; continuationToken?: string },
  ): Promise<{ rows: InstanceRow[]; continuationToken?: string }>;
  /** Answers whether one was purged: not if there is none, nor if it runs, which newer versions of the extension refuse. */
  purgeInstance(instanceId: string): Promise<boolean>;
}

/** https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api#get-instance-status */
const instanceSchema = z.object({
  runtimeStatus: runtimeStatusSchema,
  input: z.unknown(),
  output: z.unknown(),
  customStatus: z.unknown(),
  createdTime: z.string(),
  lastUpdatedTime: z.string(),
});

const rowSchema = instanceSchema
  .pick({ runtimeStatus: true, customStatus: true, lastUpdatedTime: true })
  .extend({ instanceId: z.string() });
/** What a list tells of an instance. */
export type InstanceRow = z.infer<typeof rowSchema>;

/** https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api#list-entities */
const entitiesSchema = z.array(
  z.object({ entityId: z.object({ name: z.string(), key: z.string() }), state: z.unknown() }),
);

/** The binding payload's addresses: a loopback listener without a key where there is one, else the keyed webhook. */
const bindingSchema = z.object({
  rpcBaseUrl: z.url().nullish(),
  baseUrl: z.url(),
  requiredQueryStringParameters: z.string(),
});

const CONTINUATION_HEADER = 'x-ms-continuation-token';

/**
 * A signal is one message into a queue, of seconds at the very most, and the later reports of a group wait until it is sent; whoever is told that it failed
 * repeats it.
 */
const SIGNAL_TIMEOUT_MS = 30_000;

/** Reads the addresses out of the raw value of a durableClient binding. */
export function createDurableWebApi(binding: unknown): DurableWebApi {
  const { rpcBaseUrl, baseUrl, requiredQueryStringParameters } = bindingSchema.parse(binding);
  const address = (path: string, query: Record<string, string>): URL => {
    const url = new URL(path, rpcBaseUrl ?? `${baseUrl}/`);
    const key = rpcBaseUrl ? [] : [...new URLSearchParams(requiredQueryStringParameters)];
    url.search = new URLSearchParams([...Object.entries(query), ...key]).toString();
    return url;
  };
  return {
    async getInstance(instanceId, { showInput }) {
      const query = { showInput: String(showInput) };
      const answer = await askExtension(address(`instances/${encodeURIComponent(instanceId)}`, query));
      return answer.status === 404
        ? undefined
        : instanceSchema.parse(jsonOf(answer, `The status of ${instanceId} could not be read`));
    },
    async readEntity(name, key) {
      const answer = await askExtension(address(entityPath(name, key), {}));
      return answer.status === 404 ? undefined : { state: jsonOf(answer, `The entity ${key} could not be read`) };
    },
    async signalEntity(name, key, operation, input) {
      const answer = await askExtension(address(entityPath(name, key), { op: operation }), {
        method: 'POST',
        json: input,
        timeoutMs: SIGNAL_TIMEOUT_MS,
      });
      requireTaken(answer, `The operation ${operation} could not be sent to ${key}`);
    },
    async queryEntities(name, { limit, fetchState, continuationToken }) {
      const headers = defined({ [CONTINUATION_HEADER]: continuationToken });
      const query = { fetchState: String(fetchState), top: String(limit) };
      const answer = await askExtension(address(`entities/${encodeURIComponent(name)}`, query), { headers });
      const entities = entitiesSchema.parse(jsonOf(answer, `The list of ${name} entities could not be read`));
      return { entities, ...nextOf(answer) };
    },
    async listInstances(filter, { limit, continuationToken }) {
      const headers = defined({ [CONTINUATION_HEADER]: continuationToken });
      const url = address('instances', { ...filter, showInput: 'false', top: String(limit) });
      const answer = await askExtension(url, { headers });
      const rows = z.array(rowSchema).parse(jsonOf(answer, 'The list of instances could not be read'));
      return { rows, ...nextOf(answer) };
    },
    async purgeInstance(instanceId) {
      const url = address(`instances/${encodeURIComponent(instanceId)}`, {});
      const { status } = await askExtension(url, { method: 'DELETE' });
      if (![200, 404, 412].includes(status)) {
        throw new Error(`${instanceId} could not be purged: the durable extension answered ${status}.`);
      }
      return status === 200;
    },
  };
}

/** A colon is left as it is, as durable-functions 3.5 leaves it in an entity's URL: what the extension does there with `%3A` nobody has seen. */
function entityPath(name: string, key: string): string {
  return `entities/${encodeURIComponent(name)}/${encodeURIComponent(key).replaceAll('%3A', ':')}`;
}

function nextOf(answer: ExtensionAnswer): { continuationToken?: string } {
  return defined({ continuationToken: answer.header(CONTINUATION_HEADER) || undefined });
}

function jsonOf(answer: ExtensionAnswer, otherwise: string): unknown {
  requireTaken(answer, otherwise);
  return JSON.parse(answer.body);
}

function requireTaken({ status }: ExtensionAnswer, otherwise: string): void {
  if (status < 200 || status > 202) {
    throw new Error(`${otherwise}: the durable extension answered ${status}.`);
  }
}
