import type { ContainerGroups } from '../aci/container-groups.ts';
import type { createContainerGroup } from '../contracts/provisioning.ts';
import type { ActivityHandler } from '../contracts/durable-api.ts';

/** Asks ARM to create the group of one incarnation, unless it is there already. */
export function createContainerGroupActivity(
  containerGroups: ContainerGroups,
): ActivityHandler<typeof createContainerGroup> {
  return async ({ spec, ...group }) => {
    const result = await containerGroups.create(group, spec);
    return result.ok ? { ok: true } : result;
  };
}
