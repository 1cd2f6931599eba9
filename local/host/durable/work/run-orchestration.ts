import { chooseBatch } from './batch.ts';
import { commitEpisode } from './commit-episode.ts';
import type { Engine } from './engine.ts';
import { enforceVersion } from './orchestration-version.ts';
import { findEpisodeTimestamp, runEpisode } from '../replay/episode.ts';
import type { EpisodeOutcome } from '../replay/episode.ts';
import { finishInstance, makeExecutionCompleted } from './finish-instance.ts';
import { HistoryEventType } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import type { InstanceMessage } from '../store/message-store.ts';

/** The work item of an orchestration: takes the messages that wait for it, runs an episode, and commits what it comes to. */
export async function runOrchestration(engine: Engine, instanceId: string): Promise<void> {
  const { store } = engine;
  const instance = store.instances.find(instanceId);
  const batch = chooseBatch(instance, store.messages.waitingFor(instanceId));
  if (!instance || batch.kind === 'discard') return discard(engine, batch);
  if (await enforceVersion(engine, instance)) return undefined;
  if (batch.kind === 'terminate') return terminate(engine, instance, batch.reason);
  if (batch.messages.length === 0) return discard(engine, { messages: batch.outdated });

  const past = store.instances.history(instanceId);
  const batchEvents = batch.messages.map(({ event }) => event);
  const timestamp = findEpisodeTimestamp(engine.clock.now(), past, batchEvents);
  const started: HistoryEvent = { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp: timestamp };
  const outcome = await runFunction(engine, instance, past, [started, ...batchEvents]);
  await store.commit.write((wakeups) => commitEpisode(engine, wakeups, { instance, batch, started, outcome }));
  if (outcome.end.kind === 'failed') {
    engine.log('warning', `Orchestration '${instanceId}' (${instance.name}) failed: ${outcome.end.message}`);
  }
}

async function discard({ store }: Engine, { messages }: { messages: readonly InstanceMessage[] }): Promise<void> {
  if (messages.length === 0) return;
  await store.commit.write(() => store.messages.remove(messages));
}

/** The orchestrator is not asked; its sub-orchestrations and activities go on, as in Azure. */
async function terminate(engine: Engine, { instanceId, executionId }: Instance, reason: string): Promise<void> {
  const { store, clock } = engine;
  await store.commit.write((wakeups) => {
    const instance = store.instances.find(instanceId);
    if (instance?.executionId !== executionId) return;
    const Timestamp = new Date(clock.now()).toISOString();
    const ending = { status: 'Terminated', output: reason } as const;
    store.instances.appendHistory(instanceId, [
      { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp },
      { EventType: HistoryEventType.ExecutionTerminated, EventId: -1, Timestamp, Input: reason },
      makeExecutionCompleted(ending, Timestamp),
      { EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp },
    ]);
    finishInstance(engine, wakeups, instance, ending, instance.customStatus);
  });
}

async function runFunction(
  { invoker, ids, settings }: Engine,
  { instanceId, executionId, name, customStatus }: Instance,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
): Promise<EpisodeOutcome> {
  // A suspension by itself is nothing the function has to see.
  if (fresh.slice(1).every(({ EventType }) => EventType === HistoryEventType.ExecutionSuspended)) {
    return { scheduled: [], cancelledTimerIds: [], end: { kind: 'none' }, customStatus };
  }
  const environment = {
    instanceId,
    executionId,
    hasFunction: invoker.has.bind(invoker),
    nextGuid: ids.nextGuid,
    storesInputs: settings.storeInputsInOrchestrationHistory,
    defaultVersion: settings.defaultVersion,
  };
  return runEpisode(invoker, environment, name, past, fresh);
}
