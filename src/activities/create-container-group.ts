import type { ContainerGroups } from '../aci/container-groups.ts';
import type { ContainerGroupSpec } from '../domain/spec/container-group-spec.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { createContainerGroup } from '../contracts/provisioning.ts';
import type { Failure } from '../domain/failure.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { logThrottling } from '../aci/log-throttling.ts';

/** Opens a spec's sealed secrets for the group that they were sealed for. */
export type UnsealSpec = (
  spec: ContainerGroupSpec,
  owner: string,
) => { ok: true; spec: ContainerGroupSpec } | { ok: false; failure: Failure };

/** Asks ARM to create the group of one incarnation, unless it is there already; the only place where secrets are opened. */
export function createContainerGroupActivity(
  containerGroups: ContainerGroups,
  unsealSpec: UnsealSpec,
): ActivityHandler<typeof createContainerGroup> {
  return async ({ spec, ...group }, { log }) => {
    const unsealed = unsealSpec(spec, groupKey(group));
    if (!unsealed.ok) {
      return unsealed;
    }
    const answer = await containerGroups.create(group, unsealed.spec);
    const result = logThrottling(answer, group.containerGroupName, log);
    return result.ok ? { ok: true } : result;
  };
}
