import { containerGroupEntity } from '../contracts/container-group.ts';
import type { attendSlowCreations } from '../contracts/garbage-collection.ts';
import { provisionContainerGroup, resourceChanged } from '../contracts/provisioning.ts';
import { groupKey, provisionInstanceId } from '../domain/group/group-id.ts';
import { liesStill, type CreationPace } from '../domain/group/slow-creation.ts';
import { toInstant, type Instant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

/**
 * Looks after creations that take long: wakes a provisioning that lies still, and tells the entity of a group that is past its
 * deadline, whatever became of the provisioning. The entity decides, and knows how long it has been told so.
 */
export function attendSlowCreationsActivity(
  settings: CreationPace & { now: () => number },
): ActivityHandler<typeof attendSlowCreations> {
  return async ({ groups, cause }, { client }) => {
    const at = toInstant(settings.now());
    await Promise.all(
      groups.map(async ({ incarnation, isOverdue, ...id }) => {
        await wakeIfStill(provisionInstanceId(groupKey(id)), client, at, settings);
        if (isOverdue) {
          const deadlineMs = settings.provisioningDeadlineMs;
          await client.signal(containerGroupEntity, groupKey(id), 'enforceDeadline', {
            at,
            incarnation,
            deadlineMs,
            cause,
          });
        }
      }),
    );
    return {};
  };
}

async function wakeIfStill(
  instanceId: string,
  client: DurableClient,
  at: Instant,
  { pollIntervalMs }: CreationPace,
): Promise<void> {
  const instance = await client.status(provisionContainerGroup, instanceId);
  // A suspended one keeps every event until it is resumed.
  const isAwake = instance !== undefined && !instance.isFinished && instance.runtimeStatus !== 'Suspended';
  if (isAwake && liesStill(instance.lastUpdatedTime, at, pollIntervalMs)) {
    await client.raise(resourceChanged, instanceId, {});
  }
}
