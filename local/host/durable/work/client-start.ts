import { waitTurns } from '../platform/turns.ts';
import type { Engine } from './engine.ts';
import { isReplaceable, startInstance } from './start-instance.ts';
import type { StartOutcome, StartRequest } from './start-instance.ts';

/** How long a client's start is on its way at the most: the backend looks for the id, enqueues the start, and writes the row. */
const MAX_START_TURNS = 12;

/**
 * Starts an orchestration for a client as DurableTask.AzureStorage does, which first looks whether the id is free and then starts, with
 * nothing to hold others off in between (AzureStorageOrchestrationService.cs, CreateTaskOrchestrationAsync): whoever looked before
 * another's start was visible is told yes as well, or learns of the other, and in either case only one is carried out. On a gentle
 * platform only that one is told yes.
 */
export async function startForClient(engine: Engine, request: Omit<StartRequest, 'parent'>): Promise<StartOutcome> {
  const { store, platform, settings } = engine;
  const seen = store.instances.find(request.instanceId);
  if (seen && !isReplaceable(engine, seen)) return { kind: 'conflict', status: seen.status };
  await waitTurns(platform.upTo(MAX_START_TURNS));
  return store.commit.write((wakeups) => {
    const existing = store.instances.find(request.instanceId);
    const isOvertaken = existing !== undefined && existing.executionId !== seen?.executionId;
    if (!isOvertaken || settings.overridableExistingInstanceStates === 'AnyState') {
      return startInstance(engine, wakeups, { ...request, parent: null });
    }
    return platform.happens('doubleYes') ? { kind: 'started' } : { kind: 'conflict', status: 'Pending' };
  });
}
