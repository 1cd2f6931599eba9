import { z } from 'zod';
import { addText } from '../costs.ts';
import type { Engine } from './engine.ts';
import { toEntityInstanceId } from '../entity-id.ts';
import type { QueuedRequest } from '../store/entity-queue.ts';
import type { EntityRecord } from '../store/entity-store.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';

const batchResult = z.object({
  results: z.array(z.object({ isError: z.boolean(), result: z.string().nullish() })),
  signals: z.array(
    z.object({
      target: z.object({ name: z.string(), key: z.string() }),
      name: z.string(),
      input: z.string().nullish(),
    }),
  ),
  entityExists: z.boolean(),
  entityState: z.string().nullish(),
});

/** A batch of operations that the entity's function was called for, and what it returned. */
export interface EntityBatch {
  entityInstanceId: string;
  /** As it was before the batch. */
  record: EntityRecord | undefined;
  requests: readonly QueuedRequest[];
  result: z.infer<typeof batchResult>;
}

/** Reads what durable-functions returns for a batch of operations (lib/src/entities/EntityState.js). */
export function parseBatchResult(text: string): EntityBatch['result'] {
  return batchResult.parse(JSON.parse(text));
}

/**
 * Takes a batch's operations out of the queue and writes the entity's new state, within the caller's transaction. False when the row
 * was purged meanwhile: such a checkpoint fails (seen on extension 3.19), the operations stay and are to run again, from nothing.
 */
export function commitState(
  { store, clock, costs }: Engine,
  wakeups: Wakeups,
  { entityInstanceId, record, requests, result }: EntityBatch,
): boolean {
  if (record && !store.entities.has(entityInstanceId)) return false;
  store.entities.removeMessages(requests.map(({ sequence }) => sequence));
  if (store.entities.hasMessages(entityInstanceId)) wakeups.entityIds.add(entityInstanceId);
  const nowMs = clock.now();
  addText(costs.entity(entityInstanceId).states, result.entityState);
  // A deleted entity leaves its row: the orchestration that it is behind the scenes waits on (azure-functions-durable-extension, issue 931).
  store.entities.put({
    entityInstanceId,
    isExisting: result.entityExists,
    state: result.entityState ?? null,
    createdAtMs: record?.createdAtMs ?? nowMs,
    lastOperationAtMs: nowMs,
  });
  return true;
}

/** Sends a batch's answers to the callers and its signals to other entities, within the caller's transaction. */
export function sendOutcome(engine: Engine, wakeups: Wakeups, batch: EntityBatch): void {
  countBatch(engine, batch);
  answerCallers(engine, wakeups, batch);
  sendSignals(engine, wakeups, batch);
}

/** A batch that loses its state counts each time that it runs. */
function countBatch({ costs }: Engine, { entityInstanceId, requests, result }: EntityBatch): void {
  const counted = costs.entity(entityInstanceId);
  counted.batches += 1;
  for (const [index, { input, caller }] of requests.entries()) {
    addText(counted.operations, input);
    if (caller) addText(counted.answers, result.results[index]?.result);
  }
  for (const { input } of result.signals) addText(counted.signals, input);
}

function answerCallers({ store, clock }: Engine, wakeups: Wakeups, { requests, result }: EntityBatch): void {
  for (const [index, { caller }] of requests.entries()) {
    const operation = result.results[index];
    if (!caller || !operation) continue;
    const response = {
      result: operation.result ?? null,
      ...(operation.isError && { exceptionType: OPERATION_ERROR_TYPE }),
    };
    store.messages.send(wakeups, caller.instanceId, caller.executionId, {
      EventType: HistoryEventType.EventRaised,
      EventId: -1,
      Timestamp: toTimestamp(clock.now()),
      Name: caller.requestId,
      Input: JSON.stringify(response),
    });
  }
}

/** Its presence is what durable-functions looks at (TaskOrchestrationExecutor.js, setTaskValue). */
const OPERATION_ERROR_TYPE = 'Microsoft.Azure.WebJobs.Extensions.DurableTask.OperationErrorException';

function sendSignals(
  { store, invoker, log }: Engine,
  wakeups: Wakeups,
  { entityInstanceId, result }: EntityBatch,
): void {
  for (const { target, name, input } of result.signals) {
    if (invoker.has('entity', target.name)) {
      const request = { operation: name, input: input ?? null, sender: entityInstanceId };
      store.entities.send(wakeups, toEntityInstanceId(target), request);
    } else {
      log(
        'error',
        `Entity ${entityInstanceId} signalled '${target.name}', which is not an entity function: the signal is dropped.`,
      );
    }
  }
}
