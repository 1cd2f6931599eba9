import { deleteContainerGroup } from '../contracts/deletion.ts';
import type { readDeletions } from '../contracts/garbage-collection.ts';
import type { Collection } from '../domain/sweep/garbage.ts';
import { deleteInstanceId, groupKey, type GroupId } from '../domain/group/group-id.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

/** Tells how the deletions of a sweep ended, of those that have. */
export const readDeletionsActivity: ActivityHandler<typeof readDeletions> = async ({ groups }, { client }) => {
  const all = await Promise.all(groups.map((group) => readDeletion(group, client)));
  return { ended: all.filter((collection) => collection !== undefined) };
};

async function readDeletion(group: GroupId, client: DurableClient): Promise<Collection | undefined> {
  const instance = await client.status(deleteContainerGroup, deleteInstanceId(groupKey(group)));
  if (instance !== undefined && !instance.isFinished) {
    return undefined;
  }
  if (instance?.output !== undefined) {
    return instance.output.ok ? group : { ...group, failure: instance.output.failure };
  }
  const message = `The deletion ended as ${instance?.runtimeStatus ?? 'purged'}, without an outcome that this app can read; the next sweep tries again.`;
  return { ...group, failure: { code: 'internal', message } };
}
