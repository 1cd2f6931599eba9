import type { Engine } from './engine.ts';
import { waitTurns } from '../platform/turns.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { TaskCompleted, TaskFailed } from '../replay/history-event.ts';
import type { ActivityWork } from '../store/activity-store.ts';
import type { Wakeups } from '../store/group-commit.ts';

/** How long it takes at the most until an activity is run again, or until its result comes a second time. */
const MAX_REPEAT_TURNS = 20;

/** The work item of an activity: runs the function and sends its result to the orchestration, once; each of them twice by chance. */
export async function runActivity(engine: Engine, sequence: number): Promise<void> {
  const { store, platform } = engine;
  const work = store.activities.find(sequence);
  if (!work) return;
  let outcome = await invoke(engine, work);
  if (platform.happens('repeatedActivity')) {
    await waitTurns(platform.upTo(MAX_REPEAT_TURNS));
    outcome = await invoke(engine, work);
  }
  const isSent = await store.commit.write((wakeups) => {
    if (!store.activities.remove(sequence)) return false;
    sendResult(engine, wakeups, work, outcome);
    return true;
  });
  if (!isSent || !platform.happens('doubledResult')) return;
  await waitTurns(platform.upTo(MAX_REPEAT_TURNS));
  await store.commit.write((wakeups) => sendResult(engine, wakeups, work, outcome));
}

type Outcome = Omit<TaskCompleted, 'Timestamp'> | Omit<TaskFailed, 'Timestamp'>;

function sendResult(
  { store, clock }: Engine,
  wakeups: Wakeups,
  { instanceId, executionId }: ActivityWork,
  outcome: Outcome,
): void {
  store.messages.send(wakeups, instanceId, executionId, { ...outcome, Timestamp: toTimestamp(clock.now()) });
}

async function invoke({ invoker }: Engine, { name, input, instanceId, taskId }: ActivityWork): Promise<Outcome> {
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
