import type { DatabaseSync } from 'node:sqlite';
import type { EntityRequest } from '../entity-request.ts';
import type { Wakeups } from './group-commit.ts';
import { nextSequence } from './next-sequence.ts';
import { integer, text, textOrNull } from './row.ts';
import type { Row } from './row.ts';
import { UNTIL_DELETED_MS } from './visibility.ts';
import type { Visibility } from './visibility.ts';

/** A request in an entity's queue. */
export interface QueuedRequest extends EntityRequest {
  sequence: number;
}

/** Prepares the statements on `entity_messages`, what waits for entities; every write happens within the caller's transaction. */
export function createEntityQueue(database: DatabaseSync, visibility: Pick<Visibility, 'isHiding'>) {
  let nextMessage = nextSequence(database, 'entity_messages');
  const insertMessage = database.prepare(`
    INSERT INTO entity_messages (sequence, entity_id, operation, input, sender, request_id, caller_instance_id, caller_execution_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertProcessed = database.prepare(`
    INSERT INTO entity_messages (sequence, entity_id, operation, input, visible_at_ms) VALUES (?, ?, ?, ?, ${UNTIL_DELETED_MS})`);
  const selectQueue = database.prepare(
    'SELECT * FROM entity_messages WHERE entity_id = ? AND visible_at_ms <= ? ORDER BY sequence LIMIT ?',
  );
  /** What one sender sent stays in order (DurableTask.Core, Entities/StateFormat/MessageSorter.cs): behind what is hidden, it waits. */
  const selectQueueInOrder = database.prepare(`
    SELECT * FROM entity_messages AS message WHERE entity_id = :id AND visible_at_ms <= :now AND NOT EXISTS (
      SELECT 1 FROM entity_messages AS hidden WHERE hidden.entity_id = :id AND hidden.sender = message.sender
        AND hidden.sequence < message.sequence AND hidden.visible_at_ms > :now
    ) ORDER BY sequence LIMIT :limit`);
  const selectFirst = database.prepare(
    `SELECT 1 FROM entity_messages WHERE entity_id = ? AND visible_at_ms < ${UNTIL_DELETED_MS} LIMIT 1`,
  );
  const countQueue = database.prepare(
    `SELECT count(*) AS size FROM entity_messages WHERE entity_id = ? AND visible_at_ms < ${UNTIL_DELETED_MS}`,
  );
  const deleteMessage = database.prepare('DELETE FROM entity_messages WHERE sequence = ?');
  const selectQueuedIds = database.prepare('SELECT DISTINCT entity_id FROM entity_messages ORDER BY entity_id');

  return {
    send,
    queue,
    keepProcessed,
    queueSize: (entityInstanceId: string) => Number(countQueue.get(entityInstanceId)?.['size'] ?? 0),
    hasMessages: (entityInstanceId: string) => selectFirst.get(entityInstanceId) !== undefined,
    removeMessages: (sequences: readonly number[]) => {
      for (const sequence of sequences) deleteMessage.run(sequence);
    },
    entityIdsWithMessages: () => selectQueuedIds.all().map((row) => text(row, 'entity_id')),
  };

  /** At most `limit` requests that are visible, in the order of their arrival. */
  function queue(entityInstanceId: string, limit: number, nowMs: number): QueuedRequest[] {
    const rows = visibility.isHiding(nowMs)
      ? selectQueueInOrder.all({ id: entityInstanceId, now: nowMs, limit })
      : selectQueue.all(entityInstanceId, nowMs, limit);
    return rows.map(toQueuedRequest);
  }

  /** Leaves a client's requests in the queue for a while, unseen as long as this process lives; returns what to remove then. */
  function keepProcessed(entityInstanceId: string, requests: readonly QueuedRequest[]): number[] {
    return requests.map(({ operation, input }) => {
      const sequence = nextMessage++;
      insertProcessed.run(sequence, entityInstanceId, operation, input);
      return sequence;
    });
  }

  function send(wakeups: Wakeups, entityInstanceId: string, { operation, input, sender, caller }: EntityRequest): void {
    const sequence = nextMessage++;
    const { requestId = null, instanceId = null, executionId = null } = caller ?? {};
    insertMessage.run(sequence, entityInstanceId, operation, input, sender ?? null, requestId, instanceId, executionId);
    wakeups.entityIds.add(entityInstanceId);
  }
}

function toQueuedRequest(row: Row): QueuedRequest {
  const requestId = textOrNull(row, 'request_id');
  const sender = textOrNull(row, 'sender');
  const request = {
    sequence: integer(row, 'sequence'),
    operation: text(row, 'operation'),
    input: textOrNull(row, 'input'),
    ...(sender !== null && { sender }),
  };
  if (requestId === null) return request;
  const caller = {
    requestId,
    instanceId: text(row, 'caller_instance_id'),
    executionId: text(row, 'caller_execution_id'),
  };
  return { ...request, caller };
}
