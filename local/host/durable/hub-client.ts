import type { Engine } from './work/engine.ts';
import type { ClientDelivery } from './platform/client-delivery.ts';
import { toEntityInstanceId } from './entity-id.ts';
import type { EntityId } from './entity-id.ts';
import type { EntityFilter, EntityRecord } from './store/entity-store.ts';
import type { Platform } from './platform/platform.ts';
import { HistoryEventType, toTimestamp } from './replay/history-event.ts';
import type { HistoryEvent } from './replay/history-event.ts';
import { isFinished } from './instance.ts';
import type { Instance } from './instance.ts';
import type { InstanceFilter } from './store/instance-store.ts';
import { startForClient } from './work/client-start.ts';
import { rewindInstance } from './work/rewind-instance.ts';
import type { StartOutcome, StartRequest } from './work/start-instance.ts';

/** What came of a message to an instance. */
export type SendOutcome = 'accepted' | 'notFound' | 'finished';

/** What clients of a hub can do. A promise resolves once what was accepted is durable. */
export interface HubClient {
  /** What chance does to the answers. */
  readonly platform: Platform;
  hasOrchestrator(name: string): boolean;
  hasEntity(name: string): boolean;
  nextInstanceId(): string;
  /** `input` is JSON text. The id must have been checked; an orchestration of an unknown name fails once it runs. */
  start(request: Omit<StartRequest, 'parent'>): Promise<StartOutcome>;
  /** `input` is JSON text. */
  raiseEvent(instanceId: string, eventName: string, input: string): Promise<SendOutcome>;
  terminate(instanceId: string, reason: string): Promise<SendOutcome>;
  suspend(instanceId: string, reason: string): Promise<SendOutcome>;
  resume(instanceId: string, reason: string): Promise<SendOutcome>;
  /** Lets a failed instance run again what failed in it; does nothing to any other. */
  rewind(instanceId: string, reason: string): Promise<void>;
  findInstance(instanceId: string): Instance | undefined;
  history(instanceId: string): HistoryEvent[];
  /** At most `limit` instances in the order of their ids, from `first` on. */
  listInstances(filter: InstanceFilter, first: string, limit: number): Instance[];
  /** Forgets these instances and entities, whatever their state; resolves with how many there were. */
  purge(instanceIds: readonly string[]): Promise<number>;
  /** `input` is JSON text. The name must have been checked. */
  signalEntity(entityId: EntityId, operation: string, input: string | null): Promise<void>;
  findEntity(entityInstanceId: string): EntityRecord | undefined;
  entityQueueSize(entityInstanceId: string): number;
  listEntities(filter: EntityFilter, first: string, limit: number): EntityRecord[];
  nowMs(): number;
  /** Resolves after `delayMs` of the hub's clock. */
  wait(delayMs: number): Promise<void>;
}

/** Creates the client of a hub; `delivery` is the way of its signals and events to the store. */
export function createHubClient(engine: Engine, delivery: ClientDelivery): HubClient {
  const { store, clock, ids, invoker } = engine;
  return {
    platform: engine.platform,
    hasOrchestrator: (name) => invoker.has('orchestrator', name),
    hasEntity: (name) => invoker.has('entity', name),
    nextInstanceId: () => ids.nextId(),
    start: (request) => startForClient(engine, request),
    raiseEvent: (instanceId, Name, Input) =>
      delivery.deliver(() =>
        send(instanceId, (base) => ({ ...base, EventType: HistoryEventType.EventRaised, Name, Input })),
      ),
    terminate: (instanceId, reason) =>
      send(instanceId, (base) => ({ ...base, EventType: HistoryEventType.ExecutionTerminated, Input: reason })),
    suspend: (instanceId, Reason) =>
      send(instanceId, (base) => ({ ...base, EventType: HistoryEventType.ExecutionSuspended, Reason })),
    resume: (instanceId, Reason) =>
      send(instanceId, (base) => ({ ...base, EventType: HistoryEventType.ExecutionResumed, Reason })),
    rewind: (instanceId, reason) =>
      store.commit.write((wakeups) => rewindInstance(engine, wakeups, instanceId, reason)),
    findInstance: (instanceId) => store.instances.find(instanceId),
    history: (instanceId) => store.instances.history(instanceId),
    listInstances: (filter, first, limit) => store.instances.list(filter, first, limit),
    purge,
    signalEntity: (entityId, operation, input) =>
      delivery.deliver(() =>
        store.commit.write((wakeups) =>
          store.entities.send(wakeups, toEntityInstanceId(entityId), { operation, input }),
        ),
      ),
    findEntity: (entityInstanceId) => store.entities.find(entityInstanceId),
    entityQueueSize: (entityInstanceId) => store.entities.queueSize(entityInstanceId),
    listEntities: (filter, first, limit) => store.entities.list(filter, first, limit),
    nowMs: () => clock.now(),
    wait: (delayMs) => new Promise((resolve) => void clock.schedule(clock.now() + delayMs, resolve)),
  };

  function send(
    instanceId: string,
    makeEvent: (base: { EventId: number; Timestamp: string }) => HistoryEvent,
  ): Promise<SendOutcome> {
    return store.commit.write((wakeups) => {
      const instance = store.instances.find(instanceId);
      if (!instance) return 'notFound';
      if (isFinished(instance.status)) return 'finished';
      const event = makeEvent({ EventId: -1, Timestamp: toTimestamp(clock.now()) });
      store.messages.send(wakeups, instanceId, null, event);
      return 'accepted';
    });
  }

  function purge(instanceIds: readonly string[]): Promise<number> {
    return store.commit.write((wakeups) => {
      let count = 0;
      for (const instanceId of instanceIds) {
        const isKnown = store.instances.has(instanceId) || store.entities.has(instanceId);
        if (!isKnown) continue;
        store.instances.remove(instanceId);
        store.messages.clear(instanceId);
        store.activities.clear(instanceId);
        store.timers.clear(wakeups, instanceId);
        store.entities.clear(instanceId);
        count += 1;
      }
      return count;
    });
  }
}
