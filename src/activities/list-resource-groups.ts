import { containerGroupEntity } from '../contracts/container-group.ts';
import type { listResourceGroups } from '../contracts/reconciliation.ts';
import { defined } from '../domain/defined.ts';
import { groupIdOfKey } from '../domain/group/group-id.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Keys alone are small. */
const KEYS_PAGE_SIZE = 1_000;

/**
 * Resource groups that a reconciliation carries in its input: some twenty kilobytes at the most, since a name has ninety characters. A subscription
 * has 980 (https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits), for which the keys are read five times.
 */
export const MAX_RESOURCE_GROUPS = 200;

/** Where groups are looked for, and how often. */
export interface ListingSettings {
  reconcileIntervalMs: number;
  /** Undefined: only where there are groups. */
  resourceGroups: readonly string[] | undefined;
}

/** The next resource groups of those that the settings name and those in which there are groups, in the order of their names in lower case. */
export function listResourceGroupsActivity({
  reconcileIntervalMs,
  resourceGroups: named = [],
}: ListingSettings): ActivityHandler<typeof listResourceGroups> {
  return async ({ after }, { client }) => {
    const known = new Map(named.map((name) => [name.toLowerCase(), name]));
    let continuationToken: string | undefined;
    do {
      const limit = KEYS_PAGE_SIZE;
      const page = await client.keys(containerGroupEntity, { limit, ...defined({ continuationToken }) });
      for (const { resourceGroup } of page.keys.map(groupIdOfKey)) {
        known.set(resourceGroup, known.get(resourceGroup) ?? resourceGroup);
      }
      ({ continuationToken } = { continuationToken: undefined, ...page });
    } while (continuationToken !== undefined);
    const left = [...known].filter(([key]) => after === undefined || key > after);
    const next = left.toSorted(([one], [other]) => (one < other ? -1 : 1)).slice(0, MAX_RESOURCE_GROUPS);
    const moreAfter = left.length > next.length ? next.at(-1)?.[0] : undefined;
    return { resourceGroups: next.map(([, name]) => name), reconcileIntervalMs, ...defined({ moreAfter }) };
  };
}
