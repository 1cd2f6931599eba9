import type { ContainerGroups } from '../aci/container-groups.ts';
import { logThrottling } from '../aci/log-throttling.ts';
import type { tagContainerGroup } from '../contracts/reconciliation.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Gives a resource of ours the tags that say whose it is and what the group was created with. */
export function tagContainerGroupActivity(
  containerGroups: Pick<ContainerGroups, 'tag'>,
): ActivityHandler<typeof tagContainerGroup> {
  return async (group, { log }) => logThrottling(await containerGroups.tag(group), group.containerGroupName, log);
}
