import {
  BAD_ARGUMENT,
  DurableHttpError,
  DurableQuery,
  SOMETHING_WENT_WRONG,
  emptyResponse,
  errorResponse,
} from './durable-http.ts';
import { StorageUnavailable } from '../../../sqlite/storage-error.ts';
import type { DurableHttpRequest, DurableHttpResponse } from './durable-http.ts';
import type { DurableHub } from '../durable-hub.ts';
import { deleteEntity, getEntity, listEntities, signalEntity } from './entity-routes.ts';
import { getInstance, listInstances, purgeInstance, purgeInstances } from './instance-routes.ts';
import { raiseEvent, restart, resume, rewind, suspend, terminate } from './instance-commands.ts';
import type { RouteContext } from './route-context.ts';
import { startOrchestrator } from './start-routes.ts';

export type { DurableHttpRequest, DurableHttpResponse } from './durable-http.ts';

type Handler = (context: RouteContext, ...captured: string[]) => DurableHttpResponse | Promise<DurableHttpResponse>;

/** Method, pattern and handler; `*` captures one decoded segment. */
const ROUTES: readonly (readonly [method: string, pattern: string, handler: Handler])[] = [
  ['POST', 'orchestrators/*', startOrchestrator],
  ['POST', 'orchestrators/*/*', startOrchestrator],
  ['GET', 'instances', listInstances],
  ['DELETE', 'instances', purgeInstances],
  ['GET', 'instances/*', getInstance],
  ['DELETE', 'instances/*', purgeInstance],
  ['POST', 'instances/*/raiseEvent/*', raiseEvent],
  ['POST', 'instances/*/terminate', terminate],
  ['POST', 'instances/*/suspend', suspend],
  ['POST', 'instances/*/resume', resume],
  ['POST', 'instances/*/rewind', rewind],
  ['POST', 'instances/*/restart', restart],
  ['GET', 'entities', listEntities],
  ['GET', 'entities/*', listEntities],
  ['GET', 'entities/*/*', getEntity],
  ['POST', 'entities/*/*', signalEntity],
  ['DELETE', 'entities/*/*', deleteEntity],
  ['POST', 'makeprimary', () => emptyResponse(200)],
];

/**
 * Creates the HTTP management API of a hub (learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api). What
 * matches no route, and any other method, answers 404. Keys are the caller's business; so is a `StorageUnavailable`.
 */
export function createManagementApi(hub: DurableHub): (request: DurableHttpRequest) => Promise<DurableHttpResponse> {
  return async (request) => {
    try {
      const segments = decodePath(request.path);
      const query = new DurableQuery(request.query);
      checkTaskHub(hub, query);
      for (const [method, pattern, handler] of ROUTES) {
        const captured = method === request.method ? match(pattern.split('/'), segments) : undefined;
        if (captured) return await handler({ hub, request, query }, ...captured);
      }
      return emptyResponse(404);
    } catch (error) {
      if (error instanceof DurableHttpError) return errorResponse(error);
      if (error instanceof StorageUnavailable) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      return errorResponse(new DurableHttpError(500, SOMETHING_WENT_WRONG, detail));
    }
  };
}

/** durable-functions asks for `instances/`, so that an empty last segment is none. */
function decodePath(path: string): string[] {
  try {
    return path
      .replaceAll(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch {
    throw new DurableHttpError(400, BAD_ARGUMENT, `The path '${path}' is not percent-encoded correctly.`);
  }
}

function match(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const captured: string[] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined || segment === '') return undefined;
    if (part === '*') captured.push(segment);
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return captured;
}

function checkTaskHub(hub: DurableHub, query: DurableQuery): void {
  const asked = query.text('taskHub');
  if (!asked || asked.toLowerCase() === hub.name.toLowerCase()) return;
  throw new DurableHttpError(400, BAD_ARGUMENT, `The task hub here is '${hub.name}', not '${asked}'.`);
}
