import type { DurableHub } from '../durable-hub.ts';
import type { DurableHttpRequest, DurableQuery } from './durable-http.ts';

/** A request on its way through the routes: what the handlers need of it. */
export interface RouteContext {
  hub: DurableHub;
  request: DurableHttpRequest;
  query: DurableQuery;
}
