import {
  BAD_ARGUMENT,
  DurableHttpError,
  emptyResponse,
  jsonResponse,
  readJsonBody,
  textResponse,
} from './durable-http.ts';
import type { DurableHttpRequest, DurableHttpResponse } from './durable-http.ts';
import { parseEntityInstanceId, toEntityInstanceId } from '../entity-id.ts';
import type { EntityId } from '../entity-id.ts';
import type { EntityRecord } from '../store/entity-store.ts';
import { cutPage, readPageStart } from './page.ts';
import type { RouteContext } from './route-context.ts';
import { parseJsonOrText } from '../replay/orchestrator-payload.ts';
import { toSeconds } from './status-view.ts';

/** Answers the state of an entity after its last batch. */
export function getEntity({ hub }: RouteContext, name: string, key: string): DurableHttpResponse {
  const record = hub.client.findEntity(toEntityInstanceId(readEntityId(name, key)));
  return record?.isExisting ? textResponse(200, record.state ?? 'null') : emptyResponse(404);
}

/**
 * Lists the existing entities, all or those of one name, in the order of their ids. Rows of deleted ones are read and count for
 * `top`, and are then left out, so that a page can be short or empty with more to come
 * (DurableTask.AzureStorage/EntityTrackingStoreQueries.cs, QueryEntitiesAsync, which reads on past an empty page for 100 ms at the most).
 */
export function listEntities({ hub, request, query }: RouteContext, name?: string): DurableHttpResponse {
  const limit = query.top();
  const filter = {
    name,
    lastOperationFromMs: query.timeMs('lastOperationTimeFrom'),
    lastOperationToMs: query.timeMs('lastOperationTimeTo'),
  };
  const showsState = query.flag('fetchState', false);
  const start = readPageStart(request);
  const items = hub.client.listEntities(filter, start.first, limit + 1);
  const { page, headers } = cutPage(hub.client.platform, { start, limit, items }, (row) => row.entityInstanceId);
  const shown = page.filter(({ isExisting }) => isExisting);
  return jsonResponse(
    200,
    shown.map((record) => toEntityView(record, showsState)),
    headers,
  );
}

function toEntityView({ entityInstanceId, lastOperationAtMs, state }: EntityRecord, showsState: boolean) {
  return {
    entityId: parseEntityInstanceId(entityInstanceId),
    lastOperationTime: toSeconds(lastOperationAtMs),
    state: showsState && state !== null ? parseJsonOrText(state) : null,
  };
}

/** Queues an operation; the body is its input. */
export async function signalEntity(context: RouteContext, name: string, key: string): Promise<DurableHttpResponse> {
  return signal(context, readEntityId(name, key), context.query.text('op') ?? '', readInput(context.request));
}

/** Queues the operation `delete`. */
export async function deleteEntity(context: RouteContext, name: string, key: string): Promise<DurableHttpResponse> {
  return signal(context, readEntityId(name, key), 'delete', null);
}

async function signal(
  { hub }: RouteContext,
  entityId: EntityId,
  operation: string,
  input: string | null,
): Promise<DurableHttpResponse> {
  if (!hub.client.hasEntity(entityId.name)) {
    const problem = `The function '${entityId.name}' doesn't exist, is disabled, or is not an entity function.`;
    throw new DurableHttpError(400, BAD_ARGUMENT, problem);
  }
  await hub.client.signalEntity(entityId, operation, input);
  return emptyResponse(202);
}

/** A name cannot hold the character that separates it from the key. `$` stands for the empty key. */
function readEntityId(name: string, key: string): EntityId {
  if (name.includes('@')) throw new DurableHttpError(400, BAD_ARGUMENT, `'${name}' is not the name of an entity.`);
  return { name: name.toLowerCase(), key: key === '$' ? '' : key };
}

/** JSON is taken as it is, anything else as a string. */
function readInput(request: DurableHttpRequest): string | null {
  if (request.body.length === 0) return null;
  const isJson = (request.headers['content-type'] ?? '').toLowerCase().includes('application/json');
  return isJson ? readJsonBody(request) : JSON.stringify(request.body.toString('utf8'));
}
