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

  /** Undefined when it is absent or no number: the extension ignores what it can't read. */
  number(name: string): number | undefined {
    const value = this.text(name)?.trim();
    const number = Number(value);
    return value === undefined || value === '' || !Number.isFinite(number) ? undefined : number;
  }

  /** How many items a page has at most. Throws what a query of none or fewer ends in. */
  top(): number {
    const top = this.number('top') ?? DEFAULT_PAGE_SIZE;
    if (!Number.isInteger(top)) return DEFAULT_PAGE_SIZE;
    if (top < 1) throw new Error(`Table storage answers pages of 1 to ${MAX_PAGE_SIZE} entities, not of ${top}.`);
    return Math.min(top, MAX_PAGE_SIZE);
  }

  /** Undefined when it is absent or no date and time. */
  timeMs(name: string): number | undefined {
    const ms = Date.parse(this.text(name) ?? '');
    return Number.isNaN(ms) ? undefined : ms;
  }
}

/** As the Durable extension has it (OrchestrationStatusQueryCondition.cs, EntityQuery.cs). */
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
