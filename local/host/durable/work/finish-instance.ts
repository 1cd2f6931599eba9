import type { Engine } from './engine.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { ExecutionCompleted, ParentInstance } from '../replay/history-event.ts';
import { OrchestrationStatus } from '../instance.ts';
import type { Instance } from '../instance.ts';

/** How an execution ended: JSON text of its output, or a sentence. */
export type Ending =
  | { status: 'Completed'; output: string | null }
  | { status: 'Failed' | 'Terminated'; output: string };

/** Ends an orchestration within the caller's transaction: its record, what still waits for it, and its parent's message. */
export function finishInstance(
  { store, clock }: Engine,
  wakeups: Wakeups,
  instance: Instance,
  ending: Ending,
  customStatus: string | null,
): void {
  const nowMs = clock.now();
  store.instances.put({ ...instance, ...ending, customStatus, updatedAtMs: nowMs });
  store.messages.clear(instance.instanceId);
  // Its activities run on: they may have begun.
  store.timers.clear(wakeups, instance.instanceId);
  if (instance.parent) sendOutcome(store, wakeups, instance.parent, ending, nowMs);
}

/** Makes the last event of an execution. */
export function makeExecutionCompleted(ending: Ending, timestamp: string): ExecutionCompleted {
  return {
    EventType: HistoryEventType.ExecutionCompleted,
    EventId: -1,
    Timestamp: timestamp,
    OrchestrationStatus: OrchestrationStatus[ending.status],
    Result: ending.output,
    FailureDetails: null,
  };
}

function sendOutcome(
  store: Engine['store'],
  wakeups: Wakeups,
  parent: ParentInstance,
  ending: Ending,
  nowMs: number,
): void {
  const { InstanceId, ExecutionId } = parent.OrchestrationInstance;
  const common = { EventId: -1, Timestamp: toTimestamp(nowMs), TaskScheduledId: parent.TaskScheduleId };
  if (ending.status === 'Completed') {
    const event = { ...common, EventType: HistoryEventType.SubOrchestrationInstanceCompleted, Result: ending.output };
    store.messages.send(wakeups, InstanceId, ExecutionId, event);
  } else {
    sendFailure(store, wakeups, parent, ending.output, nowMs);
  }
}

/** Tells the parent that its sub-orchestration failed, for instance because it could not be started. */
export function sendFailure(
  store: Engine['store'],
  wakeups: Wakeups,
  parent: ParentInstance,
  reason: string,
  nowMs: number,
): void {
  const { InstanceId, ExecutionId } = parent.OrchestrationInstance;
  store.messages.send(wakeups, InstanceId, ExecutionId, {
    EventType: HistoryEventType.SubOrchestrationInstanceFailed,
    EventId: -1,
    Timestamp: toTimestamp(nowMs),
    TaskScheduledId: parent.TaskScheduleId,
    Reason: reason,
    Details: '',
    FailureDetails: null,
  });
}
