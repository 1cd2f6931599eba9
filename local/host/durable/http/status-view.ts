import type { EntityRecord } from '../store/entity-store.ts';
import type { Instance } from '../instance.ts';
import { parseJsonOrText } from '../replay/orchestrator-payload.ts';

/** The status of an orchestration as the HTTP API shows it; `historyEvents` is absent when undefined. */
export function toStatusView(
  instance: Instance,
  { showsInput, historyEvents }: { showsInput: boolean; historyEvents?: unknown[] | undefined },
) {
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: showsInput ? parseOrNull(instance.input) : null,
    customStatus: parseOrNull(instance.customStatus),
    output: parseOrNull(instance.output),
    createdTime: toSeconds(instance.createdAtMs),
    lastUpdatedTime: toSeconds(instance.updatedAtMs),
    historyEvents,
  };
}

/** The status of the orchestration that an entity is behind the scenes; its default members are left out. */
export function toEntityStatusView(record: EntityRecord, queueSize: number) {
  const { entityInstanceId, isExisting, createdAtMs, lastOperationAtMs } = record;
  return {
    name: entityInstanceId,
    instanceId: entityInstanceId,
    runtimeStatus: 'Running',
    input: null,
    customStatus: { ...(isExisting && { entityExists: true }), ...(queueSize > 0 && { queueSize }) },
    output: null,
    createdTime: toSeconds(createdAtMs),
    lastUpdatedTime: toSeconds(lastOperationAtMs),
  };
}

/** UTC to the second, as the HTTP API writes times. */
export function toSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function parseOrNull(text: string | null): unknown {
  return text === null ? null : parseJsonOrText(text);
}
