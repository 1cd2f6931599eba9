import type { Batch } from './batch.ts';
import { add, addText } from '../costs.ts';
import type { Amount, CostCounter } from '../costs.ts';
import type { Engine } from './engine.ts';
import { findEpisodeTimestamp } from '../replay/episode.ts';
import type { EpisodeOutcome } from '../replay/episode.ts';
import { finishInstance, makeExecutionCompleted, sendFailure } from './finish-instance.ts';
import type { Ending } from './finish-instance.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import type { OutboundWork } from '../replay/replay-context.ts';
import type { Turn, Turns } from './run-turns.ts';
import { startInstance } from './start-instance.ts';

/** An episode that was run: the instance as it was before, its messages, and what its turns came to. */
export interface Episode {
  instance: Instance;
  batch: Extract<Batch, { kind: 'episode' }>;
  turns: Turns;
}

/**
 * Writes down an episode within one transaction: its messages are consumed, history grows, work goes out, the status follows.
 * When the instance was purged or started anew meanwhile, nothing is written: its messages went with it.
 */
export function commitEpisode(engine: Engine, wakeups: Wakeups, { instance: before, batch, turns }: Episode): void {
  const { store, clock } = engine;
  const { instanceId, executionId } = before;
  if (store.instances.find(instanceId)?.executionId !== executionId) return;
  store.messages.remove(batch.outdated);
  store.messages.remove(batch.messages);
  const { earlier, last } = turns;
  if (earlier.length > 0) leaveExecutions(engine, wakeups, earlier);
  const { instance, outcome } = last;
  for (const { work } of outcome.scheduled) dispatch(engine, wakeups, last, work);
  const ending = toEnding(outcome.end, instance.name);
  const written = store.instances.appendHistory(instanceId, toHistory(last, ending, clock.now()));
  countEpisode(engine.costs, turns, batch.messages.length, written);
  // A turn that sets no status keeps that of the turn before it, up to the next checkpoint (TaskOrchestrationDispatcher, carryOverStatus).
  const customStatus = outcome.customStatus ?? earlier.at(-1)?.outcome.customStatus ?? null;
  if (ending) {
    finishInstance(engine, wakeups, instance, ending, customStatus);
  } else {
    const status = batch.isSuspended && earlier.length === 0 ? 'Suspended' : 'Running';
    store.instances.put({ ...instance, status, customStatus, updatedAtMs: clock.now() });
  }
}

function countEpisode(costs: CostCounter, { earlier, last }: Turns, received: number, written: Amount): void {
  const counted = costs.orchestrator(last.instance.name);
  const all = [...earlier, last];
  counted.episodes += 1;
  counted.turns += all.length;
  counted.executions += all.filter(isFirstTurn).length;
  counted.received += received;
  counted.historyRead += all[0]?.past.length ?? 0;
  add(counted.historyWritten, written);
  const length = last.past.length + written.count;
  counted.longestHistory = Math.max(counted.longestHistory, length, ...earlier.map(lengthOf));
}

/** Of one that was written down nowhere, since the next followed at once. */
function lengthOf({ past, fresh, outcome }: Turn): number {
  return past.length + fresh.length + outcome.scheduled.length;
}

function isFirstTurn({ fresh }: Turn): boolean {
  return fresh.some(({ EventType }) => EventType === HistoryEventType.ExecutionStarted);
}

/** Executions that continued as new leave nothing but what they sent; their timers would fire for nobody. */
function leaveExecutions(engine: Engine, wakeups: Wakeups, earlier: readonly Turn[]): void {
  const { store } = engine;
  for (const turn of earlier) {
    const { instance, outcome } = turn;
    for (const { work } of outcome.scheduled) {
      if (work.kind !== 'timer') dispatch(engine, wakeups, turn, work);
    }
    store.timers.clear(wakeups, instance.instanceId);
    store.instances.clearHistory(instance.instanceId);
  }
}

/** The first episode of a continued execution has its OrchestratorCompleted before what it schedules, and needs no other if it schedules nothing. */
function toHistory({ fresh, outcome }: Turn, ending: Ending | undefined, nowMs: number): HistoryEvent[] {
  const Timestamp = findEpisodeTimestamp(nowMs, fresh, []);
  const events: HistoryEvent[] = [...fresh, ...outcome.scheduled.map(({ event }) => event)];
  if (ending) events.push(makeExecutionCompleted(ending, Timestamp));
  if (events.at(-1)?.EventType !== HistoryEventType.OrchestratorCompleted) {
    events.push({ EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp });
  }
  return events;
}

function toEnding(end: EpisodeOutcome['end'], name: string): Ending | undefined {
  if (end.kind === 'completed') return { status: 'Completed', output: end.output };
  if (end.kind !== 'failed') return undefined;
  return { status: 'Failed', output: `Orchestrator function '${name}' failed: ${end.message}` };
}

function dispatch(engine: Engine, wakeups: Wakeups, { instance: sender, fresh }: Turn, work: OutboundWork): void {
  const { store, costs } = engine;
  const { instanceId, executionId } = sender;
  const counted = costs.orchestrator(sender.name);
  switch (work.kind) {
    case 'activity': {
      const input = work.input === undefined ? null : JSON.stringify(work.input);
      addText(counted.activities, input);
      store.activities.add(wakeups, { instanceId, executionId, taskId: work.taskId, name: work.name, input });
      return;
    }
    case 'timer':
      counted.timers += 1;
      store.timers.add(wakeups, { instanceId, executionId, ...work, dueAtMs: dueAtMs(engine, fresh, work.fireAtMs) });
      return;
    case 'entityRequest':
      addText(counted.entityRequests, work.request.input);
      store.entities.send(wakeups, work.entityInstanceId, { ...work.request, sender: instanceId });
      return;
    case 'subOrchestration':
      addText(counted.subOrchestrations, work.input);
      startSubOrchestration(engine, wakeups, sender, work);
  }
}

/**
 * What the orchestrator meant is so long after its own time, which is ahead of the machine's after that was set back: a history's time never goes back.
 */
function dueAtMs({ store, clock }: Engine, fresh: readonly HistoryEvent[], fireAtMs: number): number {
  const turnAtMs = Date.parse(findEpisodeTimestamp(clock.now(), fresh, []));
  return store.queueClock.now() + fireAtMs - turnAtMs;
}

function startSubOrchestration(
  engine: Engine,
  wakeups: Wakeups,
  sender: Instance,
  { taskId, name, version, instanceId, input }: Extract<OutboundWork, { kind: 'subOrchestration' }>,
): void {
  const parent = {
    Name: sender.name,
    OrchestrationInstance: { InstanceId: sender.instanceId, ExecutionId: sender.executionId },
    TaskScheduleId: taskId,
    Version: sender.version,
  };
  const outcome = startInstance(engine, wakeups, { instanceId, name, version, input, parent });
  if (outcome.kind === 'started') return;
  const reason = `An Orchestration instance with the status ${outcome.status} already exists.`;
  sendFailure(engine.store, wakeups, parent, `${reason} Its id is '${instanceId}'.`, engine.clock.now());
}
