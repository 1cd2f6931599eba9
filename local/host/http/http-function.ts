import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileHealth } from '../../sqlite/file-health.ts';
import type { FunctionCaller } from '../functions/function-caller.ts';
import type { Nullable, RpcHttp, TypedData } from '../worker/typed-data.ts';
import { answerEmpty, answerUnavailable } from './answer.ts';
import { serializeCookie } from './cookie.ts';
import type { HttpRoute } from './http-routes.ts';

/** A request and the function that answers it. */
export interface HttpCall {
  request: IncomingMessage;
  body: Buffer;
  /** Absolute, with the query. */
  url: URL;
  route: HttpRoute;
  params: Record<string, string>;
}

/** Headers that belong to this connection, not to the app's answer. */
const CONNECTION_HEADERS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** Calls an HTTP function and writes its answer: 204 when it returned nothing, an empty 500 when it threw; 503 for a failure while the host's files take no writes. */
export async function answerWithFunction(
  call: FunctionCaller,
  { request, body, url, route, params }: HttpCall,
  response: ServerResponse,
  health: FileHealth,
): Promise<void> {
  const trigger: TypedData = {
    http: {
      method: request.method ?? 'GET',
      url: url.href,
      nullableHeaders: headersOf(request),
      nullableQuery: queryOf(url.searchParams),
      nullableParams: nullable(Object.entries(params)),
      identities: [],
      body: body.length > 0 ? { bytes: body } : null,
    },
  };
  let http: RpcHttp | undefined;
  try {
    const { returnValue } = await call(route.called, { trigger, traceParent: request.headers['traceparent'] });
    http = returnValue?.http;
  } catch {
    // The caller has logged it with the invocation's id; an answer must not show what went wrong inside.
    if (health.isFailing) answerUnavailable(response);
    else answerEmpty(response, 500);
    return;
  }
  if (health.isFailing && Number(http?.statusCode ?? 200) >= 500) return answerUnavailable(response);
  if (http) write(response, http);
  else response.writeHead(204).end();
}

/** Headers without a value are not handed over (worker capability IgnoreEmptyValuedRpcHttpHeaders). */
function headersOf(request: IncomingMessage): Record<string, Nullable<string>> {
  const given = Object.entries(request.headers).filter(([, value]) => value !== undefined && value.length > 0);
  return nullable(given.map(([name, value]) => [name, typeof value === 'string' ? value : (value?.join(',') ?? '')]));
}

/** A name given twice has both values, with a comma in between (StringValues.ToString in the host's GrpcMessageConversionExtensions.cs). */
function queryOf(query: URLSearchParams): Record<string, Nullable<string>> {
  return nullable(Array.from(new Set(query.keys()), (name) => [name, query.getAll(name).join(',')]));
}

/** Made of entries: the name `__proto__` becomes a property like any other. */
function nullable(entries: [string, string][]): Record<string, Nullable<string>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

function write(response: ServerResponse, http: RpcHttp): void {
  const status = Number(http.statusCode ?? 200);
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    if (!CONNECTION_HEADERS.has(name.toLowerCase())) response.setHeader(name, value);
  }
  for (const cookie of http.cookies ?? []) response.appendHeader('set-cookie', serializeCookie(cookie));
  const body = http.body?.bytes ?? http.body?.string ?? http.body?.json;
  if (status === 204 || status === 304) response.writeHead(status).end();
  else {
    response
      .writeHead(status, { 'content-length': String(body === undefined ? 0 : Buffer.byteLength(body)) })
      .end(body);
  }
}
