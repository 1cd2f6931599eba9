import type { DatabaseSync } from 'node:sqlite';
import type { Wakeups } from './group-commit.ts';
import { nextSequence } from './next-sequence.ts';
import { integer, text, textOrNull } from './row.ts';

/** An activity that is to be run; `input` is element 0 of its input array as JSON text, null when it has none. */
export interface ActivityWork {
  instanceId: string;
  executionId: string;
  taskId: number;
  name: string;
  input: string | null;
}

/** Activities whose result has not been accepted yet; every write happens within the caller's transaction. */
export type ActivityStore = ReturnType<typeof createActivityStore>;

/** Prepares the statements on `activities`. */
export function createActivityStore(database: DatabaseSync) {
  let next = nextSequence(database, 'activities');
  const insert = database.prepare(
    'INSERT INTO activities (sequence, instance_id, execution_id, task_id, name, input) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const selectOne = database.prepare('SELECT * FROM activities WHERE sequence = ?');
  const selectSequences = database.prepare(
    'SELECT sequence FROM activities WHERE visible_at_ms <= ? ORDER BY sequence',
  );
  const deleteOne = database.prepare('DELETE FROM activities WHERE sequence = ?');
  const deleteOfInstance = database.prepare('DELETE FROM activities WHERE instance_id = ?');

  return { add, find, remove, sequences, clear };

  function add(wakeups: Wakeups, { instanceId, executionId, taskId, name, input }: ActivityWork): void {
    const sequence = next++;
    insert.run(sequence, instanceId, executionId, taskId, name, input);
    wakeups.activitySequences.add(sequence);
  }

  function find(sequence: number): ActivityWork | undefined {
    const row = selectOne.get(sequence);
    if (!row) return undefined;
    return {
      instanceId: text(row, 'instance_id'),
      executionId: text(row, 'execution_id'),
      taskId: integer(row, 'task_id'),
      name: text(row, 'name'),
      input: textOrNull(row, 'input'),
    };
  }

  /** False when it is gone already: its result was accepted before, or its orchestration was purged or replaced. */
  function remove(sequence: number): boolean {
    return deleteOne.run(sequence).changes === 1;
  }

  /** Of those that are visible. */
  function sequences(nowMs: number): number[] {
    return selectSequences.all(nowMs).map((row) => integer(row, 'sequence'));
  }

  function clear(instanceId: string): void {
    deleteOfInstance.run(instanceId);
  }
}
