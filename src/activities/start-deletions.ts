import { deleteContainerGroup } from '../contracts/deletion.ts';
import type { startDeletions } from '../contracts/garbage-collection.ts';
import { deleteInstanceId, groupKey } from '../domain/group/group-id.ts';
import type { SweepPatience } from '../domain/sweep/garbage.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

/** What a deletion needs to know of the settings; an orchestrator reads none. */
export interface DeletionSettings extends SweepPatience {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
}

/**
 * Starts the deletions that a sweep wants. They are instances of their own and no sub-orchestrations: one that is under way
 * already, by ACIDelete or by an earlier sweep, is simply left to it.
 */
export function startDeletionsActivity(settings: DeletionSettings): ActivityHandler<typeof startDeletions> {
  const waitPolicy = { pollIntervalMs: settings.pollIntervalMs, deadlineMs: settings.provisioningDeadlineMs };
  const { sessionsStaleAfterMs, failedCreationRetentionMs, failedRetentionMs } = settings;
  const patience: SweepPatience = { sessionsStaleAfterMs, failedCreationRetentionMs, failedRetentionMs };
  return async ({ groups, cause }, { client }) => {
    const begun = await Promise.all(
      groups.map(async (group) => {
        const input = { ...group, mode: 'graceful', ...patience, cause, waitPolicy } as const;
        const instanceId = deleteInstanceId(groupKey(group));
        const isStarted = (await client.start(deleteContainerGroup, instanceId, input)) === 'started';
        return { group, by: isStarted ? 'us' : await whose(group, cause, instanceId, client) };
      }),
    );
    const groupsOf = (by: Starter) => begun.filter((each) => each.by === by).map(({ group }) => group);
    const earlierUnderWay = groupsOf('an earlier group');
    return { alreadyUnderWay: groupsOf('others'), ...(earlierUnderWay.length > 0 && { earlierUnderWay }) };
  };
}

type Starter = 'us' | 'others' | 'an earlier group';

/** Whose deletion has the name. An activity may run twice, and then finds what it has started itself. */
async function whose(
  { incarnation }: { incarnation?: string },
  cause: string,
  instanceId: string,
  client: DurableClient,
): Promise<Starter> {
  const found = (await client.statusWithInput(deleteContainerGroup, instanceId))?.input;
  if (found?.incarnation !== undefined && incarnation !== undefined && found.incarnation !== incarnation) {
    return 'an earlier group';
  }
  return found?.cause === cause ? 'us' : 'others';
}
