import type { ContainerGroups } from '../aci/container-groups.ts';
import { logThrottling } from '../aci/log-throttling.ts';
import { containerGroupEntity } from '../contracts/container-group.ts';
import { deleteContainerGroup } from '../contracts/deletion.ts';
import { provisionContainerGroup } from '../contracts/provisioning.ts';
import type { lookAgain } from '../contracts/reconciliation.ts';
import type { Failure } from '../domain/failure.ts';
import { deleteInstanceId, groupKey, provisionInstanceId } from '../domain/group/group-id.ts';
import type { Held } from '../domain/reconcile/difference.ts';
import {
  settle,
  type OrphanPolicy,
  type SecondLook,
  type Settlement,
  type SettlingViewpoint,
  type Suspect,
} from '../domain/reconcile/settlement.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

/** Looks at once: ARM gives 250 reads, and 25 a second more, to all that reads. */
const PARALLEL_LOOKS = 8;

/** What a second look goes by. */
export interface LookAgainSettings extends Pick<SettlingViewpoint, 'tokenDigestOf'> {
  now: () => number;
  failedCreationRetentionMs: number;
  owner?: string;
  orphanPolicy: OrphanPolicy;
}

/** Looks again at each suspect, in ARM and in the store, and decides what is done about it. One that can't be looked at keeps none of the others. */
export function lookAgainActivity(
  containerGroups: Pick<ContainerGroups, 'examine'>,
  { now, ...settings }: LookAgainSettings,
): ActivityHandler<typeof lookAgain> {
  return async ({ suspects }, { client, log }) => {
    const settlements: Settlement[] = [];
    const failed: (Suspect & { failure: Failure })[] = [];
    for (let index = 0; index < suspects.length; index += PARALLEL_LOOKS) {
      const some = suspects.slice(index, index + PARALLEL_LOOKS);
      const looks = await Promise.all(some.map(async (suspect) => look(suspect, client, containerGroups, log)));
      for (const [position, suspect] of some.entries()) {
        const seen = looks[position];
        if (seen?.ok === true) {
          settlements.push(...settle(suspect, seen.look, { at: toInstant(now()), ...settings }));
        } else if (seen !== undefined) {
          failed.push({ ...suspect, failure: seen.failure });
        }
      }
    }
    return { settlements, failed };
  };
}

async function look(
  suspect: Suspect,
  client: DurableClient,
  containerGroups: Pick<ContainerGroups, 'examine'>,
  log: (message: string) => void,
): Promise<{ ok: true; look: SecondLook } | { ok: false; failure: Failure }> {
  const { resourceGroup, containerGroupName } = suspect;
  const id = { resourceGroup, containerGroupName };
  const key = groupKey(id);
  try {
    // The store is read after ARM: who has created the name since says so there before ARM hears of it.
    const examined = logThrottling(await containerGroups.examine(id), containerGroupName, log);
    if (!examined.ok) {
      return examined;
    }
    const [stored, provisioning, deletion] = await Promise.all([
      client.readAny(containerGroupEntity, key),
      client.status(provisionContainerGroup, provisionInstanceId(key)),
      client.status(deleteContainerGroup, deleteInstanceId(key)),
    ]);
    const held: Held | undefined =
      stored && (stored.is === 'known' ? { is: 'known', group: stored.state } : { is: 'unknown' });
    const provisioningEnd = provisioning?.isFinished
      ? { at: provisioning.lastUpdatedTime, isOrderly: provisioning.runtimeStatus === 'Completed' }
      : undefined;
    const isUnderWay = provisioning?.isFinished === false || deletion?.isFinished === false;
    const { resource, observation } = { resource: undefined, observation: undefined, ...examined.found };
    return { ok: true, look: { held, resource, observation, provisioningEnd, isUnderWay } };
  } catch (error) {
    const message = `The second look broke: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown cause'}`;
    return { ok: false, failure: { code: 'internal', message } };
  }
}
