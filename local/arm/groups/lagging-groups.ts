import type { Clock } from '../../clock/clock.ts';
import type { Incidents } from '../faults/incidents.ts';
import type { ArmDatabase } from '../server/arm-database.ts';
import { containerGroupKey } from './container-group.ts';
import { type ContainerGroupStore, pageOf } from './container-group-store.ts';

/**
 * Lets lists show the groups as they were a while ago, as those from one of Resource Manager's caches do (Azure/AKS 1964). While an
 * incident `listsLag` is on or to come, what a group was before each change is kept for as long as lists may lag. It is kept by this process
 * alone: after a restart, lists show what is until something changes.
 */
export function createLaggingGroups(
  groups: ContainerGroupStore,
  { sqlite }: ArmDatabase,
  { clock, incidents }: { clock: Clock; incidents: Incidents },
): ContainerGroupStore {
  sqlite.exec(`
    PRAGMA temp_store = MEMORY;
    CREATE TEMP TABLE group_changes (
      number INTEGER PRIMARY KEY, key TEXT NOT NULL, at_ms INTEGER NOT NULL, sequence INTEGER, resource_group TEXT, document TEXT
    ) STRICT;
    CREATE INDEX temp.group_changes_by_key ON group_changes (key, number);`);
  const keepBefore = sqlite.prepare(`
    INSERT INTO group_changes (key, at_ms, sequence, resource_group, document)
    SELECT key, ?, sequence, resource_group, document FROM container_groups WHERE key = ?`);
  const keepAbsence = sqlite.prepare('INSERT INTO group_changes (key, at_ms) VALUES (?, ?)');
  const forget = sqlite.prepare('DELETE FROM group_changes WHERE at_ms <= ?');
  // A bare column beside min() has the value of the row with the least (sqlite.org/lang_select.html#bareagg).
  const list = sqlite.prepare(`
    WITH undone AS (
      SELECT key, sequence, resource_group, document, min(number) FROM group_changes WHERE at_ms > ? GROUP BY key
    )
    SELECT sequence, document FROM (
      SELECT sequence, resource_group, document FROM container_groups WHERE key NOT IN (SELECT key FROM undone)
      UNION ALL SELECT sequence, resource_group, document FROM undone WHERE document IS NOT NULL
    ) WHERE sequence > ? AND (? IS NULL OR resource_group = ?) ORDER BY sequence LIMIT ?`);
  return {
    ...groups,
    save: (group) => {
      keepChange(group);
      groups.save(group);
    },
    remove: (group) => {
      keepChange(group);
      groups.remove(group);
    },
    list: (filter) => {
      const { asOfMs, resourceGroup, after, limit } = filter;
      if (asOfMs === undefined) return groups.list(filter);
      const within = resourceGroup?.toLowerCase() ?? null;
      return pageOf(list.all(asOfMs, after, within, within, limit + 1), limit);
    },
  };

  function keepChange({ resourceGroup, name }: { resourceGroup: string; name: string }): void {
    const nowMs = clock.now();
    const lags = incidents.ofKind('listsLag').filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs);
    if (lags.length === 0) return;
    forget.run(nowMs - Math.max(...lags.map(({ incident }) => incident.lagSeconds)) * 1000);
    const key = containerGroupKey(resourceGroup, name);
    if (keepBefore.run(nowMs, key).changes === 0) keepAbsence.run(key, nowMs);
  }
}
