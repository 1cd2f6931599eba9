import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import type { DurableClient } from '../../durable/durable-client.ts';
import type { FailureCode } from '../../domain/failure.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import type { GroupId } from '../../domain/group/group-id.ts';
import { checkJsonShape } from '../../domain/json-shape.ts';
import { parseJson } from './parse-json.ts';
import { Problem, toViolations, violationProblem } from './problem.ts';

/** An HTTP request as a function of the API sees it. */
export interface ApiRequest {
  method: string;
  /** Without the key of the platform, which may come in the query too. */
  query: Readonly<Record<string, string>>;
  /** Of the route. */
  params: Readonly<Record<string, string>>;
  header(name: string): string | null;
  /** The body as JSON; throws the problem when there is none, it is too large, or it is no JSON. */
  json(maxBytes?: number): Promise<unknown>;
  client: DurableClient;
  /** Names this request in timelines, by the id that its answer carries, and its caller where we know it. */
  cause: string;
}

/** A spec with 60 containers and their variables fits many times. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The platform's request as the API's functions see it. */
export function toApiRequest(request: HttpRequest, client: DurableClient, cause: string): ApiRequest {
  return {
    method: request.method,
    query: Object.fromEntries([...request.query].filter(([name]) => !isOfThePlatform(name))),
    params: request.params,
    header: (name) => request.headers.get(name),
    json: (maxBytes = MAX_BODY_BYTES) => readJson(request, maxBytes),
    client,
    cause,
  };
}

/**
 * Where the Functions host takes a key from the query, and tells whose it is
 * (https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#api-key-authorization).
 */
function isOfThePlatform(name: string): boolean {
  return ['code', 'clientid'].includes(name.toLowerCase());
}

/** Parses by a schema; throws the problem that names every field that is wrong. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { root = '', code = 'invalidRequest' }: { root?: string; code?: FailureCode } = {},
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw violationProblem(toViolations(parsed.error, root), code);
  }
  return parsed.data;
}

/** Refuses a group that Azure can't have. */
export function requireValidId(id: GroupId): void {
  const violations = checkGroupId(id);
  if (violations.length > 0) {
    throw violationProblem(violations, 'invalidRequest');
  }
}

async function readJson(request: HttpRequest, maxBytes: number): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) {
    throw bodyTooLarge(maxBytes);
  }
  const text = await request.text();
  if (Buffer.byteLength(text) > maxBytes) {
    throw bodyTooLarge(maxBytes);
  }
  if (text === '' && cameInChunks(request)) {
    throw lengthRequired();
  }
  if (text.trim() === '') {
    throw new Problem({ code: 'bodyMissing', message: 'The request has no body; a JSON document is expected.' });
  }
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    throw new Problem({ code: 'bodyNotJson', message: 'The body is not valid JSON.' });
  }
  const violations = checkJsonShape(json);
  if (violations.length > 0) {
    throw violationProblem(violations, 'invalidRequest');
  }
  return json;
}

/** The host hands such a body over empty (GrpcMessageConversionExtensions.cs, ToRpcHttp; azure-functions-host issue 4926). */
function cameInChunks({ headers }: HttpRequest): boolean {
  return /\bchunked\b/i.test(headers.get('transfer-encoding') ?? '');
}

function lengthRequired(): Problem {
  const message =
    'The body came in chunks, which the Functions host does not hand over. Send it whole, with a Content-Length header and without Transfer-Encoding.';
  return new Problem({ code: 'lengthRequired', message });
}

function bodyTooLarge(maxBytes: number): Problem {
  return new Problem({ code: 'bodyTooLarge', message: `The body is larger than ${maxBytes / 1024} KiB.` });
}
