import type { TypedData } from './typed-data.ts';

/**
 * What the module `@azure/functions-core` offers an app, which exists only inside a worker
 * (Azure/azure-functions-nodejs-worker, types-core/index.d.ts).
 */
export interface CoreApi {
  version: string;
  hostVersion: string;
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): CoreDisposable;
  registerHook(name: string, callback: HookCallback): CoreDisposable;
  setProgrammingModel(model: ProgrammingModel): void;
  getProgrammingModel(): ProgrammingModel | undefined;
  log(level: CoreLogLevel, category: CoreLogCategory, message: string): void;
  Disposable: typeof CoreDisposable;
}

/** The Disposable class of the core module, older than the language's own. */
export class CoreDisposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  static from(...disposables: { dispose(): void }[]): CoreDisposable {
    return new CoreDisposable(() => {
      for (const each of disposables) each.dispose();
    });
  }

  dispose(): void {
    this.#dispose();
  }
}

/** A handler: it takes the trigger's input, then the context. */
export type FunctionCallback = (...inputsAndContext: unknown[]) => unknown;
/** A hook, which may change what its context lets it. */
export type HookCallback = (context: object) => unknown;
/** The levels of the worker protocol. */
export type CoreLogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
/** Whose line it is. */
export type CoreLogCategory = 'user' | 'system' | 'customMetric';

/** A binding as the app registered it; what else it has depends on its type. */
export interface Binding {
  type: string;
  direction?: 'in' | 'out' | 'inout';
  name?: string;
  [property: string]: unknown;
}

/** The retry policy of a function; a count of -1 means no limit. */
export interface RetryOptions {
  maxRetryCount?: number;
  retryStrategy?: 'exponentialBackoff' | 'fixedDelay';
  delayInterval?: { seconds: number };
  minimumInterval?: { seconds: number };
  maximumInterval?: { seconds: number };
}

/** A function as the app registers it, with its bindings by name. */
export interface FunctionMetadata {
  name: string;
  functionId?: string;
  bindings: Record<string, Binding>;
  retryOptions?: RetryOptions;
}

/** The library that turns requests into arguments and results into responses: `@azure/functions`. */
export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(defaults: Record<string, string>): Record<string, string> | Promise<Record<string, string>>;
}

/** The steps of one invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** What the library is told about an invocation. */
export interface CoreInvocationContext {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: CoreLogLevel, category: CoreLogCategory, message: string): void;
}

/** One call of a function (FunctionRpc.proto, message InvocationRequest). */
export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
  retryContext?: RetryContext;
}

/** Which try of a retry policy a call is, and what ended the one before. */
export interface RetryContext {
  retryCount: number;
  maxRetryCount: number;
  exception?: { source: string; stackTrace: string; message: string };
}

/** What came of it (FunctionRpc.proto, message InvocationResponse). */
export interface InvocationResponse {
  outputData?: { name: string; data: TypedData }[];
  returnValue?: TypedData | null;
}
