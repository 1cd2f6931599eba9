import { deleteContainerGroup } from '../contracts/deletion.ts';
import type { startDeletions } from '../contracts/garbage-collection.ts';
import { deleteInstanceId, groupKey } from '../domain/group/group-id.ts';
import type { SweepPatience } from '../domain/sweep/garbage.ts';
import type { ActivityHandler } from '../durable/activity.ts';

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
  return async ({ groups, cause }, { client }) => {
    const waitPolicy = { pollIntervalMs: settings.pollIntervalMs, deadlineMs: settings.provisioningDeadlineMs };
    const { sessionsStaleAfterMs, failedCreationRetentionMs } = settings;
    await Promise.all(
      groups.map((group) =>
        client.start(deleteContainerGroup, deleteInstanceId(groupKey(group)), {
          ...group,
          mode: 'graceful',
          sessionsStaleAfterMs,
          failedCreationRetentionMs,
          cause,
          waitPolicy,
        }),
      ),
    );
    return {};
  };
}
