import type { Engine } from './engine.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { TaskCompleted, TaskFailed } from '../replay/history-event.ts';
import type { ActivityWork } from '../store/activity-store.ts';

/** The work item of an activity: runs the function and sends its result to the orchestration, once. */
export async function runActivity(engine: Engine, sequence: number): Promise<void> {
  const { store } = engine;
  const work = store.activities.find(sequence);
  if (!work) return;
  const outcome = await invoke(engine, work);
  await store.commit.write((wakeups) => {
    if (!store.activities.remove(sequence)) return;
    const event = { ...outcome, Timestamp: toTimestamp(engine.clock.now()) };
    store.messages.send(wakeups, work.instanceId, work.executionId, event);
  });
}

async function invoke(
  { invoker }: Engine,
  { name, input, instanceId, taskId }: ActivityWork,
): Promise<Omit<TaskCompleted, 'Timestamp'> | Omit<TaskFailed, 'Timestamp'>> {
  const common = { EventId: -1, TaskScheduledId: taskId };
  try {
    const argument: unknown = input === null ? undefined : JSON.parse(input);
    const Result = await invoker.activity(name, argument, instanceId);
    return { ...common, EventType: HistoryEventType.TaskCompleted, Result };
  } catch (error) {
    const { ClassName, Message } = describeError(error);
    return {
      ...common,
      EventType: HistoryEventType.TaskFailed,
      Reason: `Activity function '${name}' failed: ${Message}`,
      Details: JSON.stringify({ ClassName, Message }),
      FailureDetails: null,
    };
  }
}

function describeError(error: unknown): { ClassName: string; Message: string } {
  if (error instanceof Error) return { ClassName: error.name, Message: error.message };
  return {
    ClassName: 'Error',
    Message: typeof error === 'string' ? error : (JSON.stringify(error) ?? 'Unknown error'),
  };
}
