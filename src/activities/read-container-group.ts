import type { ContainerGroups } from '../aci/container-groups.ts';
import type { readContainerGroup } from '../contracts/provisioning.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import { logThrottling } from '../aci/log-throttling.ts';

/** Looks at the resource in ARM. */
export function readContainerGroupActivity(
  containerGroups: ContainerGroups,
): ActivityHandler<typeof readContainerGroup> {
  return async (id, { log }) => logThrottling(await containerGroups.observe(id), id.containerGroupName, log);
}
