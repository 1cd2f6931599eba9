import type { ContainerGroups } from '../aci/container-groups.ts';
import type { deleteContainerGroupResource } from '../contracts/deletion.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import { logThrottling } from '../aci/log-throttling.ts';

/** Deletes the resource of one incarnation in ARM. */
export function deleteContainerGroupResourceActivity(
  containerGroups: ContainerGroups,
): ActivityHandler<typeof deleteContainerGroupResource> {
  return async (group, { log }) => logThrottling(await containerGroups.delete(group), group.containerGroupName, log);
}
