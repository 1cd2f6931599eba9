import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { FileHealth } from '../../sqlite/file-health.ts';
import { createDurableInvoker } from './durable-invoker.ts';
import { durableClientPayload } from './http/client-binding.ts';
import { type DurableHub, type DurableHubOptions, openDurableHub } from './durable-hub.ts';
import type { PlatformName } from './platform/platform.ts';
import { createManagementApi } from './http/management-api.ts';
import { createFunctionCaller, type FunctionCaller } from '../functions/function-caller.ts';
import type { HostJson } from '../settings/host-json.ts';
import type { HostLog } from '../log/host-log.ts';
import { answerEmpty, answerNotReady } from '../http/answer.ts';
import { type HttpHandler, listen } from '../http/http-listener.ts';
import { readBody } from '../http/request-body.ts';
import { DURABLE_SYSTEM_KEY, type KeyStore } from '../keys/key-store.ts';
import { guardHandler, type Webhook } from '../http/request-dispatcher.ts';
import type { WorkCounter } from '../functions/work-counter.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import type { Worker } from '../worker/worker.ts';

/** What the engine needs of the host. */
export interface DurableStartOptions {
  worker: Worker;
  /** Without those that are turned off. */
  functions: readonly RegisteredFunction[];
  counter: WorkCounter;
  clock: Clock;
  random: () => number;
  platform: PlatformName;
  /** What the platform's chances come from. */
  chance: () => number;
  /** In the place of both visibility time-outs of host.json. */
  visibilityTimeoutMs: number | undefined;
  log: HostLog;
  hostJson: HostJson;
  dataDirectory: string;
  /** Of the host's own listener. */
  origin: string;
  keys: KeyStore | undefined;
  health: FileHealth;
}

/** A running task hub, and how the app's functions are called in an app that has one. */
export interface StartedDurable {
  hub: DurableHub;
  call: FunctionCaller;
  webhook: Webhook;
}

const WEBHOOK_PATH = '/runtime/webhooks/durabletask';
/** Where the library finds the API without a key (azure-functions-durable-extension src/WebJobs.Extensions.DurableTask/LocalHttpListener.cs). */
const RPC_PATH = '/durabletask';

const HUB_SETTINGS = [
  'maxConcurrentActivityFunctions',
  'maxConcurrentOrchestratorFunctions',
  'maxConcurrentEntityFunctions',
  'maxEntityOperationBatchSize',
  'overridableExistingInstanceStates',
  'storeInputsInOrchestrationHistory',
  'defaultVersion',
  'versionMatchStrategy',
  'versionFailureStrategy',
] as const;

/**
 * Opens the task hub of the app, and serves its HTTP API twice: for everybody at the host's own port, and without a key at a
 * loopback port of its own, for the durable client of the app, as the extension does. Nothing runs before `hub.start()`, and the
 * caller stops the hub; `resources` gets the second port only.
 */
export async function startDurable(
  options: DurableStartOptions,
  resources: AsyncDisposableStack,
): Promise<StartedDurable> {
  const { worker, functions, clock, random, counter, log, hostJson, dataDirectory, origin, keys } = options;
  const { hubName } = hostJson;
  const systemKey = keys?.list('system').get(DURABLE_SYSTEM_KEY);

  let handle: HttpHandler = answerNotReady;
  const rpcListener = await listen({ port: 0, handle: guardHandler((...both) => handle(...both), counter, log) });
  resources.defer(() => rpcListener.close());
  const rpcOrigin = `http://127.0.0.1:${rpcListener.port}`;

  const payload = durableClientPayload({ hubName, origin, systemKey, rpcBaseUrl: `${rpcOrigin}${RPC_PATH}/` });
  const call = createFunctionCaller({
    worker,
    counter,
    clock,
    random,
    log,
    functionTimeoutMs: hostJson.functionTimeoutMs,
    durableClientPayload: payload,
    health: options.health,
  });
  const hub = openDurableHub({
    hubName,
    databasePath: join(dataDirectory, `task-hub-${hubName.toLowerCase()}.sqlite`),
    clock,
    random,
    platform: options.platform,
    chance: options.chance,
    health: options.health,
    invoker: createDurableInvoker(functions, call),
    ...hubSettingsOf(hostJson.durableTask),
    ...visibilityTimeoutsOf(hostJson.durableTask, options.visibilityTimeoutMs),
    log: (level, message) => log({ level, category: 'system', message }),
  });
  const api = createManagementApi(hub);

  handle = (request, response) => answer(request, response, new URL(`${rpcOrigin}${request.url}`), RPC_PATH);
  return {
    hub,
    call,
    webhook: {
      path: WEBHOOK_PATH,
      allows: (key) => !keys || keys.opensSystem(key, DURABLE_SYSTEM_KEY),
      answer: (request, response, url) => answer(request, response, url, WEBHOOK_PATH),
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL, base: string): Promise<void> {
    if (!url.pathname.toLowerCase().startsWith(`${base}/`)) return answerEmpty(response, 404);
    const body = await readBody(request);
    if (!body) return answerEmpty(response, 413, { connection: 'close' });
    const {
      status,
      headers,
      body: text,
    } = await api({
      method: request.method ?? 'GET',
      path: url.pathname.slice(base.length + 1),
      query: url.searchParams,
      headers: headersOf(request),
      body,
      origin,
      systemKey,
    });
    const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    response.writeHead(status, { ...length, ...headers }).end(text);
  }
}

/** Leaves out what host.json doesn't say, so that the engine's own defaults hold. */
function hubSettingsOf(durableTask: HostJson['durableTask']): Partial<DurableHubOptions> {
  const settings: Partial<DurableHubOptions> = {};
  for (const name of HUB_SETTINGS) {
    if (durableTask[name] !== undefined) Object.assign(settings, { [name]: durableTask[name] });
  }
  return settings;
}

function visibilityTimeoutsOf(
  { storageProvider = {} }: HostJson['durableTask'],
  givenMs: number | undefined,
): Partial<DurableHubOptions> {
  const controlQueueMs = givenMs ?? storageProvider.controlQueueVisibilityTimeout;
  const workItemQueueMs = givenMs ?? storageProvider.workItemQueueVisibilityTimeout;
  return {
    ...(controlQueueMs !== undefined && { controlQueueVisibilityTimeoutMs: controlQueueMs }),
    ...(workItemQueueMs !== undefined && { workItemQueueVisibilityTimeoutMs: workItemQueueMs }),
  };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(',');
  }
  return headers;
}
