import type { terminateProvisioning } from '../contracts/deletion.ts';
import { provisionContainerGroup } from '../contracts/provisioning.ts';
import { groupKey, provisionInstanceId } from '../domain/group/group-id.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Terminates the provisioning of this incarnation; one of another group of the name, or that can't be read, is left alone. */
export const terminateProvisioningActivity: ActivityHandler<typeof terminateProvisioning> = async (
  { incarnation, ...id },
  { client },
) => {
  const instanceId = provisionInstanceId(groupKey(id));
  const instance = await client.statusWithInput(provisionContainerGroup, instanceId);
  if (instance !== undefined && !instance.isFinished && instance.input?.incarnation === incarnation) {
    await client.terminate(instanceId, 'Its group is being deleted, and it did not end by itself.');
  }
  return {};
};
