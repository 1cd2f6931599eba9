import type { Clock } from '../clock/clock.ts';
import { FileHealth } from '../sqlite/file-health.ts';
import { createAdminApi } from './admin/admin-api.ts';
import { assertBindingsAreBuilt, isOfType, usesDurableFunctions } from './functions/built-bindings.ts';
import { isDisabled } from './functions/disabled-functions.ts';
import type { DurableStartOptions, StartedDurable } from './durable/durable-start.ts';
import type { DurableHub } from './durable/durable-hub.ts';
import type { PlatformName } from './durable/platform/platform.ts';
import { createEventGridWebhook } from './event-grid/event-grid-webhook.ts';
import { createFunctionCaller } from './functions/function-caller.ts';
import { readHostJson } from './settings/host-json.ts';
import type { HostLog, HostLogLine } from './log/host-log.ts';
import { type HostStore, openHostStore } from './host-store.ts';
import { answerNotReady } from './http/answer.ts';
import { type HttpHandler, listen } from './http/http-listener.ts';
import { createHttpRoutes } from './http/http-routes.ts';
import { openKeyStore } from './keys/key-store.ts';
import { createRandom, randomUuid } from './random.ts';
import { createRequestDispatcher, guardHandler } from './http/request-dispatcher.ts';
import { applySettings, resolveSettings } from './settings/settings.ts';
import type { Timers, TimersOptions } from './timer/timers.ts';
import { createWorkCounter, type WorkCounter } from './functions/work-counter.ts';
import type { RegisteredFunction } from './worker/function-registry.ts';
import { startWorker } from './worker/worker.ts';

/** Which app to run, where and how. */
export interface FunctionsHostOptions {
  /** Absolute; where host.json and package.json are. */
  appDirectory: string;
  /** 0 means any. */
  port: number;
  /** Absolute; created where missing. */
  dataDirectory: string;
  clock: Clock;
  seed: number;
  /** How the durable backend behaves. */
  platform: PlatformName;
  /** How long what a crash left in flight stays hidden, in the place of what host.json says. */
  visibilityTimeoutMs?: number | undefined;
  /** `on`: function, host, system and master keys as in Azure, kept in `keys.json` of the data directory. */
  auth: 'off' | 'on';
  log: (line: HostLogLine) => void;
  /** Whether the app is registered anew where this process has loaded it before; else it stays as it was registered then. */
  reload?: boolean;
  /** Settings that win over the process's own and over local.settings.json. */
  environment?: Record<string, string>;
}

/** A host that takes requests. */
export interface FunctionsHost {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Takes no new work, waits for what is under way, runs the app's appTerminate hooks. */
  stop(): Promise<void>;
  /** Resolves when no invocation, no HTTP request and no durable work item is under way. Timers in the future don't count. */
  whenIdle(): Promise<void>;
}

/** How long `stop` waits for open requests: a worker has seconds in Azure too, and nobody waits for what hangs. */
const REQUEST_GRACE_MS = 5_000;

/** How long the answers of those that waited in vain may take to be sent, to a caller who reads slowly. */
const ANSWER_GRACE_MS = 1_000;

/** How long it waits for calls after that. All in all it stays below what the starter of the process gives it, 10 s. */
const CALL_GRACE_MS = 2_000;

/** Makes of the host's seed another source of numbers, so that ids are the same on every platform. */
const PLATFORM_SEED = 1;

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
  const { appDirectory, dataDirectory, clock } = options;
  const log: HostLog = (line) => options.log({ atMs: clock.now(), ...line });
  const counter = createWorkCounter();

  let handle: HttpHandler = answerNotReady;
  const listener = await listen({
    port: options.port,
    handle: guardHandler((...both) => handle(...both), counter, log),
  });
  resources.defer(() => listener.close());
  const origin = `http://127.0.0.1:${listener.port}`;

  applySettings({ appDirectory, hostname: `127.0.0.1:${listener.port}`, environment: options.environment ?? {}, log });
  const hostJson = readHostJson(appDirectory);
  const health = new FileHealth(clock, (message) => log({ level: 'error', category: 'system', message }));
  resources.defer(() => health.stop());
  const store = openHostStore(dataDirectory, health);
  resources.defer(() => store.close());
  const bootCount = countBoot(store);
  const random = createRandom(options.seed, bootCount);
  const chance = createRandom(options.seed, bootCount, PLATFORM_SEED);

  const worker = await startWorker({ appDirectory, log, reload: options.reload });
  resources.defer(() => worker.terminate());
  assertBindingsAreBuilt(worker.functions);
  const functions = worker.functions.filter((each) => !isDisabled(each));
  const keys =
    options.auth === 'on'
      ? openKeyStore(
          dataDirectory,
          worker.functions.map(({ name }) => name),
        )
      : undefined;

  const shared = { worker, functions, counter, clock, random, log, health };
  const durable = usesDurableFunctions(worker.functions)
    ? await startDurableLazily(
        {
          ...shared,
          platform: options.platform,
          chance,
          visibilityTimeoutMs: options.visibilityTimeoutMs,
          hostJson,
          dataDirectory,
          origin,
          keys,
        },
        resources,
      )
    : undefined;
  const call =
    durable?.call ??
    createFunctionCaller({ ...shared, functionTimeoutMs: hostJson.functionTimeoutMs, durableClientPayload: undefined });

  resources.defer(() => within(CALL_GRACE_MS, counter.whenIdle()));
  resources.defer(() => durable?.hub.stop());

  const timers = await createTimersLazily({ ...shared, store, call });
  resources.defer(() => timers?.stop());
  const routes = createHttpRoutes(functions, hostJson.routePrefix, resolveSettings);
  for (const [name, message] of routes.errors) {
    log({
      level: 'error',
      category: 'system',
      functionName: name,
      message: `The function '${name}' is in error: ${message}`,
    });
  }
  const admin = createAdminApi({
    functions: worker.functions,
    routes,
    origin,
    keys,
    hostVersion: worker.hostVersion,
    instanceId: randomUuid(random),
    startedAtMs: clock.now(),
    nowMs: () => clock.now(),
    durableCosts: durable && (() => durable.hub.costs()),
    run: (called, input) =>
      timers?.run(called) ?? (isHttp(called) ? undefined : call(called, { trigger: { string: input } })),
  });
  const webhooks = [admin, createEventGridWebhook(functions, call, keys), ...(durable ? [durable.webhook] : [])];
  handle = createRequestDispatcher({ origin, routes, webhooks, call, keys, health });
  resources.defer(() => within(REQUEST_GRACE_MS + ANSWER_GRACE_MS, listener.drain(REQUEST_GRACE_MS)));

  durable?.hub.start();
  timers?.start();
  return { origin, whenIdle: () => whenIdle(counter, durable?.hub) };
}

/** Only an app with durable functions pays for the engine. */
async function startDurableLazily(
  options: DurableStartOptions,
  resources: AsyncDisposableStack,
): Promise<StartedDurable> {
  const { startDurable } = await import('./durable/durable-start.ts');
  return startDurable(options, resources);
}

/** Only an app with timers pays for the cron arithmetic. */
async function createTimersLazily(options: TimersOptions): Promise<Timers | undefined> {
  if (!options.functions.some(({ trigger }) => isOfType(trigger.binding, ['timertrigger']))) return undefined;
  const { createTimers } = await import('./timer/timers.ts');
  return createTimers(options);
}

function isHttp({ trigger }: RegisteredFunction): boolean {
  return isOfType(trigger.binding, ['httptrigger']);
}

/** Ids must not repeat after a restart with the same seed, so each start counts as a second seed. */
function countBoot(store: HostStore): number {
  const bootCount = Number(store.get('bootCount') ?? 0) + 1;
  store.set('bootCount', String(bootCount));
  return bootCount;
}

/** Idle is when the hub was idle and nothing began meanwhile. */
async function whenIdle(counter: WorkCounter, hub: DurableHub | undefined): Promise<void> {
  for (;;) {
    await counter.whenIdle();
    const { begunCount } = counter;
    await hub?.whenIdle();
    if (counter.isIdle && counter.begunCount === begunCount) return;
  }
}

/** Waits for `done`, but not for ever. */
async function within(graceMs: number, done: Promise<void>): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, graceMs);
  });
  await Promise.race([done, grace]);
  clearTimeout(timeout);
}
