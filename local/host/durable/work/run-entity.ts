import { z } from 'zod';
import type { Engine } from './engine.ts';
import { parseEntityInstanceId, toEntityInstanceId } from '../entity-id.ts';
import type { EntityRecord, QueuedRequest } from '../store/entity-store.ts';
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

/** What durable-functions returns for a batch of operations (lib/src/entities/EntityState.js). */
type BatchResult = z.infer<typeof batchResult>;

/**
 * The work item of an entity: one invocation for the operations that wait, then one transaction for its state, its answers and
 * its signals. A rejection (the function is missing or broken) leaves all of it queued, as in Azure.
 */
export async function runEntity(engine: Engine, entityInstanceId: string): Promise<void> {
  const { store, invoker, settings } = engine;
  const entityId = parseEntityInstanceId(entityInstanceId);
  if (!entityId) throw new Error(`'${entityInstanceId}' is not the id of an entity.`);
  if (!invoker.has('entity', entityId.name)) {
    throw new Error(`The entity function '${entityId.name}' doesn't exist, is disabled, or is not an entity function.`);
  }
  const batch = store.entities.queue(entityInstanceId, settings.maxEntityOperationBatchSize);
  if (batch.length === 0) return;
  const record = store.entities.find(entityInstanceId);
  const payload = JSON.stringify({
    self: entityId,
    exists: record?.isExisting ?? false,
    state: record?.state ?? null,
    batch: batch.map(({ operation, input, caller }) => ({ name: operation, input, isSignal: caller === undefined })),
  });
  const result = batchResult.parse(JSON.parse(await invoker.entity(entityId.name, payload, entityInstanceId)));
  if (result.results.length < batch.length) {
    throw new Error(`Entity ${entityInstanceId} answered ${result.results.length} of ${batch.length} operations.`);
  }
  await store.commit.write((wakeups) => commitBatch(engine, wakeups, { entityInstanceId, record, batch, result }));
}

interface FinishedBatch {
  entityInstanceId: string;
  /** As it was before the batch. */
  record: EntityRecord | undefined;
  batch: readonly QueuedRequest[];
  result: BatchResult;
}

/** When the entity was purged meanwhile, its operations were withdrawn with it and nothing is written. */
function commitBatch(
  engine: Engine,
  wakeups: Wakeups,
  { entityInstanceId, record, batch, result }: FinishedBatch,
): void {
  const { store, clock } = engine;
  if (!store.entities.removeMessages(batch.map(({ sequence }) => sequence))) return;
  const isMoreWaiting = store.entities.hasMessages(entityInstanceId);
  if (isMoreWaiting) wakeups.entityIds.add(entityInstanceId);
  const nowMs = clock.now();
  if (result.entityExists || isMoreWaiting) {
    store.entities.put({
      entityInstanceId,
      isExisting: result.entityExists,
      state: result.entityState ?? null,
      createdAtMs: record?.createdAtMs ?? nowMs,
      lastOperationAtMs: nowMs,
    });
  } else {
    store.entities.remove(entityInstanceId);
  }
  answerCallers(engine, wakeups, batch, result);
  sendSignals(engine, wakeups, entityInstanceId, result);
}

function answerCallers(
  { store, clock }: Engine,
  wakeups: Wakeups,
  batch: readonly QueuedRequest[],
  { results }: BatchResult,
): void {
  for (const [index, { caller }] of batch.entries()) {
    const operation = results[index];
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
  sender: string,
  { signals }: BatchResult,
): void {
  for (const { target, name, input } of signals) {
    if (invoker.has('entity', target.name)) {
      store.entities.send(wakeups, toEntityInstanceId(target), { operation: name, input: input ?? null });
    } else {
      log(
        'error',
        `Entity ${sender} signalled '${target.name}', which is not an entity function: the signal is dropped.`,
      );
    }
  }
}
