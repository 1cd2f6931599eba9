import { z } from 'zod';

/** A container group as Azure names it; both names keep the letter case they were given in. */
export const groupIdSchema = z.object({ resourceGroup: z.string(), containerGroupName: z.string() });
export type GroupId = z.infer<typeof groupIdSchema>;

/**
 * The entity key of a group, `<resource group>:<name>` in lower case: Azure compares both without regard to case
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules), and neither can hold a colon.
 */
export function groupKey(id: GroupId): string {
  return `${id.resourceGroup}:${id.containerGroupName}`.toLowerCase();
}

/** The names of a group by its entity key, in lower case. */
export function groupIdOfKey(key: string): GroupId {
  const [resourceGroup = '', containerGroupName = ''] = key.split(':');
  return { resourceGroup, containerGroupName };
}

/** The only instance that may provision this group. */
export function provisionInstanceId(key: string): string {
  return `provision:${key}`;
}

/** The only instance that may delete this group. */
export function deleteInstanceId(key: string): string {
  return `delete:${key}`;
}

/** The memory of a keyed deletion, by a digest of the group's key and its own: an id has to do without the characters of a key. */
export function rememberedDeletionId(digest: string): string {
  return `deletion-key:${digest}`;
}

/** The one eternal sweep. */
export const COLLECT_GARBAGE_INSTANCE_ID = 'collect-garbage';

/** The one eternal reconciliation. */
export const RECONCILE_INSTANCE_ID = 'reconcile';

/** The one eternal inspection. */
export const INSPECT_INSTANCE_ID = 'inspect';
