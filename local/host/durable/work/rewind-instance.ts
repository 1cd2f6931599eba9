import type { Engine } from './engine.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';

/**
 * Takes the failures out of a failed instance's history, and with each what had been scheduled for it, so that its next episode
 * schedules that again; a failed sub-orchestration is rewound in its turn and will tell its parent. The status is Pending until
 * then, and the old output stays until there is another (DurableTask.AzureStorage/Tracking/AzureTableTrackingStore.cs,
 * RewindHistoryAsync; azure-functions-durable-extension issue 968). Within the caller's transaction; does nothing to an instance that has not failed.
 */
export function rewindInstance(engine: Engine, wakeups: Wakeups, instanceId: string, reason: string): void {
  const { store, clock } = engine;
  const instance = store.instances.find(instanceId);
  if (instance?.status !== 'Failed') return;
  const history = store.instances.history(instanceId);
  const failedTaskIds = new Set(
    history.flatMap((event) => (event.EventType === HistoryEventType.TaskFailed ? [event.TaskScheduledId] : [])),
  );
  const childIds = findFailedChildren(history);
  store.instances.clearHistory(instanceId);
  store.instances.appendHistory(
    instanceId,
    history.filter((event) => !isFailure(event) && !isScheduledAs(event, failedTaskIds)),
  );
  store.instances.put({ ...instance, status: 'Pending', updatedAtMs: clock.now() });
  for (const childId of childIds) rewindInstance(engine, wakeups, childId, reason);
  if (childIds.length > 0) return;
  const Timestamp = toTimestamp(clock.now());
  const event = { EventType: HistoryEventType.GenericEvent, EventId: -1, Timestamp, Data: reason };
  store.messages.send(wakeups, instanceId, null, event);
}

function findFailedChildren(history: readonly HistoryEvent[]): string[] {
  const failedIds = new Set(
    history.flatMap((event) =>
      event.EventType === HistoryEventType.SubOrchestrationInstanceFailed ? [event.TaskScheduledId] : [],
    ),
  );
  return history.flatMap((event) =>
    event.EventType === HistoryEventType.SubOrchestrationInstanceCreated && failedIds.has(event.EventId)
      ? [event.InstanceId]
      : [],
  );
}

function isFailure({ EventType }: HistoryEvent): boolean {
  return (
    EventType === HistoryEventType.TaskFailed ||
    EventType === HistoryEventType.SubOrchestrationInstanceFailed ||
    EventType === HistoryEventType.ExecutionCompleted
  );
}

function isScheduledAs(event: HistoryEvent, taskIds: ReadonlySet<number>): boolean {
  return event.EventType === HistoryEventType.TaskScheduled && taskIds.has(event.EventId);
}
