import type { ContainerGroups } from '../aci/container-groups.ts';
import type { readContainerGroup } from '../contracts/provisioning.ts';
import type { ActivityHandler } from '../contracts/durable-api.ts';

/** Looks at the resource in ARM. */
export function readContainerGroupActivity(
  containerGroups: ContainerGroups,
): ActivityHandler<typeof readContainerGroup> {
  return (id) => containerGroups.observe(id);
}
