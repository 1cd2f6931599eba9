import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import type { VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { openDurableHub } from '../../../local/host/durable/durable-hub.ts';
import type { DurableHub, DurableHubOptions } from '../../../local/host/durable/durable-hub.ts';
import type { DurableFunctionInvoker } from '../../../local/host/durable/work/function-invoker.ts';
import { createManagementApi } from '../../../local/host/durable/http/management-api.ts';
import type { DurableHttpResponse } from '../../../local/host/durable/http/management-api.ts';
import { createDurableInvoker } from '../../../local/host/durable/durable-invoker.ts';
import { createRandom } from '../../../local/host/random.ts';
import { testSeed } from '../../seed.ts';
import { CoreDisposable } from '../../../local/host/worker/core-api.ts';
import type { ProgrammingModel } from '../../../local/host/worker/core-api.ts';
import { injectCoreModule } from '../../../local/host/worker/core-injection.ts';
import { createFunctionRegistry } from '../../../local/host/worker/function-registry.ts';
import { createHooks } from '../../../local/host/worker/hooks.ts';
import { invokeFunction } from '../../../local/host/worker/invocation.ts';

const registry = createFunctionRegistry();
const hooks = createHooks();
let model: ProgrammingModel | undefined;

injectCoreModule({
  version: '3.10.0',
  hostVersion: '4.1036.0',
  registerFunction: registry.register,
  registerHook: hooks.register,
  setProgrammingModel: (newModel) => void (model = newModel),
  getProgrammingModel: () => model,
  log: () => undefined,
  Disposable: CoreDisposable,
});

/**
 * The unmodified library, loaded after the core it asks for is there; what a test registers with it, every hub can run. Files share a
 * process and so the names that they register.
 */
export const df = await import('durable-functions');

df.app.activity('greet', { handler: (name: string) => `Hello ${name}!` });
df.app.activity('echo', { handler: (input: unknown) => input });

/** Runs whatever has been registered by the time it is called. */
export const registeredFunctions: DurableFunctionInvoker = {
  has: (kind, name) => currentInvoker().has(kind, name),
  orchestrator: (name, payload, instanceId) => currentInvoker().orchestrator(name, payload, instanceId),
  entity: (name, payload, instanceId) => currentInvoker().entity(name, payload, instanceId),
  activity: (name, input, instanceId) => currentInvoker().activity(name, input, instanceId),
};

let cached: { functionCount: number; invoker: DurableFunctionInvoker } | undefined;

function currentInvoker(): DurableFunctionInvoker {
  const functions = registry.functions();
  if (cached?.functionCount === functions.length) return cached.invoker;
  const invoker = createDurableInvoker(functions, (called, { trigger, triggerMetadata }) => {
    if (!model) throw new Error('@azure/functions has not registered its programming model.');
    const invocationId = randomUUID();
    const inputData = [{ name: called.trigger.bindingName, data: trigger }];
    const request = { invocationId, functionId: called.id, inputData, triggerMetadata: triggerMetadata ?? {} };
    const traceContext = { traceParent: '', traceState: '', attributes: {} };
    return invokeFunction(
      called,
      { ...request, traceContext },
      { model, hooks, appHookData: {}, log: () => undefined },
    );
  });
  cached = { functionCount: functions.length, invoker };
  return invoker;
}

/** What the virtual clock shows at first. */
export const START_MS = Date.parse('2026-01-01T00:00:00Z');

/** A hub on a virtual clock, and the few moves that tests make with it. */
export interface TestHub extends AsyncDisposable {
  hub: DurableHub;
  clock: VirtualClock;
  logged: string[];
  /** One request to the management API. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Starts an orchestration and returns its id. */
  start(name: string, input?: unknown, instanceId?: string): Promise<string>;
  status(instanceId: string, query?: string): Promise<Status>;
  /** Runs until nothing is ready any more, then moves on to the next timer, until the instance is finished. */
  finish(instanceId: string): Promise<Status>;
  /** Runs until nothing is ready and nothing will be: no timer is left, and nothing in flight is hidden. */
  runOut(): Promise<void>;
}

/** An answer of the API, and its body read. */
export interface Answer extends DurableHttpResponse {
  json: unknown;
}

const statusSchema = z.object({
  name: z.string(),
  runtimeStatus: z.string(),
  input: z.unknown(),
  output: z.unknown(),
  customStatus: z.unknown(),
  createdTime: z.string(),
  lastUpdatedTime: z.string(),
  historyEvents: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** The status of an orchestration, as the API answers it. */
export type Status = z.infer<typeof statusSchema>;

/** Opens a hub in memory (unless told otherwise) and starts it; `seed` is that of the platform's chances. */
export function openTestHub(
  options: Partial<DurableHubOptions> & { clock?: VirtualClock; seed?: number } = {},
): TestHub {
  const clock = options.clock ?? createVirtualClock({ startMs: START_MS });
  const logged: string[] = [];
  const hub = openDurableHub({
    hubName: 'TestHub',
    databasePath: ':memory:',
    invoker: registeredFunctions,
    random: createRandom(7),
    platform: 'azure-storage',
    chance: createRandom(options.seed ?? testSeed),
    log: (level, message) => void logged.push(`${level}: ${message}`),
    ...options,
    clock,
  });
  const api = createManagementApi(hub);
  hub.start();
  return { hub, clock, logged, request, start, status, finish, runOut, [Symbol.asyncDispose]: () => hub.stop() };

  async function request(method: string, pathAndQuery: string, body?: unknown, headers: Record<string, string> = {}) {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const response = await api({
      method,
      path,
      query: new URLSearchParams(query),
      origin: 'http://127.0.0.1:7071',
      systemKey: 'secret',
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
    const json: unknown = response.body === undefined ? undefined : JSON.parse(response.body);
    return { ...response, json };
  }

  async function start(name: string, input?: unknown, instanceId = randomUUID()): Promise<string> {
    const answer = await request('POST', `orchestrators/${name}/${encodeURIComponent(instanceId)}`, toJsonBody(input));
    if (answer.status !== 202) throw new Error(`Starting '${name}' answered ${answer.status}: ${answer.body}`);
    return instanceId;
  }

  async function status(instanceId: string, query = ''): Promise<Status> {
    const answer = await request('GET', `instances/${encodeURIComponent(instanceId)}?${query}`);
    return statusSchema.parse(answer.json);
  }

  async function finish(instanceId: string): Promise<Status> {
    for (;;) {
      await hub.whenIdle();
      const current = await status(instanceId);
      if (!['Pending', 'Running', 'Suspended'].includes(current.runtimeStatus)) return current;
      const nextMs = hub.nextTimerAtMs();
      if (nextMs === undefined) throw new Error(`Orchestration '${instanceId}' waits for something that never comes.`);
      clock.advanceTo(Math.max(nextMs, clock.now()));
    }
  }

  async function runOut(): Promise<void> {
    await hub.whenIdle();
    for (let nextMs = hub.nextTimerAtMs(); nextMs !== undefined; nextMs = hub.nextTimerAtMs()) {
      clock.advanceTo(Math.max(nextMs, clock.now()));
      await hub.whenIdle();
    }
  }
}

function toJsonBody(input: unknown): string | undefined {
  return input === undefined ? undefined : JSON.stringify(input);
}
