import { waitTurns } from '../platform/turns.ts';
import { chooseBatch } from './batch.ts';
import { commitEpisode } from './commit-episode.ts';
import { add } from '../costs.ts';
import type { Engine } from './engine.ts';
import { enforceVersion } from './orchestration-version.ts';
import { findEpisodeTimestamp } from '../replay/episode.ts';
import { finishInstance, makeExecutionCompleted } from './finish-instance.ts';
import { HistoryEventType } from '../replay/history-event.ts';
import type { HistoryEvent } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import type { InstanceMessage } from '../store/message-store.ts';
import { runTurns } from './run-turns.ts';

/** How long it takes at the most until an episode that was not committed runs again. */
const MAX_REPEAT_TURNS = 12;

/**
 * The work item of an orchestration: takes the messages that wait for it, runs an episode, and commits what it comes to. By chance
 * a first run is thrown away, and the episode runs again from its history, with what came in between.
 */
export async function runOrchestration(engine: Engine, instanceId: string): Promise<void> {
  return run(engine, instanceId, engine.platform.happens('repeatedEpisode'));
}

async function run(engine: Engine, instanceId: string, isThrownAway: boolean): Promise<void> {
  const { store, platform } = engine;
  const instance = store.instances.find(instanceId);
  const batch = chooseBatch(instance, store.messages.waitingFor(instanceId, store.queueClock.now()));
  if (!instance || batch.kind === 'discard') return discard(engine, batch.messages);
  if (await enforceVersion(engine, instance)) return undefined;
  if (batch.kind === 'terminate') return terminate(engine, instance, batch.reason);
  if (batch.messages.length === 0) return discard(engine, batch.outdated);

  const past = store.instances.history(instanceId);
  const batchEvents = batch.messages.map(({ event }) => event);
  // Its start is hidden still: what came later waits for it.
  if (past.length === 0 && batchEvents[0]?.EventType !== HistoryEventType.ExecutionStarted) return;
  const timestamp = findEpisodeTimestamp(engine.clock.now(), past, batchEvents);
  const started: HistoryEvent = { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp: timestamp };
  const turns = await runTurns(engine, instance, past, [started, ...batchEvents]);
  if (isThrownAway) {
    await waitTurns(platform.upTo(MAX_REPEAT_TURNS));
    return run(engine, instanceId, false);
  }
  const processed = await store.commit.write((wakeups) => {
    commitEpisode(engine, wakeups, { instance, batch, turns });
    const raised = batch.messages.filter(isFromClient);
    return raised.length > 0 && platform.happens('lateDeletion')
      ? store.messages.keepProcessed(instanceId, raised)
      : [];
  });
  if (processed.length > 0) {
    await waitTurns(platform.upTo(MAX_REPEAT_TURNS));
    await store.commit.write(() => store.messages.remove(processed));
  }
  const { end } = turns.last.outcome;
  if (end.kind === 'failed') {
    engine.log('warning', `Orchestration '${instanceId}' (${instance.name}) failed: ${end.message}`);
  }
}

/** What another instance sends is recognised when it comes a second time: by the task that it answers. */
function isFromClient({ executionId, event }: InstanceMessage): boolean {
  return executionId === null && event.EventType === HistoryEventType.EventRaised;
}

async function discard({ store }: Engine, messages: readonly InstanceMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await store.commit.write(() => store.messages.remove(messages));
}

/** The orchestrator is not asked; its sub-orchestrations and activities go on, as in Azure. */
async function terminate(engine: Engine, { instanceId, executionId }: Instance, reason: string): Promise<void> {
  const { store, clock, costs } = engine;
  await store.commit.write((wakeups) => {
    const instance = store.instances.find(instanceId);
    if (instance?.executionId !== executionId) return;
    const Timestamp = new Date(clock.now()).toISOString();
    const ending = { status: 'Terminated', output: reason } as const;
    const written = store.instances.appendHistory(instanceId, [
      { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp },
      { EventType: HistoryEventType.ExecutionTerminated, EventId: -1, Timestamp, Input: reason },
      makeExecutionCompleted(ending, Timestamp),
      { EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp },
    ]);
    add(costs.orchestrator(instance.name).historyWritten, written);
    finishInstance(engine, wakeups, instance, ending, instance.customStatus);
  });
}
