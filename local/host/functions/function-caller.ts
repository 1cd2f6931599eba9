import type { Clock } from '../../clock/clock.ts';
import type { FileHealth } from '../../sqlite/file-health.ts';
import { withTimeout } from './function-timeout.ts';
import type { HostLog } from '../log/host-log.ts';
import { randomUuid } from '../random.ts';
import type { WorkCounter } from './work-counter.ts';
import type { InvocationResponse, RetryContext } from '../worker/core-api.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import type { TypedData } from '../worker/typed-data.ts';
import type { Worker } from '../worker/worker.ts';

/** What a trigger hands over. */
export interface FunctionCall {
  trigger: TypedData;
  triggerMetadata?: Record<string, TypedData>;
  /** The W3C trace context of the request that caused the call. */
  traceParent?: string | string[] | undefined;
  retryContext?: RetryContext;
}

/** Calls a function of the app with all its inputs. Rejects with the handler's error, which it has logged unless the host's files take no writes. */
export type FunctionCaller = (called: RegisteredFunction, call: FunctionCall) => Promise<InvocationResponse>;

/** What a call is made of besides its trigger. */
export interface FunctionCallerOptions {
  worker: Worker;
  counter: WorkCounter;
  clock: Clock;
  random: () => number;
  log: HostLog;
  /** How long one call may take; undefined means for ever. */
  functionTimeoutMs: number | undefined;
  /** What a durable client input gets; undefined in an app without durable functions. */
  durableClientPayload: string | undefined;
  /** Of the host's files. */
  health?: FileHealth;
}

/** What the durable library adds to an error for the extension alone: the replay's state, with inputs (durable-functions src/error/OrchestrationFailureError). */
const OUT_OF_PROCESS_DATA = '\n\n$OutOfProcData$:';

/** Creates the one way in which the triggers reach the app. */
export function createFunctionCaller({
  worker,
  counter,
  clock,
  random,
  log,
  functionTimeoutMs,
  durableClientPayload,
  health,
}: FunctionCallerOptions): FunctionCaller {
  const extraInputs = new Map(worker.functions.map((each) => [each.id, extraInputsOf(each, durableClientPayload)]));
  return async (called, { trigger, triggerMetadata = {}, traceParent, retryContext }) => {
    using _ = counter.begin();
    const invocationId = randomUuid(random);
    const startedAtMs = clock.now();
    try {
      const invocation = worker.invoke(called, {
        invocationId,
        functionId: called.id,
        inputData: [{ name: called.trigger.bindingName, data: trigger }, ...(extraInputs.get(called.id) ?? [])],
        triggerMetadata,
        traceContext: {
          traceParent: typeof traceParent === 'string' ? traceParent : traceParentOf(invocationId),
          traceState: '',
          attributes: {},
        },
        ...(retryContext && { retryContext }),
      });
      return await withTimeout(invocation, { clock, timeoutMs: functionTimeoutMs, functionName: called.name });
    } catch (error) {
      // Why nothing works has been told once.
      if (health?.isFailing) throw error;
      log({
        level: 'error',
        category: 'system',
        functionName: called.name,
        invocationId,
        message: `Executed 'Functions.${called.name}' (Failed, Id=${invocationId}, Duration=${clock.now() - startedAtMs}ms)\n${textOf(error)}`,
      });
      throw error;
    }
  };
}

function extraInputsOf(
  called: RegisteredFunction,
  durableClientPayload: string | undefined,
): { name: string; data: TypedData }[] {
  const inputs: { name: string; data: TypedData }[] = [];
  for (const [name, { type, direction }] of Object.entries(called.metadata.bindings)) {
    if (direction === 'out' || name === called.trigger.bindingName) continue;
    if (durableClientPayload === undefined) {
      throw new Error(`The ${type} input '${name}' of function '${called.name}' has no payload.`);
    }
    inputs.push({ name, data: { string: durableClientPayload } });
  }
  return inputs;
}

/** A trace of its own that nobody records (w3.org/TR/trace-context/#traceparent-header). */
function traceParentOf(invocationId: string): string {
  const traceId = invocationId.replaceAll('-', '');
  return `00-${traceId}-${traceId.slice(0, 16)}-00`;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [before, state] = text.split(OUT_OF_PROCESS_DATA);
  if (state === undefined) return text;
  const parsed: unknown = JSON.parse(state);
  const hasMessage = typeof parsed === 'object' && parsed !== null && 'error' in parsed;
  return hasMessage ? String(parsed.error) : (before ?? '');
}
