import { Completion, runCoroutine, whenAll, whenAny } from './coroutine.ts';
import type { Coroutine } from './coroutine.ts';
import { parseEntityInstanceId } from '../entity-id.ts';
import { HistoryEventType, toTimestamp } from './history-event.ts';
import { findInstanceIdProblem } from '../ids.ts';
import type {
  Action,
  ActivityAction,
  EntityAction,
  RetryOptions,
  SubOrchestratorAction,
} from './orchestrator-result.ts';
import { ReplayFailure } from './replay-context.ts';
import type { ReplayContext } from './replay-context.ts';

/**
 * Starts one action of an orchestrator and returns its completion. `continueAsNew` is not begun here: the replay handles it.
 * Ids are consumed exactly as durable-functions does (lib/src/orchestrations/TaskOrchestrationExecutor.js).
 */
export function beginAction(context: ReplayContext, action: Exclude<Action, { actionType: 4 }>): Completion {
  switch (action.actionType) {
    case 0:
      return callActivity(context, action);
    case 1:
      return runCoroutine(retry(context, action, () => callActivity(context, action)));
    case 2:
      return callSubOrchestrator(context, action);
    case 3:
      return runCoroutine(retry(context, action, () => callSubOrchestrator(context, action)));
    case 5:
      return runCoroutine(waitUntil(context, Date.parse(action.fireAt), action.isCanceled === true));
    case 6:
      return context.awaitEvent(action.externalEventName);
    case 7:
      return requestEntity(context, action, { isSignal: false });
    case 9:
      requestEntity(context, action, { isSignal: true });
      return settled();
    case 11:
      return whenAny(action.compoundActions.map((child) => beginChild(context, child)));
    case 12:
      return whenAll(action.compoundActions.map((child) => beginChild(context, child)));
    case 8:
      throw new ReplayFailure('callHttp is not built in the local host: make the request in an activity.');
    case 10:
      throw new ReplayFailure('Scheduled entity signals are not built in the local host.');
    case 13:
    case 14:
      throw new ReplayFailure('Entity locks (critical sections) are not built in the local host.');
  }
}

function beginChild(context: ReplayContext, action: Action): Completion {
  if (action.actionType === 4) throw new ReplayFailure('continueAsNew cannot be part of Task.all or Task.any.');
  return beginAction(context, action);
}

function settled(): Completion {
  const completion = new Completion();
  completion.settle(true);
  return completion;
}

function callActivity(context: ReplayContext, { functionName, input }: ActivityAction): Completion {
  const { hasFunction, storesInputs } = context.environment;
  if (!hasFunction('activity', functionName)) throw new ReplayFailure(missingFunction('activity', functionName));
  const taskId = context.nextSequenceId();
  const event = {
    EventType: HistoryEventType.TaskScheduled,
    EventId: taskId,
    Timestamp: context.timestamp(),
    Name: functionName,
    Version: '',
    Input: storesInputs ? JSON.stringify([input ?? null]) : null,
  };
  return context.schedule({ event, work: { kind: 'activity', taskId, name: functionName, input } }, { gates: true });
}

function callSubOrchestrator(context: ReplayContext, action: SubOrchestratorAction): Completion {
  const { hasFunction, storesInputs, defaultVersion, executionId, instanceId: parentId } = context.environment;
  const name = action.functionName;
  if (!hasFunction('orchestrator', name)) throw new ReplayFailure(missingFunction('orchestrator', name));
  const taskId = context.nextSequenceId();
  const instanceId = action.instanceId || `${executionId}:${taskId}`;
  const problem = findInstanceIdProblem(instanceId);
  if (problem) throw new ReplayFailure(`The id '${instanceId}' of a sub-orchestration is refused: ${problem}`);
  if (instanceId === parentId) {
    throw new ReplayFailure(`The sub-orchestration '${name}' has the id of its parent, '${parentId}'.`);
  }
  const version = action.version || defaultVersion;
  const input = toJsonText(action.input);
  const event = {
    EventType: HistoryEventType.SubOrchestrationInstanceCreated,
    EventId: taskId,
    Timestamp: context.timestamp(),
    Name: name,
    Version: version,
    InstanceId: instanceId,
    Input: storesInputs ? input : null,
  };
  const work = { kind: 'subOrchestration', taskId, name, version, instanceId, input } as const;
  return context.schedule({ event, work }, { gates: true });
}

function requestEntity(context: ReplayContext, action: EntityAction, { isSignal }: { isSignal: boolean }): Completion {
  const { hasFunction, nextGuid, instanceId, executionId } = context.environment;
  const { operation, instanceId: entityInstanceId } = action;
  const entityId = parseEntityInstanceId(entityInstanceId);
  if (!entityId || !hasFunction('entity', entityId.name)) {
    throw new ReplayFailure(missingFunction('entity', entityId?.name ?? entityInstanceId));
  }
  const requestId = nextGuid();
  const input = action.input === undefined ? undefined : JSON.stringify(action.input);
  const event = {
    EventType: HistoryEventType.EventSent,
    EventId: context.nextSequenceId(),
    Timestamp: context.timestamp(),
    InstanceId: entityInstanceId,
    Name: 'op',
    Input: JSON.stringify({
      op: operation,
      ...(isSignal && { signal: true }),
      ...(input !== undefined && { input }),
      id: requestId,
      parent: instanceId,
      parentExecution: executionId,
    }),
  };
  const caller = { requestId, instanceId, executionId };
  const request = { operation, input: input ?? null, ...(!isSignal && { caller }) };
  // An entity call keeps nobody from finishing: an orchestration may return while an answer is on its way.
  return context.schedule({ event, work: { kind: 'entityRequest', entityInstanceId, request } }, { gates: false });
}

/** The longest timer that is kept as one, and the length of the pieces that a longer one is cut into (both in the orchestrator trigger). */
export const MAX_SHORT_TIMER_MS = 6 * 24 * 60 * 60 * 1000;
export const LONG_TIMER_CHUNK_MS = 3 * 24 * 60 * 60 * 1000;

function* waitUntil(context: ReplayContext, fireAtMs: number, isCancelled: boolean): Coroutine {
  for (;;) {
    const isLong = fireAtMs - context.nowMs > MAX_SHORT_TIMER_MS;
    yield startTimer(context, isLong ? context.nowMs + LONG_TIMER_CHUNK_MS : fireAtMs, isCancelled);
    if (isCancelled || context.nowMs >= fireAtMs) return true;
  }
}

/**
 * A timer that the orchestrator cancels at any time is done as soon as it is begun: the extension cancels its token right after it
 * has created it (OutOfProcOrchestrationShim.cs, InvokeAPIFromAction; DurableTask.Core, TaskOrchestrationContext.CreateTimer). So a
 * race with it is over in the replay before the event that won it is looked at, and what follows the race begins that early.
 * It is created and fires all the same: nobody takes its message back.
 */
function startTimer(context: ReplayContext, atMs: number, isCancelled: boolean): Completion {
  const fireAtMs = Math.ceil(atMs);
  const timerId = context.nextSequenceId();
  const event = {
    EventType: HistoryEventType.TimerCreated,
    EventId: timerId,
    Timestamp: context.timestamp(),
    FireAt: toTimestamp(fireAtMs),
  };
  const firing = context.schedule({ event, work: { kind: 'timer', timerId, fireAtMs } }, { gates: !isCancelled });
  return isCancelled ? settled() : firing;
}

/** Attempts, with a timer after each failure; even after the last one, as durable-functions waits for it before it gives up. */
function* retry(
  context: ReplayContext,
  { functionName, retryOptions }: { functionName: string; retryOptions: RetryOptions },
  attempt: () => Completion,
): Coroutine {
  const startedAtMs = context.nowMs;
  for (let attemptNumber = 1; ; attemptNumber++) {
    const succeeded = yield attempt();
    if (succeeded) return true;
    const isLast = attemptNumber >= retryOptions.maxNumberOfAttempts;
    if (!isLast) failIfRetriesTimedOut(context, functionName, retryOptions, startedAtMs);
    yield startTimer(context, context.nowMs + (isLast ? 0 : retryDelayMs(retryOptions, attemptNumber)), false);
    if (isLast) return false;
  }
}

function failIfRetriesTimedOut(
  context: ReplayContext,
  functionName: string,
  { retryTimeoutInMilliseconds }: RetryOptions,
  startedAtMs: number,
): void {
  if (retryTimeoutInMilliseconds == null || context.nowMs - startedAtMs < retryTimeoutInMilliseconds) return;
  throw new ReplayFailure(
    `'${functionName}' failed and its retryTimeoutInMilliseconds of ${retryTimeoutInMilliseconds} is over. durable-functions 3.5 ` +
      'knows nothing of that option and would wait for ever from here: limit the number of attempts instead.',
  );
}

function retryDelayMs(options: RetryOptions, attemptNumber: number): number {
  const backoff = options.backoffCoefficient || 1;
  const delayMs = options.firstRetryIntervalInMilliseconds * backoff ** (attemptNumber - 1);
  return Math.min(delayMs, options.maxRetryIntervalInMilliseconds || MAX_SHORT_TIMER_MS);
}

function missingFunction(kind: 'activity' | 'orchestrator' | 'entity', name: string): string {
  return `The ${kind} function '${name}' doesn't exist, is disabled, or is not an ${kind} function.`;
}

function toJsonText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
