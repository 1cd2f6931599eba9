import type { Engine } from './engine.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { ExecutionStarted, ParentInstance } from '../replay/history-event.ts';
import { isFinished } from '../instance.ts';
import type { Instance, InstanceStatus } from '../instance.ts';

/** What a new orchestration is started with; `input` is JSON text. */
export interface StartRequest {
  instanceId: string;
  name: string;
  /** The host's default when it is left out; '' means none. */
  version?: string | undefined;
  input: string | null;
  parent: ParentInstance | null;
}

/** Either started, or refused because of the instance that has the id. */
export type StartOutcome = { kind: 'started' } | { kind: 'conflict'; status: InstanceStatus };

/** Starts an orchestration within the caller's transaction; one of the same id is replaced if it may be. */
export function startInstance(engine: Engine, wakeups: Wakeups, request: StartRequest): StartOutcome {
  const { store, clock, ids, settings } = engine;
  const { instanceId, name, version = settings.defaultVersion, input, parent } = request;
  const existing = store.instances.find(instanceId);
  if (existing) {
    if (!isReplaceable(engine, existing)) return { kind: 'conflict', status: existing.status };
    store.instances.remove(instanceId);
    store.messages.clear(instanceId);
    store.activities.clear(instanceId);
    store.timers.clear(wakeups, instanceId);
  }
  const nowMs = clock.now();
  const executionId = ids.nextId();
  store.instances.put({
    instanceId,
    executionId,
    name,
    version,
    status: 'Pending',
    input,
    output: null,
    customStatus: null,
    parent,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
  store.messages.send(
    wakeups,
    instanceId,
    executionId,
    makeExecutionStarted({ ...request, version }, executionId, nowMs),
  );
  return { kind: 'started' };
}

/** Whether a new instance of its id may take an instance's place (host.json, overridableExistingInstanceStates). */
export function isReplaceable({ settings }: Engine, { status }: Instance): boolean {
  return isFinished(status) || settings.overridableExistingInstanceStates === 'AnyState';
}

/** Makes the first event of an execution. */
export function makeExecutionStarted(
  { instanceId, name, version, input, parent }: StartRequest & { version: string },
  executionId: string,
  nowMs: number,
): ExecutionStarted {
  return {
    EventType: HistoryEventType.ExecutionStarted,
    EventId: -1,
    Timestamp: toTimestamp(nowMs),
    OrchestrationInstance: { InstanceId: instanceId, ExecutionId: executionId },
    ParentInstance: parent,
    Name: name,
    Version: version === '' ? null : version,
    Input: input,
    Tags: null,
  };
}
