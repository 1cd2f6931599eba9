import type { Batch } from './batch.ts';
import type { Engine } from './engine.ts';
import type { EpisodeOutcome } from '../replay/episode.ts';
import { finishInstance, makeExecutionCompleted, sendFailure } from './finish-instance.ts';
import type { Ending } from './finish-instance.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import type { OutboundWork } from '../replay/replay-context.ts';
import { makeExecutionStarted, startInstance } from './start-instance.ts';
import type { InstanceMessage } from '../store/message-store.ts';

/** An episode that was run: the instance as it was before, its messages, its first event, and what it came to. */
export interface Episode {
  instance: Instance;
  batch: Extract<Batch, { kind: 'episode' }>;
  started: HistoryEvent;
  outcome: EpisodeOutcome;
}

/**
 * Writes down an episode within one transaction: its messages are consumed, history grows, work goes out, the status follows.
 * When the instance was purged or started anew meanwhile, nothing is written: its messages went with it.
 */
export function commitEpisode(
  engine: Engine,
  wakeups: Wakeups,
  { instance: before, batch, started, outcome }: Episode,
): void {
  const { store, clock } = engine;
  const { instanceId, executionId } = before;
  const instance = store.instances.find(instanceId);
  if (instance?.executionId !== executionId) return;
  store.messages.remove(batch.outdated);
  for (const { work } of outcome.scheduled) if (work) dispatch(engine, wakeups, instance, work);
  const { end, customStatus } = outcome;
  if (end.kind === 'continuedAsNew') {
    const consumed = batch.messages.slice(0, end.freshEventCount - 1);
    continueAsNew(engine, wakeups, { ...instance, customStatus, input: end.input }, consumed);
    return;
  }
  store.messages.remove(batch.messages);
  for (const timerId of outcome.cancelledTimerIds) store.timers.remove(wakeups, instanceId, timerId);
  const ending = toEnding(end, instance.name);
  const { Timestamp } = started;
  store.instances.appendHistory(instanceId, [
    started,
    ...batch.messages.map(({ event }) => event),
    ...outcome.scheduled.map(({ event }) => event),
    ...(ending ? [makeExecutionCompleted(ending, Timestamp)] : []),
    { EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp },
  ]);
  if (ending) {
    finishInstance(engine, wakeups, instance, ending, customStatus);
  } else {
    const status = batch.isSuspended ? 'Suspended' : 'Running';
    store.instances.put({ ...instance, status, customStatus, updatedAtMs: clock.now() });
  }
}

function toEnding(end: EpisodeOutcome['end'], name: string): Ending | undefined {
  if (end.kind === 'completed') return { status: 'Completed', output: end.output };
  if (end.kind !== 'failed') return undefined;
  return { status: 'Failed', output: `Orchestrator function '${name}' failed: ${end.message}` };
}

/**
 * The next execution begins with an empty history, in a work item of its own so that a tight loop can be terminated. Its start
 * takes the place of the first consumed message, ahead of the events that came too late for this execution.
 */
function continueAsNew(
  { store, clock, ids }: Engine,
  wakeups: Wakeups,
  instance: Instance,
  consumed: readonly InstanceMessage[],
): void {
  const { instanceId } = instance;
  const executionId = ids.nextId();
  const nowMs = clock.now();
  const [first] = consumed;
  if (!first) throw new Error(`Orchestration '${instanceId}' continued as new in an episode without a message.`);
  store.timers.clear(wakeups, instanceId);
  store.messages.remove(consumed);
  store.instances.clearHistory(instanceId);
  store.instances.put({ ...instance, executionId, status: 'Running', updatedAtMs: nowMs });
  const event = makeExecutionStarted(instance, executionId, nowMs);
  store.messages.replace(wakeups, instanceId, { sequence: first.sequence, executionId, event });
}

function dispatch(engine: Engine, wakeups: Wakeups, sender: Instance, work: OutboundWork): void {
  const { store } = engine;
  const { instanceId, executionId } = sender;
  switch (work.kind) {
    case 'activity': {
      const input = work.input === undefined ? null : JSON.stringify(work.input);
      store.activities.add(wakeups, { instanceId, executionId, taskId: work.taskId, name: work.name, input });
      return;
    }
    case 'timer':
      store.timers.add(wakeups, { instanceId, executionId, timerId: work.timerId, fireAtMs: work.fireAtMs });
      return;
    case 'entityRequest':
      store.entities.send(wakeups, work.entityInstanceId, { ...work.request, sender: instanceId });
      return;
    case 'subOrchestration':
      startSubOrchestration(engine, wakeups, sender, work);
  }
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
