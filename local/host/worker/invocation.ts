import type {
  CoreInvocationContext,
  CoreLogCategory,
  CoreLogLevel,
  InvocationRequest,
  InvocationResponse,
  ProgrammingModel,
} from './core-api.ts';
import { ensureError } from './core-error.ts';
import type { RegisteredFunction } from './function-registry.ts';
import { addReadOnly, type Hooks } from './hooks.ts';

/** What all invocations of an app share. */
export interface InvocationEnvironment {
  model: ProgrammingModel;
  hooks: Hooks;
  appHookData: object;
  log(level: CoreLogLevel, category: CoreLogCategory, message: string, invocationContext: unknown): void;
}

/**
 * Calls a function as the real worker does (nodejs-worker src/eventHandlers/InvocationHandler.ts): arguments, hooks before,
 * handler, hooks after, response. Rejects with the error that the handler threw or that a hook left, always an `Error`.
 */
export async function invokeFunction(
  called: RegisteredFunction,
  request: InvocationRequest,
  { model, hooks, appHookData, log }: InvocationEnvironment,
): Promise<InvocationResponse> {
  let invocationContext: unknown;
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata: called.metadata,
    state: undefined,
    log: (level, category, message) => log(level, category, message, invocationContext),
  };
  try {
    const invocation = await model.getInvocationModel(core);
    const { context, inputs } = await invocation.getArguments();
    invocationContext = context;
    const shared = { hookData: {}, appHookData, invocationContext: context };

    const before = { functionCallback: called.callback, inputs };
    addReadOnly(before, shared);
    await inState(core, 'preInvocationHooks', () => hooks.run('preInvocation', before));

    const outcome: { result: unknown; error: unknown } = { result: null, error: null };
    await inState(core, 'invocation', async () => {
      try {
        outcome.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
      } catch (error) {
        // A handler that throws nothing has failed all the same.
        outcome.error = error ?? ensureError(error);
      }
    });

    const after = { inputs: before.inputs, ...outcome };
    addReadOnly(after, shared);
    await inState(core, 'postInvocationHooks', () => hooks.run('postInvocation', after));

    if (after.error !== null && after.error !== undefined) throw ensureError(after.error);
    return await invocation.getResponse(context, after.result);
  } catch (error) {
    throw ensureError(error);
  }
}

async function inState(
  core: CoreInvocationContext,
  state: CoreInvocationContext['state'],
  step: () => Promise<void>,
): Promise<void> {
  core.state = state;
  try {
    await step();
  } finally {
    core.state = undefined;
  }
}
