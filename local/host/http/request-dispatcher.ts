import type { IncomingMessage, ServerResponse } from 'node:http';
import { DataFileError } from '../../files/data-file-error.ts';
import type { FileHealth } from '../../sqlite/file-health.ts';
import { StorageUnavailable } from '../../sqlite/storage-error.ts';
import type { FunctionCaller } from '../functions/function-caller.ts';
import type { HostLog } from '../log/host-log.ts';
import { answerEmpty, answerHtml, answerText, answerUnavailable } from './answer.ts';
import { answerWithFunction } from './http-function.ts';
import type { HttpHandler } from './http-listener.ts';
import type { HttpRoute, HttpRoutes } from './http-routes.ts';
import { readBody } from './request-body.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { WorkCounter } from '../functions/work-counter.ts';

/** A part of the host that answers at its path and below. */
export interface Webhook {
  /** In lower case, without a slash at the end. */
  path: string;
  /** Whether whoever holds `key`, or none, may ask for the path; `path` is in lower case. */
  allows(key: string | undefined, path: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

/** Who answers what. */
export interface RequestDispatcherOptions {
  origin: string;
  routes: HttpRoutes;
  webhooks: readonly Webhook[];
  call: FunctionCaller;
  /** Undefined when keys are not in force. */
  keys: KeyStore | undefined;
  health: FileHealth;
}

/**
 * Creates what answers the host's requests: webhooks by their path, then functions by their route, then the home page, else an
 * empty 404. Without the right key there is an empty 401 or 403. Where no key is asked for, whoever asks by a name that is not this
 * machine's gets a 421, and a web page of another machine a 403. While the host's files take no writes, all but its own API gets a 503.
 */
export function createRequestDispatcher({
  origin,
  routes,
  webhooks,
  call,
  keys,
  health,
}: RequestDispatcherOptions): HttpHandler {
  return async (request, response) => {
    const url = urlOf(request, origin);
    if (!url) return answerEmpty(response, 400);
    if (!keys && !isLoopback(url)) return answerText(response, 421, MISDIRECTED);
    if (!keys && isOfForeignPage(request)) return answerText(response, 403, FOREIGN_PAGE);
    const isHostPath = /^\/(admin|runtime)(\/|$)/i.test(url.pathname);
    if (health.isFailing && !/^\/admin(\/|$)/i.test(url.pathname)) return answerUnavailable(response);
    if (isHostPath) return answerWithWebhook({ webhooks, keys }, request, response, url);

    const found = routes.find(request.method ?? 'GET', url.pathname);
    if (!found) {
      return url.pathname === '/' && request.method === 'GET' ? answerHomePage(response) : answerEmpty(response, 404);
    }
    if (keys && !opens(keys, found.route, keyOf(request, url))) return answerEmpty(response, 401);
    const body = await readBody(request);
    if (!body) return answerEmpty(response, 413, { connection: 'close' });
    return answerWithFunction(
      call,
      { request, body: hasLength(request) ? body : NO_BODY, url, ...found },
      response,
      health,
    );
  };
}

/** A page of another name that its DNS points at this machine could read every answer (DNS rebinding). */
function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** A browser says which page a request with an effect is from, and lets every page send some to this machine (fetch.spec.whatwg.org/#origin-header). */
function isOfForeignPage({ headers: { origin } }: IncomingMessage): boolean {
  if (origin === undefined) return false;
  const page = URL.parse(origin);
  return page === null || !isLoopback(page);
}

const FOREIGN_PAGE =
  'Without keys this host takes no requests from web pages of other machines: start it with keys (--auth on).\n';

const MISDIRECTED =
  'Without keys this host answers to the names of its own machine only: ask for localhost or 127.0.0.1, or start it with keys.\n';

const NO_BODY = Buffer.alloc(0);

/** The host hands no body over whose length is not known beforehand (GrpcMessageConversionExtensions.cs, ToRpcHttp; azure-functions-host issue 4926). */
function hasLength({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined;
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
      // The host stops, and has answered in the place of whoever was too late.
      if (response.writableEnded && hasCode(error, 'ERR_HTTP_HEADERS_SENT')) return;
      // It has been told when it began.
      if (error instanceof StorageUnavailable) return answerUnavailable(response);
      const text =
        error instanceof Error && !(error instanceof DataFileError) ? (error.stack ?? error.message) : messageOf(error);
      log({ level: 'error', category: 'system', message: `${request.method} ${pathOf(request)} failed: ${text}` });
      if (response.headersSent) response.destroy();
      else if (error instanceof DataFileError) answerUnavailable(response);
      else answerEmpty(response, 500);
    }
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const HOST_HEADER = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/**
 * Undefined for a target or a `host` header that makes no URL: neither a path of two slashes nor a slash in the header may move
 * what is asked for.
 */
function urlOf(request: IncomingMessage, origin: string): URL | undefined {
  const target = request.url ?? '/';
  const { host } = request.headers;
  if (host !== undefined && !HOST_HEADER.test(host)) return undefined;
  const base = host === undefined ? origin : `http://${host}`;
  return URL.parse(target.startsWith('/') ? `${base}${target}` : target) ?? undefined;
}

function answerWithWebhook(
  { webhooks, keys }: Pick<RequestDispatcherOptions, 'webhooks' | 'keys'>,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> | void {
  const path = url.pathname.toLowerCase();
  const webhook = webhooks.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  const key = keyOf(request, url);
  const isAllowed = webhook ? webhook.allows(key, path) : !path.startsWith('/runtime/webhooks/') || opensAny(keys, key);
  if (!isAllowed) return refuse(response, keys?.isOfHost(key) ?? false);
  return webhook ? webhook.answer(request, response, url) : answerEmpty(response, 404);
}

/** What there is no extension for asks for a key as every webhook does, and no key but the master key is right (HostController.cs). */
function opensAny(keys: KeyStore | undefined, key: string | undefined): boolean {
  return !keys || keys.opensAdmin(key);
}

/** A key of the host that is not for this is forbidden; with no such key one is asked who one is (AuthorizationOptionsExtensions.cs). */
function refuse(response: ServerResponse, isKnown: boolean): void {
  if (isKnown) answerEmpty(response, 403);
  else answerEmpty(response, 401, { 'www-authenticate': 'Bearer' });
}

/** The header comes first (azure-functions-host src/WebJobs.Script.WebHost/Security/Authentication/Keys/AuthenticationLevelHandler.cs). */
function keyOf(request: IncomingMessage, url: URL): string | undefined {
  const header = request.headers['x-functions-key'];
  return typeof header === 'string' ? header : (url.searchParams.get('code') ?? undefined);
}

function opens(keys: KeyStore, { authLevel, called }: HttpRoute, key: string | undefined): boolean {
  switch (authLevel) {
    case 'anonymous':
      return true;
    case 'function':
      return keys.opensFunction(key, called.name);
    case 'admin':
      return keys.opensAdmin(key);
  }
}

function answerHomePage(response: ServerResponse): void {
  if (process.env['AzureWebJobsDisableHomepage'] === 'true') return answerEmpty(response, 204);
  answerHtml(response, 200, '<!doctype html><title>Functions host</title><p>The function app is up and running.</p>\n');
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?')[0] ?? '/';
}
