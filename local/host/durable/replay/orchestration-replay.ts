import { beginAction } from './begin-action.ts';
import { Completion, runCoroutine } from './coroutine.ts';
import type { Coroutine } from './coroutine.ts';
import { HistoryEventType } from './history-event.ts';
import type { EventRaised, HistoryEvent } from './history-event.ts';
import type { OrchestratorResult } from './orchestrator-result.ts';
import { ReplayContext, ReplayFailure } from './replay-context.ts';
import type { ReplayEnvironment, Scheduled } from './replay-context.ts';

/** What an episode comes to: what it newly scheduled, and whether the execution is over. */
export interface ReplayOutcome {
  scheduled: Scheduled[];
  end:
    | { kind: 'none' }
    | { kind: 'completed'; output: string | null }
    | { kind: 'failed'; message: string }
    /** `carried` are the events that the next execution begins with. */
    | { kind: 'continuedAsNew'; input: string | null; carried: readonly EventRaised[] };
}

/** The most actions an orchestration may have (host.json, maxOrchestrationActions). */
const MAX_ACTIONS = 100_000;

/**
 * Replays the actions of an orchestrator against its history, as the Durable extension does for languages that run out of
 * its process (azure-functions-durable-extension, OutOfProcOrchestrationShim.cs): one action after the other, each begun when
 * the one before is done, and the end not before every open task is.
 */
export function replayOrchestration(
  environment: ReplayEnvironment,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
  result: OrchestratorResult,
): ReplayOutcome {
  const context = new ReplayContext(environment);
  const run: Run = { result, context, actionsDone: new Completion(), nextInput: undefined, carried: [] };
  try {
    if (result.actions.length > MAX_ACTIONS) {
      throw new ReplayFailure(`It has ${result.actions.length} actions, more than the ${MAX_ACTIONS} allowed.`);
    }
    // All of them before the end is looked for (DurableTask.Core, TaskOrchestrationExecutor.ExecuteCore).
    for (const event of [...past, ...fresh]) apply(run, event);
    return { scheduled: toScheduled(context), end: findEnd(run) };
  } catch (error) {
    if (!(error instanceof ReplayFailure)) throw error;
    return { scheduled: [], end: { kind: 'failed', message: error.message } };
  }
}

interface Run {
  result: OrchestratorResult;
  context: ReplayContext;
  /** Settles when every action that the orchestrator listed is done. */
  actionsDone: Completion;
  /** Present once continueAsNew was reached: the JSON text of the next execution's input. */
  nextInput: { json: string | null } | undefined;
  /** Raised after that, and so not for this execution. */
  carried: EventRaised[];
}

function apply(run: Run, event: HistoryEvent): void {
  const { context } = run;
  switch (event.EventType) {
    case HistoryEventType.OrchestratorStarted:
      context.nowMs = Math.max(context.nowMs, Date.parse(event.Timestamp));
      return;
    case HistoryEventType.ExecutionStarted:
      run.actionsDone = runCoroutine(runActions(run));
      return;
    case HistoryEventType.TaskScheduled:
    case HistoryEventType.SubOrchestrationInstanceCreated:
    case HistoryEventType.TimerCreated:
    case HistoryEventType.EventSent:
      return context.confirm(event);
    case HistoryEventType.TaskCompleted:
    case HistoryEventType.SubOrchestrationInstanceCompleted:
      return context.settleTask(event.TaskScheduledId, true);
    case HistoryEventType.TaskFailed:
    case HistoryEventType.SubOrchestrationInstanceFailed:
      return context.settleTask(event.TaskScheduledId, false);
    case HistoryEventType.TimerFired:
      return context.settleTask(event.TimerId, true);
    case HistoryEventType.OrchestratorCompleted:
    case HistoryEventType.GenericEvent:
    case HistoryEventType.ExecutionSuspended:
    case HistoryEventType.ExecutionResumed:
    case HistoryEventType.ExecutionCompleted:
    case HistoryEventType.ExecutionTerminated:
      return undefined;
    case HistoryEventType.EventRaised:
      return raise(run, event);
  }
}

/**
 * Once continueAsNew is reached, an event is for the next execution, even one that durable-functions has given to this one already
 * (DurableTask.Core, TaskOrchestrationContext.HandleEventRaisedEvent, AddEventToNextIteration). One that was raised before and that
 * nobody took is lost with this execution.
 */
function raise(run: Run, event: EventRaised): void {
  if (run.nextInput) run.carried.push(event);
  else run.context.deliver(event);
}

/** The outcome of an action is the orchestrator's business, which has seen it already: here a failure only means "done". */
function* runActions(run: Run): Coroutine {
  for (const action of run.result.actions) {
    if (action.actionType === 4) {
      run.nextInput = { json: action.input === undefined ? null : JSON.stringify(action.input) };
    } else {
      yield beginAction(run.context, action);
    }
  }
  return true;
}

function findEnd({ result, context, actionsDone, nextInput, carried }: Run): ReplayOutcome['end'] {
  const { progress } = result;
  if (progress.kind === 'waiting' || actionsDone.isOpen || !context.mayFinish) return { kind: 'none' };
  if (progress.kind === 'threw') return { kind: 'failed', message: progress.message };
  if (nextInput) return { kind: 'continuedAsNew', input: nextInput.json, carried };
  const output = progress.output === undefined ? null : JSON.stringify(progress.output);
  return { kind: 'completed', output };
}

/** What is new in this episode, of this episode's time: behind a cancelled timer it may have begun in the replay of an earlier one. */
function toScheduled(context: ReplayContext): Scheduled[] {
  const Timestamp = context.timestamp();
  return [...context.pending.values()]
    .toSorted((a, b) => a.event.EventId - b.event.EventId)
    .map(({ event, work }) => ({ event: { ...event, Timestamp }, work }));
}
