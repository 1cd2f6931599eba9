import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isDisabled } from '../functions/disabled-functions.ts';
import { answerEmpty, answerJson, answerText } from '../http/answer.ts';
import type { HttpRoutes } from '../http/http-routes.ts';
import { readBody } from '../http/request-body.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Webhook } from '../http/request-dispatcher.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import { answerKeys } from './admin-keys.ts';

/** What the admin API shows and runs. */
export interface AdminApiOptions {
  functions: readonly RegisteredFunction[];
  routes: HttpRoutes;
  origin: string;
  hostVersion: string;
  instanceId: string;
  startedAtMs: number;
  nowMs: () => number;
  /** Undefined when keys are not in force. */
  keys: KeyStore | undefined;
  /** What the durable functions have cost; undefined in an app that has none. */
  durableCosts: (() => object) | undefined;
  /** Calls a function with the text that somebody gave as its input; undefined for one that can't be called so. */
  run(called: RegisteredFunction, input: string): Promise<unknown> | undefined;
}

const runSchema = z.object({ input: z.string().optional() });

/**
 * Creates the host's own API below `/admin`, as far as tools use it
 * (azure-functions-host src/WebJobs.Script.WebHost/Controllers/HostController.cs, FunctionsController.cs).
 */
export function createAdminApi(options: AdminApiOptions): Webhook {
  return {
    path: '/admin',
    allows: (key, path) => !options.keys || path === '/admin/host/ping' || options.keys.opensAdmin(key),
    async answer(request, response, url) {
      const [, area, ...segments] = url.pathname
        .split('/')
        .filter(Boolean)
        .map((segment) => segment.toLowerCase());
      const method = request.method ?? 'GET';
      if (area === 'host') return answerHost(options, request, response, segments);
      if (area === 'local') return answerLocal(options, method, response, segments);
      if (area !== 'functions') return answerEmpty(response, 404);
      const [name, part, keyName] = segments;
      if (name === undefined) {
        return method === 'GET'
          ? answerJson(
              response,
              200,
              options.functions.map((each) => describe(each, options)),
            )
          : answerEmpty(response, 404);
      }
      const called = options.functions.find((each) => each.name.toLowerCase() === name);
      if (!called) return answerEmpty(response, 404);
      if (part === 'keys' && options.keys) {
        return answerKeys(options.keys, { functionName: called.name }, keyName, request, response);
      }
      if (part === 'status' && method === 'GET') return answerJson(response, 200, statusOf(called, options));
      if (part === undefined && method === 'GET') return answerJson(response, 200, describe(called, options));
      if (part === undefined && method === 'POST') return answerRun(called, options, request, response);
      return answerEmpty(response, 404);
    },
  };
}

async function answerHost(
  options: AdminApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  segments: string[],
): Promise<void> {
  const [part, keyName] = segments;
  if (part === 'ping') return answerEmpty(response, 200);
  if (part === 'status' && request.method === 'GET') {
    return answerJson(response, 200, {
      id: 'local',
      state: 'Running',
      version: options.hostVersion,
      versionDetails: options.hostVersion,
      instanceId: options.instanceId,
      processUptime: options.nowMs() - options.startedAtMs,
      functionAppContentEditingState: 'NotAllowed',
    });
  }
  if (options.keys && (part === 'keys' || part === 'functionkeys')) {
    return answerKeys(options.keys, 'host', keyName, request, response);
  }
  if (options.keys && part === 'systemkeys') return answerKeys(options.keys, 'system', keyName, request, response);
  return answerEmpty(response, 404);
}

/** What the real host has not: `GET /admin/local/durable-costs` shows what each durable function has cost since the start. */
function answerLocal({ durableCosts }: AdminApiOptions, method: string, response: ServerResponse, segments: string[]) {
  const [part] = segments;
  if (durableCosts && part === 'durable-costs' && method === 'GET') return answerJson(response, 200, durableCosts());
  return answerEmpty(response, 404);
}

function describe(called: RegisteredFunction, { routes, origin }: AdminApiOptions): object {
  const route = routes.routes.find((each) => each.called === called);
  const bindings = Object.entries(called.metadata.bindings).map(([name, binding]) => ({ ...binding, name }));
  return {
    name: called.name,
    script_href: null,
    config: { name: called.name, scriptFile: called.scriptFile, language: 'node', bindings },
    invoke_url_template: route ? `${origin}/${route.template}` : null,
    language: 'node',
    isDisabled: isDisabled(called),
    isDirect: true,
    isProxy: false,
  };
}

function statusOf(called: RegisteredFunction, { routes }: AdminApiOptions): object {
  const error = routes.errors.get(called.name);
  return error === undefined ? {} : { errors: [error] };
}

async function answerRun(
  called: RegisteredFunction,
  options: AdminApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const input = body && inputOf(body.toString('utf8'));
  if (input === undefined) return answerText(response, 400, 'The body is JSON with an optional text "input".');
  const running = options.run(called, input);
  if (!running) return answerText(response, 400, `'${called.name}' is an HTTP function: call it at its route.`);
  // The caller of the function has logged its failure, and 202 promises nothing about the outcome.
  running.catch(() => undefined);
  return answerEmpty(response, 202);
}

function inputOf(text: string): string | undefined {
  try {
    const parsed = runSchema.safeParse(text === '' ? {} : JSON.parse(text));
    return parsed.success ? (parsed.data.input ?? '') : undefined;
  } catch {
    return undefined;
  }
}
