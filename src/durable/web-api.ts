import { z } from 'zod';
import { runtimeStatusSchema } from './durable-client.ts';
import type { RawInstance } from './instance.ts';
import { defined } from '../domain/defined.ts';

/** The Durable HTTP API as far as durable-functions 3.5 has no method for it, or none that tells absence from failure. */
export interface DurableWebApi {
  /** Undefined when there is no such instance. */
  getInstance(instanceId: string, options: { showInput: boolean }): Promise<RawInstance | undefined>;
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
      const response = await fetch(address(`instances/${encodeURIComponent(instanceId)}`, query));
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      return instanceSchema.parse(await jsonOf(response, `The status of ${instanceId}`));
    },
    async queryEntities(name, { limit, fetchState, continuationToken }) {
      const headers = defined({ [CONTINUATION_HEADER]: continuationToken });
      const url = address(`entities/${encodeURIComponent(name)}`, {
        fetchState: String(fetchState),
        top: String(limit),
      });
      const response = await fetch(url, { headers });
      const entities = entitiesSchema.parse(await jsonOf(response, `The list of ${name} entities`));
      const next = response.headers.get(CONTINUATION_HEADER);
      return { entities, ...defined({ continuationToken: next || undefined }) };
    },
    async listInstances(filter, { limit, continuationToken }) {
      const headers = defined({ [CONTINUATION_HEADER]: continuationToken });
      const url = address('instances', { ...filter, showInput: 'false', top: String(limit) });
      const response = await fetch(url, { headers });
      const rows = z.array(rowSchema).parse(await jsonOf(response, 'The list of instances'));
      const next = response.headers.get(CONTINUATION_HEADER);
      return { rows, ...defined({ continuationToken: next || undefined }) };
    },
    async purgeInstance(instanceId) {
      const response = await fetch(address(`instances/${encodeURIComponent(instanceId)}`, {}), { method: 'DELETE' });
      await response.body?.cancel();
      if (![200, 404, 412].includes(response.status)) {
        throw new Error(`${instanceId} could not be purged: the durable extension answered ${response.status}.`);
      }
      return response.status === 200;
    },
  };
}

async function jsonOf(response: Response, what: string): Promise<unknown> {
  if (response.status > 202) {
    await response.body?.cancel();
    throw new Error(`${what} could not be read: the durable extension answered ${response.status}.`);
  }
  return response.json();
}
