import type { DatabaseSync } from 'node:sqlite';
import type { Wakeups } from './group-commit.ts';
import { integer, text } from './row.ts';

/** A durable timer of one execution; `timerId` is its sequence id. */
export interface DurableTimer {
  instanceId: string;
  executionId: string;
  timerId: number;
  /** As the orchestrator asked for it. */
  fireAtMs: number;
  /** By the queues' clock. */
  dueAtMs: number;
}

/** Timers that have not fired; every write happens within the caller's transaction. */
export type TimerStore = ReturnType<typeof createTimerStore>;

/** Prepares the statements on `timers`. */
export function createTimerStore(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO timers (instance_id, timer_id, execution_id, fire_at_ms, due_at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const selectFirst = database.prepare('SELECT MIN(due_at_ms) AS due_at_ms FROM timers');
  const selectDue = database.prepare(
    'SELECT * FROM timers WHERE due_at_ms <= ? ORDER BY due_at_ms, instance_id, timer_id LIMIT ?',
  );
  const deleteOne = database.prepare('DELETE FROM timers WHERE instance_id = ? AND timer_id = ?');
  const deleteOfInstance = database.prepare('DELETE FROM timers WHERE instance_id = ?');

  return { add, remove, firstAtMs, takeDue, clear };

  function add(wakeups: Wakeups, { instanceId, executionId, timerId, fireAtMs, dueAtMs }: DurableTimer): void {
    insert.run(instanceId, timerId, executionId, fireAtMs, dueAtMs);
    wakeups.haveTimersChanged = true;
  }

  function remove(wakeups: Wakeups, instanceId: string, timerId: number): void {
    deleteOne.run(instanceId, timerId);
    wakeups.haveTimersChanged = true;
  }

  /** When the earliest falls due. */
  function firstAtMs(): number | undefined {
    const first = selectFirst.get()?.['due_at_ms'];
    return typeof first === 'number' ? first : undefined;
  }

  /** Removes and returns at most `limit` timers that are due at `nowMs`, the earliest first. */
  function takeDue(wakeups: Wakeups, nowMs: number, limit: number): DurableTimer[] {
    const due = selectDue.all(nowMs, limit).map((row) => ({
      instanceId: text(row, 'instance_id'),
      executionId: text(row, 'execution_id'),
      timerId: integer(row, 'timer_id'),
      fireAtMs: integer(row, 'fire_at_ms'),
      dueAtMs: integer(row, 'due_at_ms'),
    }));
    for (const { instanceId, timerId } of due) remove(wakeups, instanceId, timerId);
    return due;
  }

  function clear(wakeups: Wakeups, instanceId: string): void {
    if (deleteOfInstance.run(instanceId).changes > 0) wakeups.haveTimersChanged = true;
  }
}
