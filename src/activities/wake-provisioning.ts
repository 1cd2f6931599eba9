import type { wakeProvisioning } from '../contracts/deletion.ts';
import { provisionContainerGroup, resourceChanged } from '../contracts/provisioning.ts';
import { groupKey, provisionInstanceId } from '../domain/group/group-id.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Raises the event that a provisioning waits for, so that it looks at its entity again; a suspended one would only keep it. */
export const wakeProvisioningActivity: ActivityHandler<typeof wakeProvisioning> = async (id, { client }) => {
  const instanceId = provisionInstanceId(groupKey(id));
  const instance = await client.status(provisionContainerGroup, instanceId);
  if (instance === undefined) {
    return { running: false };
  }
  if (instance.isFinished) {
    return {
      running: false,
      ended: { at: instance.lastUpdatedTime, isOrderly: instance.runtimeStatus === 'Completed' },
    };
  }
  if (instance.runtimeStatus !== 'Suspended') {
    await client.raise(resourceChanged, instanceId, {});
  }
  return { running: true };
};
