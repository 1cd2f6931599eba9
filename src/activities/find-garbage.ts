import { containerGroupEntity } from '../contracts/container-group.ts';
import type { findGarbage } from '../contracts/garbage-collection.ts';
import { defined } from '../domain/defined.ts';
import type { ContainerGroup } from '../domain/group/container-group.ts';
import { isGarbage, type SweepPatience } from '../domain/sweep/garbage.ts';
import { groupIdOfKey } from '../domain/group/group-id.ts';
import { passedLimit } from '../domain/group/group-limits.ts';
import { isOverdue, isSlow, type CreationPace } from '../domain/group/slow-creation.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Groups read at once; with their states about 200 KB. */
const PAGE_SIZE = 100;

/** How often is swept, how fast, how long what may still matter protects a group, and from when a creation is slow. */
export interface SweepSettings extends SweepPatience, CreationPace {
  sweepIntervalMs: number;
  deletionsPerFiveMinutes: number;
  now: () => number;
}

/** Reads one page of groups and picks what a sweep would delete. */
export function findGarbageActivity(settings: SweepSettings): ActivityHandler<typeof findGarbage> {
  return async ({ continuationToken }, { client }) => {
    const page = await client.query(containerGroupEntity, { limit: PAGE_SIZE, ...defined({ continuationToken }) });
    const at = toInstant(settings.now());
    const groups = page.entities.map(({ state }) => state);
    const slow = groups
      .filter((group) => isSlow(group, at, settings))
      .map((group) => ({ ...identityOf(group), isOverdue: isOverdue(group, at, settings.provisioningDeadlineMs) }));
    const passed = groups.filter((group) => passedLimit(group, at) !== undefined).map(identityOf);
    const garbage = groups.filter((group) => isGarbage(group, at, settings)).map(identityOf);
    return {
      garbage,
      keptCount: page.entities.length - garbage.length,
      unreadable: page.unreadableKeys.map(groupIdOfKey),
      ...(slow.length === 0 ? {} : { slow }),
      ...(passed.length === 0 ? {} : { passed }),
      ...(page.newer.length === 0 ? {} : { newer: page.newer.map(({ key }) => groupIdOfKey(key)) }),
      sweepIntervalMs: settings.sweepIntervalMs,
      deletionsPerFiveMinutes: settings.deletionsPerFiveMinutes,
      ...defined({ continuationToken: page.continuationToken }),
    };
  };
}

function identityOf({ resourceGroup, containerGroupName, incarnation }: ContainerGroup) {
  return { resourceGroup, containerGroupName, incarnation };
}
