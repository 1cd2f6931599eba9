import type { Engine } from './engine.ts';
import { finishInstance, makeExecutionCompleted } from './finish-instance.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import { TryLater } from './work-queue.ts';

/**
 * Keeps an instance from running whose version the host does not take (learn.microsoft.com/azure/azure-functions/durable/durable-functions-orchestration-versioning).
 * False when it takes it. Otherwise the instance has been failed for good, or, with `Reject`, this throws: the instance stays as
 * it is, whatever the messages are that wait for it, and they are tried again later.
 */
export async function enforceVersion(engine: Engine, instance: Instance): Promise<boolean> {
  const { defaultVersion, versionFailureStrategy } = engine.settings;
  if (takesVersion(engine.settings, instance.version)) return false;
  if (versionFailureStrategy === 'Reject') {
    throw new TryLater(
      `Orchestration '${instance.instanceId}' has version '${instance.version}', which this host at '${defaultVersion}' leaves alone.`,
    );
  }
  await fail(engine, instance);
  return true;
}

function takesVersion({ defaultVersion, versionMatchStrategy }: Engine['settings'], version: string): boolean {
  switch (versionMatchStrategy) {
    case 'None':
      return true;
    case 'Strict':
      return version === defaultVersion;
    case 'CurrentOrOlder':
      return compareVersions(version, defaultVersion) <= 0;
  }
}

/**
 * Below zero when `a` is older than `b`: none is older than any; two to four numbers with dots between them are compared number
 * by number, and where one has fewer of them it is older; all else is compared as text without regard to case
 * (Azure/durabletask, src/DurableTask.Core/Settings/VersioningSettings.cs).
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (a === '' || b === '' || !left || !right) return compareTexts(a.toUpperCase(), b.toUpperCase());
  const index = left.findIndex((number, at) => number !== right[at]);
  return index === -1 ? left.length - right.length : (left[index] ?? -1) - (right[index] ?? -1);
}

/** As System.Version reads it. */
function numbersOf(version: string): number[] | undefined {
  return /^\d+(\.\d+){1,3}$/.test(version) ? version.split('.').map(Number) : undefined;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The failure that DurableTask.Core gives it (TaskOrchestrationDispatcher.cs). */
const MISMATCH = 'VersionMismatch: Orchestration version did not comply with Worker Versioning';

async function fail(engine: Engine, { instanceId, executionId }: Instance): Promise<void> {
  const { store, clock } = engine;
  await store.commit.write((wakeups) => {
    const instance = store.instances.find(instanceId);
    if (instance?.executionId !== executionId) return;
    const Timestamp = toTimestamp(clock.now());
    const ending = { status: 'Failed', output: MISMATCH } as const;
    store.instances.appendHistory(instanceId, [
      { EventType: HistoryEventType.OrchestratorStarted, EventId: -1, Timestamp },
      ...store.messages.waitingFor(instanceId, store.queueClock.now()).map(({ event }) => event),
      makeExecutionCompleted(ending, Timestamp),
      { EventType: HistoryEventType.OrchestratorCompleted, EventId: -1, Timestamp },
    ]);
    finishInstance(engine, wakeups, instance, ending, instance.customStatus);
  });
  engine.log('warning', `Orchestration '${instanceId}' failed: ${MISMATCH}`);
}
