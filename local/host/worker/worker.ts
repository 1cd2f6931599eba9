import type { HostLog } from '../log/host-log.ts';
import { StartError } from '../start-error.ts';
import { CoreDisposable, type CoreLogCategory, type CoreLogLevel } from './core-api.ts';
import type { InvocationRequest, InvocationResponse, ProgrammingModel } from './core-api.ts';
import { injectCoreModule } from './core-injection.ts';
import { loadEntryPoints } from './entry-points.ts';
import { createFunctionRegistry, type FunctionRegistry, type RegisteredFunction } from './function-registry.ts';
import { addReadOnly, createHooks, type Hooks } from './hooks.ts';
import { invokeFunction } from './invocation.ts';

/** Versions of Azure that a library may branch on: those that this worker was written after. */
const WORKER_VERSION = '3.10.0';
const HOST_VERSION = '4.1036.0';

/** What the real worker offers the host (nodejs-worker src/eventHandlers/getWorkerCapabilities.ts). */
const DEFAULT_CAPABILITIES = {
  RawHttpBodyBytes: 'true',
  RpcHttpTriggerMetadataRemoved: 'true',
  RpcHttpBodyOnly: 'true',
  IgnoreEmptyValuedRpcHttpHeaders: 'true',
  UseNullableValueDictionaryForHttp: 'true',
  WorkerStatus: 'true',
  TypedDataCollection: 'true',
  HandlesWorkerTerminateMessage: 'true',
};

/** The loaded app: its functions, and how they are called. */
export interface Worker {
  readonly version: string;
  readonly hostVersion: string;
  readonly functions: readonly RegisteredFunction[];
  /** Rejects with the error of the handler or of a hook, always an `Error`. */
  invoke(called: RegisteredFunction, request: InvocationRequest): Promise<InvocationResponse>;
  /** Runs the appTerminate hooks. */
  terminate(): Promise<void>;
}

/** Which app to load, and who hears what it logs. */
export interface WorkerOptions {
  appDirectory: string;
  log: HostLog;
  /** Evaluates entry points that are ES modules anew where this process has loaded the app before, so that it reads the settings of now. */
  reload?: boolean | undefined;
}

/** The app that this process has loaded. Modules are cached, so there is never a second one. */
interface LoadedApp {
  directory: string;
  loadCount: number;
  registry: FunctionRegistry;
  hooks: Hooks;
  model: () => ProgrammingModel | undefined;
  appHookData: object;
  setLog: (log: HostLog) => void;
  capabilities?: Record<string, string>;
}

let loadedApp: LoadedApp | undefined;

/**
 * Loads the app in `appDirectory` and runs its appStart hooks, as Azure's Node worker does. A process can hold one app: starting
 * the same one again keeps its modules and, without `reload`, its registrations; starting another one is refused. Throws a
 * `StartError` when the app can't be loaded, has no functions or needs HTTP streaming.
 */
export async function startWorker({ appDirectory, log, reload }: WorkerOptions): Promise<Worker> {
  const app = await loadApp({ appDirectory, log, reload });
  await app.hooks.run('appStart', appLevelContext(app, { functionAppDirectory: appDirectory }));

  const model = app.model();
  const functions = app.registry.functions();
  if (!model || functions.length === 0) {
    throw new StartError(
      `No functions found: no file that "main" of ${appDirectory}/package.json names registers one.`,
    );
  }
  app.capabilities ??= (await model.getCapabilities?.({ ...DEFAULT_CAPABILITIES })) ?? {};
  if (app.capabilities['HttpUri'] !== undefined) {
    throw new StartError('HTTP streaming, app.setup({ enableHttpStream: true }), is not built in the local host.');
  }
  app.registry.lock();

  const environment = {
    model,
    hooks: app.hooks,
    appHookData: app.appHookData,
    log: (level: CoreLogLevel, category: CoreLogCategory, message: string, invocationContext: unknown) =>
      logThroughHooks(app.hooks, log, { level, category, message, invocationContext }),
  };
  return {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    functions,
    invoke: (called, request) => invokeFunction(called, request, environment),
    terminate: () => app.hooks.run('appTerminate', appLevelContext(app, {})),
  };
}

async function loadApp({ appDirectory, log, reload }: WorkerOptions): Promise<LoadedApp> {
  if (loadedApp && loadedApp.directory !== appDirectory) {
    throw new StartError(`This process already runs the app in ${loadedApp.directory}; ${appDirectory} needs its own.`);
  }
  const app = loadedApp ?? createLoadedApp(appDirectory, log);
  app.setLog(log);
  if (app === loadedApp && !reload) return app;
  loadedApp = app;
  app.registry.clear();
  // Some apps find their own files relative to the working directory, which Azure makes the app's root.
  process.chdir(appDirectory);
  await loadEntryPoints(appDirectory, app.loadCount, (file) => {
    app.registry.setEntryPoint(file);
    log({ level: 'debug', category: 'system', message: `Loading entry point file "${file}"` });
  });
  app.loadCount += 1;
  app.registry.setEntryPoint(undefined);
  return app;
}

function createLoadedApp(directory: string, firstLog: HostLog): LoadedApp {
  const registry = createFunctionRegistry();
  const hooks = createHooks();
  let model: ProgrammingModel | undefined;
  let log = firstLog;
  injectCoreModule({
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    registerFunction: registry.register,
    registerHook: hooks.register,
    setProgrammingModel: (newModel) => {
      model = newModel;
    },
    getProgrammingModel: () => model,
    log: (level, category, message) =>
      logThroughHooks(hooks, log, { level, category, message, invocationContext: undefined }),
    Disposable: CoreDisposable,
  });
  return {
    directory,
    loadCount: 0,
    registry,
    hooks,
    model: () => model,
    appHookData: {},
    setLog: (newLog) => void (log = newLog),
  };
}

function appLevelContext(app: LoadedApp, fields: Record<string, unknown>): object {
  const context = {};
  addReadOnly(context, { hookData: {}, appHookData: app.appHookData, ...fields });
  return context;
}

interface CoreLogEntry {
  level: CoreLogLevel;
  category: CoreLogCategory;
  message: string;
  invocationContext: unknown;
}

/** Log hooks may change the level and the message; a level of `none` drops the line. */
function logThroughHooks(
  hooks: Hooks,
  log: HostLog,
  { level, category, message, invocationContext }: CoreLogEntry,
): void {
  const line = { level, message };
  if (hooks.has('log')) {
    addReadOnly(line, { hookData: {}, category, invocationContext });
    hooks.runLogHooks(line);
  }
  if (line.level === 'none') return;
  log({
    level: line.level,
    category: category === 'system' ? 'system' : 'user',
    message: line.message,
    ...idsOf(invocationContext),
  });
}

function idsOf(invocationContext: unknown): { functionName?: string; invocationId?: string } {
  if (typeof invocationContext !== 'object' || invocationContext === null) return {};
  const ids: { functionName?: string; invocationId?: string } = {};
  if ('functionName' in invocationContext && typeof invocationContext.functionName === 'string') {
    ids.functionName = invocationContext.functionName;
  }
  if ('invocationId' in invocationContext && typeof invocationContext.invocationId === 'string') {
    ids.invocationId = invocationContext.invocationId;
  }
  return ids;
}
