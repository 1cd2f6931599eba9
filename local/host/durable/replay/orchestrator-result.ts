import { z } from 'zod';

const retryOptions = z.object({
  firstRetryIntervalInMilliseconds: z.number(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().nullish(),
  maxRetryIntervalInMilliseconds: z.number().nullish(),
  retryTimeoutInMilliseconds: z.number().nullish(),
});

/** When and how often a failed attempt is repeated; intervals in milliseconds. */
export type RetryOptions = z.infer<typeof retryOptions>;

const input = z.unknown().optional();
const callActivity = z.object({ actionType: z.literal(0), functionName: z.string(), input });
const callActivityWithRetry = z.object({ ...callActivity.shape, actionType: z.literal(1), retryOptions });
const callSubOrchestrator = z.object({
  actionType: z.literal(2),
  functionName: z.string(),
  instanceId: z.string().nullish(),
  version: z.string().nullish(),
  input,
});
const callSubOrchestratorWithRetry = z.object({ ...callSubOrchestrator.shape, actionType: z.literal(3), retryOptions });
const continueAsNew = z.object({ actionType: z.literal(4), input });
const createTimer = z.object({ actionType: z.literal(5), fireAt: z.string(), isCanceled: z.boolean().nullish() });
const waitForExternalEvent = z.object({ actionType: z.literal(6), externalEventName: z.string() });
const callEntity = z.object({ actionType: z.literal(7), instanceId: z.string(), operation: z.string(), input });
const callHttp = z.object({ actionType: z.literal(8) });
const signalEntity = z.object({ ...callEntity.shape, actionType: z.literal(9) });
const scheduledSignalEntity = z.object({ actionType: z.literal(10) });
const lockEntities = z.object({ actionType: z.literal(13) });
const releaseEntities = z.object({ actionType: z.literal(14) });
const whenAny = z.object({
  actionType: z.literal(11),
  get compoundActions() {
    return z.array(action);
  },
});
const whenAll = z.object({
  actionType: z.literal(12),
  get compoundActions() {
    return z.array(action);
  },
});

const action = z.discriminatedUnion('actionType', [
  callActivity,
  callActivityWithRetry,
  callSubOrchestrator,
  callSubOrchestratorWithRetry,
  continueAsNew,
  createTimer,
  waitForExternalEvent,
  callEntity,
  callHttp,
  signalEntity,
  scheduledSignalEntity,
  whenAny,
  whenAll,
  lockEntities,
  releaseEntities,
]);

/** One thing that an orchestrator asked for (durable-functions 3.5, lib/src/actions/ActionType.js). */
export type Action = z.infer<typeof action>;
export type ActivityAction = z.infer<typeof callActivity> | z.infer<typeof callActivityWithRetry>;
export type SubOrchestratorAction = z.infer<typeof callSubOrchestrator> | z.infer<typeof callSubOrchestratorWithRetry>;
export type EntityAction = z.infer<typeof callEntity> | z.infer<typeof signalEntity>;

const orchestratorState = z.object({
  isDone: z.boolean(),
  actions: z.array(z.array(action)),
  output: z.unknown().optional(),
  error: z.string().nullish(),
  customStatus: z.unknown().optional(),
});

/** What one run of an orchestrator says: every action since the start of the execution, and how it stands. */
export interface OrchestratorResult {
  actions: Action[];
  progress: { kind: 'waiting' } | { kind: 'done'; output: unknown } | { kind: 'threw'; message: string };
  /** JSON text, or null when the orchestrator set none. */
  customStatus: string | null;
}

/** Reads the text that durable-functions returned; throws when it isn't an orchestrator state. */
export function parseReturnedState(text: string): OrchestratorResult {
  const state = orchestratorState.parse(JSON.parse(text));
  if (state.error) return toResult(state, { kind: 'threw', message: state.error });
  return toResult(state, state.isDone ? { kind: 'done', output: state.output } : { kind: 'waiting' });
}

/**
 * Reads the state that durable-functions puts into the message of the error it throws when the orchestrator threw
 * (lib/src/error/OrchestrationFailureError.js); undefined when the error is of another origin. An orchestrator that
 * throws something without a message leaves Azure's instance Running for ever; here it fails, with a text that says why.
 */
export function parseThrownState(error: unknown): OrchestratorResult | undefined {
  const text = error instanceof Error ? error.message.split(OUT_OF_PROCESS_DATA_LABEL)[1] : undefined;
  if (text === undefined) return undefined;
  const state = orchestratorState.parse(JSON.parse(text));
  const message = state.error || 'It threw a value without a message (throw an Error that has one).';
  return toResult(state, { kind: 'threw', message });
}

const OUT_OF_PROCESS_DATA_LABEL = '\n\n$OutOfProcData$:';

function toResult(
  state: z.infer<typeof orchestratorState>,
  progress: OrchestratorResult['progress'],
): OrchestratorResult {
  const customStatus = state.customStatus === undefined ? null : JSON.stringify(state.customStatus);
  return { actions: state.actions.flat(), progress, customStatus };
}
