import { containerGroupEntity } from '../contracts/container-group.ts';
import type { enforceLimits } from '../contracts/garbage-collection.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Tells the entities of groups that have passed a limit; each decides by what it knows then. */
export function enforceLimitsActivity({ now }: { now: () => number }): ActivityHandler<typeof enforceLimits> {
  return async ({ groups, cause }, { client }) => {
    const at = toInstant(now());
    await Promise.all(
      groups.map(({ incarnation, ...id }) =>
        client.signal(containerGroupEntity, groupKey(id), 'enforceLimits', { at, incarnation, cause }),
      ),
    );
    return {};
  };
}
