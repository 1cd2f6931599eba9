import type { Batch } from './batch.ts';
import type { Engine } from './engine.ts';
import type { EpisodeOutcome } from './episode.ts';
import { finishInstance, makeExecutionCompleted, sendFailure } from './finish-instance.ts';
import type { Ending } from './finish-instance.ts';
import type { Wakeups } from './group-commit.ts';
import { HistoryEventType } from './history-event.ts';
import type { HistoryEvent } from './history-event.ts';
import type { Instance } from './instance.ts';
import type { OutboundWork } from './replay-context.ts';
import { makeExecutionStarted, startInstance } from './start-instance.ts';
import type { InstanceMessage } from './work-store.ts';

type EpisodeBatch = Extract<Batch, { kind: 'episode' }>;

/**
 * Writes down an episode within one transaction: its messages are consumed, history grows, work goes out, the status follows.
 * When the instance was purged or started anew meanwhile, nothing is written: its messages went with it.
 */
export function commitEpisode(
  engine: Engine,
  wakeups: Wakeups,
  { instanceId, executionId }: Instance,
  batch: EpisodeBatch,
  started: HistoryEvent,
  outcome: EpisodeOutcome,
): void {
  const { store, clock } = engine;
  const instance = store.instances.find(instanceId);
  if (instance?.executionId !== executionId) return;
  store.work.removeMessages(batch.outdated.map(({ sequence }) => sequence));
  for (const { work } of outcome.scheduled) if (work) dispatch(engine, wakeups, instance, work);
  const { end, customStatus } = outcome;
  if (end.kind === 'continuedAsNew') {
    continueAsNew(engine, wakeups, { ...instance, customStatus }, batch.messages, end.input, end.freshEventCount - 1);
    return;
  }
  store.work.removeMessages(batch.messages.map(({ sequence }) => sequence));
  for (const timerId of outcome.cancelledTimerIds) store.work.removeTimer(instanceId, timerId);
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
  messages: readonly InstanceMessage[],
  input: string | null,
  consumedCount: number,
): void {
  const { instanceId } = instance;
  const executionId = ids.nextId();
  const nowMs = clock.now();
  const consumed = messages.slice(0, consumedCount);
  const [first] = consumed;
  if (!first) throw new Error(`Orchestration '${instanceId}' continued as new in an episode without a message.`);
  store.work.clearTimers(instanceId);
  store.work.removeMessages(consumed.map(({ sequence }) => sequence));
  store.instances.clearHistory(instanceId);
  store.instances.put({ ...instance, executionId, input, status: 'Running', updatedAtMs: nowMs });
  const executionStarted = makeExecutionStarted({ ...instance, input }, executionId, nowMs);
  store.work.replaceMessage(wakeups, first.sequence, instanceId, executionId, executionStarted);
}

function dispatch(engine: Engine, wakeups: Wakeups, sender: Instance, work: OutboundWork): void {
  const { store } = engine;
  const { instanceId, executionId } = sender;
  switch (work.kind) {
    case 'activity': {
      const input = work.input === undefined ? null : JSON.stringify(work.input);
      store.work.addActivity(wakeups, { instanceId, executionId, taskId: work.taskId, name: work.name, input });
      return;
    }
    case 'timer':
      store.work.addTimer(wakeups, instanceId, executionId, work.timerId, work.fireAtMs);
      return;
    case 'entityRequest':
      store.entities.send(wakeups, work.entityInstanceId, work.request);
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
