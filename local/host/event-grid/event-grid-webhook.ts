import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOfType } from '../functions/built-bindings.ts';
import { limitConcurrency } from '../functions/limit-concurrency.ts';
import type { FunctionCaller } from '../functions/function-caller.ts';
import { answerEmpty, answerText } from '../http/answer.ts';
import { readBody } from '../http/request-body.ts';
import { EVENT_GRID_SYSTEM_KEY, type KeyStore } from '../keys/key-store.ts';
import type { Webhook } from '../http/request-dispatcher.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import type { TypedData } from '../worker/typed-data.ts';

/**
 * Creates the endpoint that an Event Grid subscription delivers to, `/runtime/webhooks/eventgrid?functionName=NAME`, where the
 * name's letter case counts (azure-sdk-for-net, Microsoft.Azure.WebJobs.Extensions.EventGrid, TriggerBinding/HttpRequestProcessor.cs): the
 * handshakes of both schemas, one invocation for each event of a notification, side by side, and 500 when any of them fails, so that the
 * service delivers the whole notification again. What it can't read ends in an empty 500.
 */
export function createEventGridWebhook(
  functions: readonly RegisteredFunction[],
  call: FunctionCaller,
  keys: KeyStore | undefined,
): Webhook {
  const listeners = new Map(
    functions.filter((each) => isOfType(each.trigger.binding, ['eventgridtrigger'])).map((each) => [each.name, each]),
  );
  const limited = limitConcurrency(MAX_CONCURRENT_EVENTS);
  const callLimited: FunctionCaller = (called, each) => limited(() => call(called, each));
  let outstandingCount = 0;
  return {
    path: '/runtime/webhooks/eventgrid',
    allows: (key) => !keys || keys.opensSystem(key, EVENT_GRID_SYSTEM_KEY),
    async answer(request, response, url) {
      const name = url.searchParams.get('functionName') ?? '';
      const called = listeners.get(name);
      if (!called) return answerText(response, 404, `cannot find function: '${name}'`);
      if (request.method === 'OPTIONS') return answerCloudEventHandshake(request, response);
      switch (eventTypeOf(request)) {
        case 'subscriptionvalidation':
          return answerValidation(request, response);
        case 'notification':
          if (outstandingCount >= MAX_OUTSTANDING_NOTIFICATIONS) return answerEmpty(response, 429);
          outstandingCount += 1;
          return answerNotification(request, response, called, callLimited).finally(() => (outstandingCount -= 1));
        case 'unsubscribe':
          return answerEmpty(response, 202);
        default:
          return answerEmpty(response, 400);
      }
    },
  };
}

/**
 * The bounds of the Consumption plan: so many requests are executed at once, and more than so many are answered 429 (host.json, http:
 * maxConcurrentRequests and maxOutstandingRequests, learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook; azure-functions-host,
 * Middleware/HttpThrottleMiddleware.cs). Event Grid delivers again what was answered so. Here the first one counts events, of which a notification
 * may have thousands: each holds its call and its connections.
 */
const MAX_CONCURRENT_EVENTS = 100;
const MAX_OUTSTANDING_NOTIFICATIONS = 200;

const PUBLIC_CLOUD_ORIGIN = 'eventgrid.azure.net';
const ORIGINS: ReadonlySet<unknown> = new Set([
  PUBLIC_CLOUD_ORIGIN,
  'eventgrid.azure.us',
  'eventgrid.azure.eaglex.ic.gov',
  'eventgrid.azure.microsoft.scloud',
  'eventgrid.azure.cn',
]);

/** Names who may deliver cloud events: Event Grid, of the cloud that asks (learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema). */
function answerCloudEventHandshake(request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers['webhook-request-origin'];
  const isKnown = typeof origin === 'string' && ORIGINS.has(origin);
  answerEmpty(response, 200, { 'webhook-allowed-origin': isKnown ? origin : PUBLIC_CLOUD_ORIGIN });
}

function eventTypeOf(request: IncomingMessage): string {
  const header = request.headers['aeg-event-type'];
  return typeof header === 'string' ? header.toLowerCase() : 'none';
}

/** The code comes back as proof that the endpoint wants the events (learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema). */
async function answerValidation(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request);
  const code = body && validationCodeOf(body.json);
  if (code === undefined) return answerEmpty(response, 500);
  return answerText(response, 200, JSON.stringify({ validationResponse: code }));
}

/** An array of one event of the Event Grid schema, or a cloud event, whose `data` may be JSON text. */
function validationCodeOf(json: unknown): string | undefined {
  const event: unknown = Array.isArray(json) ? json[0] : json;
  const data = propertyOf(event, 'data');
  const code = propertyOf(typeof data === 'string' ? parseOrUndefined(data) : data, 'validationCode');
  return typeof code === 'string' ? code : undefined;
}

async function answerNotification(
  request: IncomingMessage,
  response: ServerResponse,
  called: RegisteredFunction,
  call: FunctionCaller,
): Promise<void> {
  const body = await readJson(request);
  if (!body || typeof body.json !== 'object' || body.json === null) return answerEmpty(response, 500);
  const events: unknown[] = Array.isArray(body.json) ? body.json : [body.json];
  const batches = called.trigger.binding['cardinality'] === 'many' ? [events] : events;
  const outcomes = await Promise.allSettled(batches.map((event) => call(called, callOf(event))));
  const failedCount = outcomes.filter(({ status }) => status === 'rejected').length;
  if (failedCount === 0) return answerEmpty(response, 202);
  return answerText(
    response,
    500,
    `Exception while executing function: ${called.name} (${failedCount} of ${batches.length} invocations failed)`,
  );
}

function callOf(event: unknown): { trigger: TypedData; triggerMetadata: Record<string, TypedData> } {
  const data = propertyOf(event, 'data');
  return {
    trigger: { string: JSON.stringify(event) },
    triggerMetadata: data === undefined ? {} : { data: { json: JSON.stringify(data) } },
  };
}

/** Undefined for what is too long or isn't JSON. */
async function readJson(request: IncomingMessage): Promise<{ json: unknown } | undefined> {
  const body = await readBody(request);
  if (!body) return undefined;
  const json = parseOrUndefined(body.toString('utf8'));
  return json === undefined ? undefined : { json };
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
