import type { Clock } from '../clock/clock.ts';
import { assertBindingsAreBuilt, usesDurableFunctions } from './built-bindings.ts';
import { createFunctionCaller, type FunctionCaller } from './function-caller.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import type { HostLog, HostLogLine } from './host-log.ts';
import { type HostStore, openHostStore } from './host-store.ts';
import { type HttpHandler, type HttpListener, listen } from './http/http-listener.ts';
import { createHttpRoutes } from './http/http-routes.ts';
import { createRandom } from './random.ts';
import { answerEmpty, createRequestDispatcher, guardHandler, type Webhook } from './request-dispatcher.ts';
import { applySettings, resolveSettings } from './settings.ts';
import { StartError } from './start-error.ts';
import { createWorkCounter, type WorkCounter } from './work-counter.ts';
import { startWorker, type Worker } from './worker/worker.ts';

export interface FunctionsHostOptions {
  /** Absolute; where host.json and package.json are. */
  appDirectory: string;
  /** 0 means any. */
  port: number;
  /** Absolute; created where missing. */
  dataDirectory: string;
  clock: Clock;
  seed: number;
  auth: 'off' | 'on';
  log: (line: HostLogLine) => void;
  /** Settings that win over the process's own and over local.settings.json. */
  environment?: Record<string, string>;
}

export interface FunctionsHost {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Takes no new work, waits for what is under way, runs the app's appTerminate hooks. */
  stop(): Promise<void>;
  /** Resolves when no invocation, no HTTP request and no durable work item is under way. Timers in the future don't count. */
  whenIdle(): Promise<void>;
}

/** How long `stop` waits for open requests: Azure gives a worker seconds too, and a parent must not wait for a client that hangs. */
const STOP_GRACE_MS = 5_000;

/** Loads the app and serves its functions. Throws a `StartError`, with nothing left running, when the app or its settings don't allow it. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  await using started = new AsyncDisposableStack();
  const host = await start(options, started);
  const resources = started.move();
  return { ...host, stop: () => resources.disposeAsync() };
}

async function start(
  options: FunctionsHostOptions,
  resources: AsyncDisposableStack,
): Promise<Omit<FunctionsHost, 'stop'>> {
  const { appDirectory, dataDirectory, clock, auth } = options;
  const log: HostLog = (line) => options.log({ atMs: clock.now(), ...line });
  if (auth === 'on') throw new StartError('Keys (auth: on) are not built in the local host yet.');

  const counter = createWorkCounter();
  let handle: HttpHandler = async (_, response) => answerEmpty(response, 503);
  const listener = await listen({
    port: options.port,
    handle: guardHandler((...both) => handle(...both), counter, log),
  });
  resources.defer(() => listener.close());
  const origin = `http://127.0.0.1:${listener.port}`;

  applySettings({ appDirectory, hostname: `127.0.0.1:${listener.port}`, environment: options.environment ?? {} });
  const hostJson = readHostJson(appDirectory);
  const store = openHostStore(dataDirectory);
  resources.defer(() => store.close());
  const random = createRandom(options.seed, countBoot(store));

  const worker = await startWorker({ appDirectory, log });
  resources.defer(() => worker.terminate());
  assertBindingsAreBuilt(worker.functions);

  const shared = { worker, counter, clock, random, log };
  const durable = usesDurableFunctions(worker.functions)
    ? await startDurable({ ...shared, hostJson, dataDirectory, origin }, resources)
    : undefined;
  const call = durable?.call ?? createFunctionCaller({ ...shared, durableClientPayload: undefined });

  const routes = createHttpRoutes(worker.functions, hostJson.routePrefix, resolveSettings);
  for (const [name, message] of routes.errors) {
    log({
      level: 'error',
      category: 'system',
      functionName: name,
      message: `The function '${name}' is in error: ${message}`,
    });
  }
  handle = createRequestDispatcher({ origin, routes, webhooks: durable ? [durable.webhook] : [], call, log });
  resources.defer(() => drainWithin(listener, STOP_GRACE_MS));
  return { origin, whenIdle: () => whenIdle(counter, durable?.hubIsIdle) };
}

interface DurableStartOptions {
  worker: Worker;
  counter: WorkCounter;
  clock: Clock;
  random: () => number;
  log: HostLog;
  hostJson: HostJson;
  dataDirectory: string;
  origin: string;
}

interface StartedDurable {
  call: FunctionCaller;
  webhook: Webhook;
  hubIsIdle: () => Promise<void>;
}

const DURABLE_WEBHOOK_PATH = '/runtime/webhooks/durabletask/';
/** Where the library finds the API without a key (azure-functions-durable-extension, LocalHttpListener.cs). */
const DURABLE_RPC_PATH = '/durabletask/';

/** Only apps with durable functions pay for the engine. */
async function startDurable(options: DurableStartOptions, resources: AsyncDisposableStack): Promise<StartedDurable> {
  const { worker, counter, log, hostJson, origin } = options;
  const [{ openDurableMount }, { createDurableInvoker }, { durableClientPayload }] = await Promise.all([
    import('./durable-mount.ts'),
    import('./durable-invoker.ts'),
    import('./durable/client-binding.ts'),
  ]);
  let handle: HttpHandler = async (_, response) => answerEmpty(response, 503);
  const rpcListener = await listen({ port: 0, handle: guardHandler((...both) => handle(...both), counter, log) });
  resources.defer(() => rpcListener.close());
  const rpcOrigin = `http://127.0.0.1:${rpcListener.port}`;

  const systemKey = undefined;
  const call = createFunctionCaller({
    ...options,
    durableClientPayload: durableClientPayload({
      hubName: hostJson.hubName,
      origin,
      systemKey,
      rpcBaseUrl: `${rpcOrigin}${DURABLE_RPC_PATH}`,
    }),
  });
  const mount = openDurableMount({ ...options, invoker: createDurableInvoker(worker.functions, call), systemKey });
  resources.defer(() => mount.hub.stop());
  handle = async (request, response) => {
    const url = new URL(`${rpcOrigin}${request.url}`);
    if (!url.pathname.startsWith(DURABLE_RPC_PATH)) return answerEmpty(response, 404);
    return mount.answer(request, response, { url, base: DURABLE_RPC_PATH, origin });
  };
  mount.hub.start();
  return {
    call,
    hubIsIdle: () => mount.hub.whenIdle(),
    webhook: {
      path: DURABLE_WEBHOOK_PATH,
      answer: (request, response, url) => mount.answer(request, response, { url, base: DURABLE_WEBHOOK_PATH, origin }),
    },
  };
}

/** Ids must not repeat after a restart with the same seed, so each start counts as a second seed. */
function countBoot(store: HostStore): number {
  const bootCount = Number(store.get('bootCount') ?? 0) + 1;
  store.set('bootCount', String(bootCount));
  return bootCount;
}

/** Idle is when the hub was idle and nothing began meanwhile. */
async function whenIdle(counter: WorkCounter, hubIsIdle: (() => Promise<void>) | undefined): Promise<void> {
  for (;;) {
    await counter.whenIdle();
    const { begunCount } = counter;
    await hubIsIdle?.();
    if (counter.isIdle && counter.begunCount === begunCount) return;
  }
}

async function drainWithin(listener: HttpListener, graceMs: number): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, graceMs);
  });
  await Promise.race([listener.drain(), grace]);
  clearTimeout(timeout);
}
