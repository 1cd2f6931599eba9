/** A request to the management API. */
export interface DurableHttpRequest {
  method: string;
  /** Below the base, such as "instances/abc", still percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
  /** Such as http://127.0.0.1:7071; the URLs handed out begin with it. */
  origin: string;
  /** Put as `code` into the URLs handed out. */
  systemKey: string | undefined;
}

/** An answer of the management API. */
export interface DurableHttpResponse {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

/** What is wrong with a request; the API answers with `status` and a body that says so. */
export class DurableHttpError extends Error {
  readonly status: number;
  readonly exceptionMessage: string | undefined;

  constructor(status: number, message: string, exceptionMessage?: string) {
    super(message);
    this.status = status;
    this.exceptionMessage = exceptionMessage;
  }
}

/** The extension's words for an argument that it refuses. */
export const BAD_ARGUMENT = 'One or more of the arguments submitted is incorrect';
/** The extension's words for everything that it did not foresee. */
export const SOMETHING_WENT_WRONG = 'Something went wrong while processing your request';

/** An answer without a body. */
export function emptyResponse(status: number, headers: Record<string, string> = {}): DurableHttpResponse {
  return { status, headers };
}

/** An answer with a JSON body. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): DurableHttpResponse {
  return textResponse(status, JSON.stringify(value), headers);
}

/** An answer whose body is JSON text already. */
export function textResponse(status: number, body: string, headers: Record<string, string> = {}): DurableHttpResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

/** The body has PascalCase members (azure-functions-durable-extension, HttpApiHandler.cs). */
export function errorResponse({ status, message, exceptionMessage }: DurableHttpError): DurableHttpResponse {
  const exception = exceptionMessage === undefined ? {} : { ExceptionMessage: exceptionMessage };
  return jsonResponse(status, { Message: message, ...exception });
}

/** Reads query parameters, whose names don't care about case. */
export class DurableQuery {
  readonly #values: Map<string, string>;

  constructor(query: URLSearchParams) {
    this.#values = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  }

  text(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  flag(name: string, ifAbsent: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    return value === 'true' || (value !== 'false' && ifAbsent);
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    const number = Number(value);
    if (!Number.isFinite(number)) throw this.#refusal(name, value, 'a number');
    return number;
  }

  /** How many items a page has at most. */
  top(): number {
    const top = this.number('top') ?? DEFAULT_PAGE_SIZE;
    if (!Number.isInteger(top) || top < 1) throw this.#refusal('top', String(top), 'an integer from 1 on');
    return Math.min(top, MAX_PAGE_SIZE);
  }

  timeMs(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw this.#refusal(name, value, 'a date and time');
    return ms;
  }

  #refusal(name: string, value: string, expected: string): DurableHttpError {
    return new DurableHttpError(400, BAD_ARGUMENT, `The parameter '${name}' should be ${expected}; it is '${value}'.`);
  }
}

/** As the Durable extension has it (HttpApiHandler.cs, DefaultPageSize). */
const DEFAULT_PAGE_SIZE = 100;

/** Azure Storage answers no more at once (learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination). */
const MAX_PAGE_SIZE = 1000;

/** The compact JSON text of a body that must be JSON; throws a refusal with status 400. */
export function readJsonBody({ body }: DurableHttpRequest): string {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new DurableHttpError(400, 'Invalid JSON content', error instanceof Error ? error.message : undefined);
  }
}

/** Where the page that the request asks for begins; '' for the first. */
export function readContinuationToken({ headers }: DurableHttpRequest): string {
  return Buffer.from(headers['x-ms-continuation-token'] ?? '', 'base64url').toString('utf8');
}

/** Cuts the one item too many that tells that there is a next page, and says so in the header. */
export function pageResponse<Item>(
  items: readonly Item[],
  limit: number,
  idOf: (item: Item) => string,
  toView: (item: Item) => unknown,
): DurableHttpResponse {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const isMore = items.length > limit && last !== undefined;
  return jsonResponse(
    200,
    page.map(toView),
    isMore ? { 'x-ms-continuation-token': toContinuationToken(idOf(last)) } : {},
  );
}

/** Names the place where a page ended; opaque to the client. */
function toContinuationToken(lastId: string): string {
  return Buffer.from(lastId).toString('base64url');
}
