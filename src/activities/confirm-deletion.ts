import { containerGroupEntity } from '../contracts/container-group.ts';
import type { confirmDeletion } from '../contracts/deletion.ts';
import { isBeingDeleted } from '../domain/group/container-group.ts';
import { groupKey } from '../domain/group/group-id.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Reads the state that the entity has committed; there is no way back from a deletion that stands in it. */
export const confirmDeletionActivity: ActivityHandler<typeof confirmDeletion> = async (
  { incarnation, ...id },
  { client },
) => {
  const group = await client.read(containerGroupEntity, groupKey(id));
  return { isBegun: group !== undefined && group.incarnation === incarnation && isBeingDeleted(group) };
};
