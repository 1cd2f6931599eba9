import type { DatabaseSync } from 'node:sqlite';
import type { Wakeups } from './group-commit.ts';
import { parseHistoryEvent } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import { nextSequence } from './next-sequence.ts';
import { integer, text, textOrNull } from './row.ts';
import { UNTIL_DELETED_MS } from './visibility.ts';

/** An event on its way to an orchestration; `executionId` is null when it is for whichever execution is current. */
export interface InstanceMessage {
  sequence: number;
  executionId: string | null;
  event: HistoryEvent;
}

/** What waits for orchestrations; every write happens within the caller's transaction. */
export type MessageStore = ReturnType<typeof createMessageStore>;

/** Prepares the statements on `messages`. */
export function createMessageStore(database: DatabaseSync) {
  let next = nextSequence(database, 'messages');
  const insert = database.prepare(
    'INSERT INTO messages (sequence, instance_id, execution_id, event) VALUES (?, ?, ?, ?)',
  );
  const insertProcessed = database.prepare(
    `INSERT INTO messages (sequence, instance_id, execution_id, event, visible_at_ms) VALUES (?, ?, ?, ?, ${UNTIL_DELETED_MS})`,
  );
  const selectOne = database.prepare('SELECT sequence FROM messages WHERE sequence = ?');
  const selectOfInstance = database.prepare(
    'SELECT * FROM messages WHERE instance_id = ? AND visible_at_ms <= ? ORDER BY sequence',
  );
  const selectInstanceIds = database.prepare('SELECT DISTINCT instance_id FROM messages ORDER BY instance_id');
  const deleteOne = database.prepare('DELETE FROM messages WHERE sequence = ?');
  const deleteOfInstance = database.prepare('DELETE FROM messages WHERE instance_id = ?');

  return { send, keepProcessed, waitingFor, remove, instanceIds, clear };

  function send(wakeups: Wakeups, instanceId: string, executionId: string | null, event: HistoryEvent): void {
    insert.run(next++, instanceId, executionId, JSON.stringify(event));
    wakeups.instanceIds.add(instanceId);
  }

  /** Leaves those that are gone from the queue in it for a while, unseen as long as this process lives; returns what to remove then. */
  function keepProcessed(instanceId: string, messages: readonly InstanceMessage[]): InstanceMessage[] {
    return messages
      .filter(({ sequence }) => selectOne.get(sequence) === undefined)
      .map((message) => {
        const sequence = next++;
        insertProcessed.run(sequence, instanceId, message.executionId, JSON.stringify(message.event));
        return { ...message, sequence };
      });
  }

  /** Those that are visible, in the order of their arrival. */
  function waitingFor(instanceId: string, nowMs: number): InstanceMessage[] {
    return selectOfInstance.all(instanceId, nowMs).map((row) => ({
      sequence: integer(row, 'sequence'),
      executionId: textOrNull(row, 'execution_id'),
      event: parseHistoryEvent(text(row, 'event')),
    }));
  }

  function remove(messages: readonly InstanceMessage[]): void {
    for (const { sequence } of messages) deleteOne.run(sequence);
  }

  function instanceIds(): string[] {
    return selectInstanceIds.all().map((row) => text(row, 'instance_id'));
  }

  function clear(instanceId: string): void {
    deleteOfInstance.run(instanceId);
  }
}
