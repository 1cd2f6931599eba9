import { setImmediate } from 'node:timers/promises';
import { runEpisode } from '../replay/episode.ts';
import type { EpisodeOutcome } from '../replay/episode.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import type { Engine } from './engine.ts';
import { makeExecutionStarted } from './start-instance.ts';

/** One run of an orchestrator function: the execution as it began, the events that it knew and those that were new to it, and what it came to. */
export interface Turn {
  instance: Instance;
  past: readonly HistoryEvent[];
  fresh: readonly HistoryEvent[];
  outcome: EpisodeOutcome;
}

/** The runs of one work item: each of `earlier` continued as new, and `last` is what is to be kept. */
export interface Turns {
  earlier: readonly Turn[];
  last: Turn;
}

/**
 * So many executions in a row that wait for nothing are taken for a loop without an end. Azure knows no bound: there one event made
 * 12,000 of them in four minutes, at full load, and a terminate was not heard.
 */
export const MAX_TURNS_IN_MEMORY = 1000;

/**
 * Runs the orchestrator, and each execution that follows at once, without a checkpoint in between: it is all one work item
 * (DurableTask.Core, TaskOrchestrationDispatcher.OnProcessWorkItemAsync).
 */
export async function runTurns(
  engine: Engine,
  instance: Instance,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
): Promise<Turns> {
  const first = await runTurn(engine, instance, past, fresh);
  const earlier: Turn[] = [];
  let last = first;
  for (let next = continueAsNew(engine, first); next; next = continueAsNew(engine, last)) {
    earlier.push(last);
    if (earlier.length === MAX_TURNS_IN_MEMORY) return { earlier: [], last: stop(first) };
    // A long chain must not keep the rest of the host waiting.
    await setImmediate();
    last = await runTurn(engine, next.instance, [], next.fresh);
  }
  return { earlier, last };
}

/** The next execution and the history it begins with, if there is one; the events carried over are in it. */
function continueAsNew(
  { clock, ids }: Engine,
  { instance: ended, outcome }: Turn,
): Pick<Turn, 'instance' | 'fresh'> | undefined {
  const { end, customStatus } = outcome;
  if (end.kind !== 'continuedAsNew') return undefined;
  const instance = { ...ended, executionId: ids.nextId(), input: end.input, customStatus };
  const nowMs = clock.now();
  // A new history has its own time, however far the earlier one was ahead of a clock that was set back.
  const Timestamp = toTimestamp(nowMs);
  const events = [
    { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp },
    makeExecutionStarted(instance, instance.executionId, nowMs),
    ...end.carried,
    { EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp },
  ];
  return { instance, fresh: events };
}

async function runTurn(
  { invoker, ids, settings }: Engine,
  instance: Instance,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
): Promise<Turn> {
  const { instanceId, executionId, name, customStatus } = instance;
  // A suspension by itself is nothing the function has to see.
  if (fresh.slice(1).every(({ EventType }) => EventType === HistoryEventType.ExecutionSuspended)) {
    return { instance, past, fresh, outcome: { scheduled: [], end: { kind: 'none' }, customStatus } };
  }
  const environment = {
    instanceId,
    executionId,
    hasFunction: invoker.has.bind(invoker),
    nextGuid: ids.nextGuid,
    storesInputs: settings.storeInputsInOrchestrationHistory,
    defaultVersion: settings.defaultVersion,
  };
  return { instance, past, fresh, outcome: await runEpisode(invoker, environment, name, past, fresh) };
}

/** Nothing of the loop is kept: on Azure nothing of it would ever be written down. */
function stop({ instance, past, fresh, outcome: { customStatus } }: Turn): Turn {
  const message =
    `It continued as new ${MAX_TURNS_IN_MEMORY} times in a row without waiting for anything, and was stopped. On Azure it would go on ` +
    'so for ever, in memory, and not even a terminate would end it. An event that meets a cancelled timer is carried over: where ' +
    'Task.any([event, timer]) with timer.cancel() is the only step of a turn, it meets the event again and again. Give the turn a step ' +
    'that waits beside the race, such as an activity before it, or a timer of zero between the event and continueAsNew.';
  return { instance, past, fresh, outcome: { scheduled: [], customStatus, end: { kind: 'failed', message } } };
}
