import { waitTurns } from '../platform/turns.ts';
import { commitState, parseBatchResult, sendOutcome } from './entity-batch.ts';
import type { EntityBatch } from './entity-batch.ts';
import type { Engine } from './engine.ts';
import { parseEntityInstanceId } from '../entity-id.ts';
import type { EntityId } from '../entity-id.ts';
import type { QueuedRequest } from '../store/entity-queue.ts';

/** How long the new state of an entity is on its way at the most: a few requests over loopback. */
const MAX_WRITE_TURNS = 12;

/** How long a batch that lost its state, or its row, waits for its next try at the most. */
const MAX_RERUN_TURNS = 12;

/** A lease does not move for ever. */
const MAX_LOSSES_IN_A_ROW = 2;

/**
 * The work item of an entity: one invocation for the operations that wait, then its state, its answers and its signals. A
 * rejection (the function is missing or broken) leaves all of it queued, as in Azure.
 */
export async function runEntity(engine: Engine, entityInstanceId: string): Promise<void> {
  const { store, invoker, settings, platform } = engine;
  const entityId = parseEntityInstanceId(entityInstanceId);
  if (!entityId) throw new Error(`'${entityInstanceId}' is not the id of an entity.`);
  if (!invoker.has('entity', entityId.name)) {
    throw new Error(`The entity function '${entityId.name}' doesn't exist, is disabled, or is not an entity function.`);
  }
  for (let lossCount = 0; ; lossCount += 1) {
    const waiting = store.entities.queue(
      entityInstanceId,
      settings.maxEntityOperationBatchSize,
      store.queueClock.now(),
    );
    const requests = lossCount > 0 && platform.upTo(1) === 1 ? clientsFirst(waiting) : waiting;
    if (requests.length === 0) return;
    const batch = await runBatch(engine, entityInstanceId, entityId, requests);
    if (await commit(engine, batch, lossCount < MAX_LOSSES_IN_A_ROW)) return;
    await waitTurns(1 + platform.upTo(MAX_RERUN_TURNS));
  }
}

async function runBatch(
  { store, invoker }: Engine,
  entityInstanceId: string,
  entityId: EntityId,
  requests: readonly QueuedRequest[],
): Promise<EntityBatch> {
  const record = store.entities.find(entityInstanceId);
  const payload = JSON.stringify({
    self: entityId,
    exists: record?.isExisting ?? false,
    state: record?.state ?? null,
    batch: requests.map(({ operation, input, caller }) => ({ name: operation, input, isSignal: caller === undefined })),
  });
  const result = parseBatchResult(await invoker.entity(entityId.name, payload, entityInstanceId));
  if (result.results.length < requests.length) {
    throw new Error(`Entity ${entityInstanceId} answered ${result.results.length} of ${requests.length} operations.`);
  }
  return { entityInstanceId, record, requests, result };
}

/** False when nothing of the state was written, and the operations have to run again. */
async function commit(engine: Engine, batch: EntityBatch, mayLose: boolean): Promise<boolean> {
  if (engine.platform.name !== 'gentle') return loseOrCommit(engine, batch, mayLose);
  return engine.store.commit.write((wakeups) => {
    const isCommitted = commitState(engine, wakeups, batch);
    if (isCommitted) sendOutcome(engine, wakeups, batch);
    return isCommitted;
  });
}

/**
 * Writes as DurableTask.AzureStorage does: the answers and signals go out, and the state follows, so that it is read as it was
 * until then (AzureStorageOrchestrationService.CompleteTaskOrchestrationWorkItemAsync). False when the state is lost on the way,
 * as when the lease of the partition moves to another host; the operations stay in the queue. Messages are deleted last: whoever
 * dies before that applies a client's operations twice.
 */
async function loseOrCommit(engine: Engine, batch: EntityBatch, mayLose: boolean): Promise<boolean> {
  const { store, platform } = engine;
  await store.commit.write((wakeups) => sendOutcome(engine, wakeups, batch));
  await waitTurns(platform.upTo(MAX_WRITE_TURNS));
  if (mayLose && platform.happens('lostBatch')) return false;
  const processed = await store.commit.write((wakeups) => {
    if (!commitState(engine, wakeups, batch)) return undefined;
    const signals = batch.requests.filter(({ sender }) => !sender);
    if (signals.length === 0 || !platform.happens('lateDeletion')) return [];
    return store.entities.keepProcessed(batch.entityInstanceId, signals);
  });
  if (!processed) return false;
  if (processed.length > 0) {
    await waitTurns(platform.upTo(MAX_WRITE_TURNS));
    await store.commit.write(() => store.entities.removeMessages(processed));
  }
  return true;
}

/**
 * After a loss, what a client sent since then may come before what orchestrations and entities sent, but neither kind overtakes its own: those
 * were answered one after the other, and these are sorted (DurableTask.Core, Entities/StateFormat/MessageSorter.cs).
 */
function clientsFirst(waiting: readonly QueuedRequest[]): readonly QueuedRequest[] {
  return [...waiting.filter(({ sender }) => !sender), ...waiting.filter(({ sender }) => sender)];
}
