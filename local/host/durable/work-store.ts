import type { DatabaseSync } from 'node:sqlite';
import type { Wakeups } from './group-commit.ts';
import { parseHistoryEvent, toTimestamp, HistoryEventType } from './history-event.ts';
import type { HistoryEvent, TimerFired } from './history-event.ts';
import { integer, text, textOrNull } from './row.ts';

/** An event on its way to an orchestration; `executionId` is null when it is for whichever execution is current. */
export interface InstanceMessage {
  sequence: number;
  executionId: string | null;
  event: HistoryEvent;
}

/** An activity that is to be run; `input` is element 0 of its input array as JSON text, null when it has none. */
export interface ActivityWork {
  instanceId: string;
  executionId: string;
  taskId: number;
  name: string;
  input: string | null;
}

/** What orchestrations have to do: their messages, activities and timers. Writes happen within the caller's transaction. */
export type WorkStore = ReturnType<typeof createWorkStore>;

/** Prepares the statements on `messages`, `activities` and `timers`. */
export function createWorkStore(database: DatabaseSync) {
  // Numbers are never given out twice while the process lives: work under way is known by them after its row is gone.
  let nextMessage = nextSequence(database, 'messages');
  let nextActivity = nextSequence(database, 'activities');
  const insertMessage = database.prepare(
    'INSERT INTO messages (sequence, instance_id, execution_id, event) VALUES (?, ?, ?, ?)',
  );
  const selectMessages = database.prepare('SELECT * FROM messages WHERE instance_id = ? ORDER BY sequence');
  const deleteMessage = database.prepare('DELETE FROM messages WHERE sequence = ?');
  const selectInstanceIds = database.prepare('SELECT DISTINCT instance_id FROM messages ORDER BY instance_id');
  const insertActivity = database.prepare(
    'INSERT INTO activities (sequence, instance_id, execution_id, task_id, name, input) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const selectActivity = database.prepare('SELECT * FROM activities WHERE sequence = ?');
  const deleteActivity = database.prepare('DELETE FROM activities WHERE sequence = ?');
  const selectActivitySequences = database.prepare('SELECT sequence FROM activities ORDER BY sequence');
  const insertTimer = database.prepare(
    'INSERT OR REPLACE INTO timers (instance_id, timer_id, execution_id, fire_at_ms) VALUES (?, ?, ?, ?)',
  );
  const deleteTimer = database.prepare('DELETE FROM timers WHERE instance_id = ? AND timer_id = ?');
  const selectFirstTimer = database.prepare('SELECT MIN(fire_at_ms) AS fire_at_ms FROM timers');
  const selectDueTimers = database.prepare(
    'SELECT * FROM timers WHERE fire_at_ms <= ? ORDER BY fire_at_ms, instance_id LIMIT ?',
  );
  const deleteMessages = database.prepare('DELETE FROM messages WHERE instance_id = ?');
  const deleteActivities = database.prepare('DELETE FROM activities WHERE instance_id = ?');
  const deleteTimers = database.prepare('DELETE FROM timers WHERE instance_id = ?');

  return {
    send,
    messages: (instanceId: string): InstanceMessage[] =>
      selectMessages.all(instanceId).map((row) => ({
        sequence: integer(row, 'sequence'),
        executionId: textOrNull(row, 'execution_id'),
        event: parseHistoryEvent(text(row, 'event')),
      })),
    removeMessages: (sequences: readonly number[]) => sequences.forEach((sequence) => deleteMessage.run(sequence)),
    replaceMessage,
    instanceIdsWithMessages: () => selectInstanceIds.all().map((row) => text(row, 'instance_id')),
    addActivity,
    findActivity,
    /** False when it is gone already: its result was accepted before, or its orchestration was purged. */
    removeActivity: (sequence: number) => deleteActivity.run(sequence).changes === 1,
    activitySequences: () => selectActivitySequences.all().map((row) => integer(row, 'sequence')),
    addTimer,
    removeTimer: (instanceId: string, timerId: number) => void deleteTimer.run(instanceId, timerId),
    firstTimerAtMs,
    fireTimers,
    /** What a finished execution no longer needs. Its activities run on: they may have begun. */
    clearMessagesAndTimers: (instanceId: string) => {
      deleteMessages.run(instanceId);
      deleteTimers.run(instanceId);
    },
    clearTimers: (instanceId: string) => void deleteTimers.run(instanceId),
    clear: (instanceId: string) => {
      deleteMessages.run(instanceId);
      deleteActivities.run(instanceId);
      deleteTimers.run(instanceId);
    },
  };

  function send(wakeups: Wakeups, instanceId: string, executionId: string | null, event: HistoryEvent): void {
    insertMessage.run(nextMessage++, instanceId, executionId, JSON.stringify(event));
    wakeups.instanceIds.add(instanceId);
  }

  /** Puts another event in the place of a message, ahead of all that came after it. */
  function replaceMessage(
    wakeups: Wakeups,
    sequence: number,
    instanceId: string,
    executionId: string,
    event: HistoryEvent,
  ): void {
    deleteMessage.run(sequence);
    insertMessage.run(sequence, instanceId, executionId, JSON.stringify(event));
    wakeups.instanceIds.add(instanceId);
  }

  function addActivity(wakeups: Wakeups, work: ActivityWork): void {
    const sequence = nextActivity++;
    insertActivity.run(sequence, work.instanceId, work.executionId, work.taskId, work.name, work.input);
    wakeups.activitySequences.add(sequence);
  }

  function findActivity(sequence: number): ActivityWork | undefined {
    const row = selectActivity.get(sequence);
    return (
      row && {
        instanceId: text(row, 'instance_id'),
        executionId: text(row, 'execution_id'),
        taskId: integer(row, 'task_id'),
        name: text(row, 'name'),
        input: textOrNull(row, 'input'),
      }
    );
  }

  function addTimer(
    wakeups: Wakeups,
    instanceId: string,
    executionId: string,
    timerId: number,
    fireAtMs: number,
  ): void {
    insertTimer.run(instanceId, timerId, executionId, fireAtMs);
    wakeups.haveTimersChanged = true;
  }

  function firstTimerAtMs(): number | undefined {
    const first = selectFirstTimer.get()?.['fire_at_ms'];
    return typeof first === 'number' ? first : undefined;
  }

  /** Turns at most `limit` timers that are due at `nowMs` into messages. */
  function fireTimers(wakeups: Wakeups, nowMs: number, limit: number): void {
    for (const row of selectDueTimers.all(nowMs, limit)) {
      const instanceId = text(row, 'instance_id');
      const timerId = integer(row, 'timer_id');
      const event: TimerFired = {
        EventType: HistoryEventType.TimerFired,
        EventId: -1,
        Timestamp: toTimestamp(nowMs),
        TimerId: timerId,
        FireAt: toTimestamp(integer(row, 'fire_at_ms')),
      };
      send(wakeups, instanceId, text(row, 'execution_id'), event);
      deleteTimer.run(instanceId, timerId);
    }
    wakeups.haveTimersChanged = true;
  }
}

/** One more than the highest number in `table`. */
export function nextSequence(database: DatabaseSync, table: string): number {
  const row = database.prepare(`SELECT coalesce(MAX(sequence), 0) + 1 AS sequence FROM ${table}`).get();
  return row ? integer(row, 'sequence') : 1;
}
