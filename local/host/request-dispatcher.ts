import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionCaller } from './function-caller.ts';
import type { HostLog } from './host-log.ts';
import { answerWithFunction } from './http/http-function.ts';
import type { HttpHandler } from './http/http-listener.ts';
import type { HttpRoutes } from './http/http-routes.ts';
import { readBody } from './http/request-body.ts';
import type { WorkCounter } from './work-counter.ts';

/** A part of the host that answers what is below its path. */
export interface Webhook {
  /** Begins and ends with a slash, except for a webhook that has one path only. */
  path: string;
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

export interface RequestDispatcherOptions {
  origin: string;
  routes: HttpRoutes;
  webhooks: readonly Webhook[];
  call: FunctionCaller;
  log: HostLog;
}

/**
 * Creates what answers the host's requests: webhooks by their path, then functions by their route, then the home page, else an
 * empty 404.
 */
export function createRequestDispatcher({ origin, routes, webhooks, call }: RequestDispatcherOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = urlOf(request, origin);
    if (!url) return answerEmpty(response, 400);
    if (/^\/(admin|runtime)\//i.test(url.pathname)) {
      const webhook = webhooks.find(({ path }) => url.pathname.toLowerCase().startsWith(path));
      return webhook ? webhook.answer(request, response, url) : answerEmpty(response, 404);
    }
    const found = routes.find(request.method ?? 'GET', url.pathname);
    if (!found)
      return url.pathname === '/' && request.method === 'GET' ? answerHomePage(response) : answerEmpty(response, 404);
    const body = await readBody(request);
    if (!body) return answerEmpty(response, 413, { connection: 'close' });
    return answerWithFunction(call, { request, body, url, ...found }, response);
  };
}

/** Counts the requests under way, and turns what nobody caught into a log line and an empty 500. */
export function guardHandler(handler: HttpHandler, counter: WorkCounter, log: HostLog): HttpHandler {
  return async (request, response) => {
    using _ = counter.begin();
    try {
      await handler(request, response);
    } catch (error) {
      // The sender is gone: there is nobody to answer, and nothing has gone wrong here.
      if (request.destroyed && !request.complete) return;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log({ level: 'error', category: 'system', message: `${request.method} ${pathOf(request)} failed: ${text}` });
      if (response.headersSent) response.destroy();
      else answerEmpty(response, 500);
    }
  };
}

/** Answers with a status and no body. */
export function answerEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': '0' }).end();
}

/** Answers with a JSON body. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
    })
    .end(text);
}

/** Undefined for a target or a `host` header that makes no URL. A path of two slashes must not become another host. */
function urlOf(request: IncomingMessage, origin: string): URL | undefined {
  const target = request.url ?? '/';
  const base = request.headers.host === undefined ? origin : `http://${request.headers.host}`;
  return URL.parse(target.startsWith('/') ? `${base}${target}` : target) ?? undefined;
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?')[0] ?? '/';
}

function answerHomePage(response: ServerResponse): void {
  if (process.env['AzureWebJobsDisableHomepage'] === 'true') return answerEmpty(response, 204);
  const html = '<!doctype html><title>Functions host</title><p>The function app is up and running.</p>\n';
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': String(html.length) })
    .end(html);
}
