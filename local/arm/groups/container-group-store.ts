import type { SQLOutputValue } from 'node:sqlite';
import type { ArmDatabase } from '../server/arm-database.ts';
import { type ContainerGroup, containerGroupKey, requestedResources } from './container-group.ts';

/** Where a page of a list ends. */
export interface Page {
  groups: ContainerGroup[];
  /** The sequence after which the next page begins; absent on the last one. */
  nextAfter?: number;
}

/** Which groups a list shows. */
export interface ListFilter {
  resourceGroup?: string | undefined;
  /** The sequence after which it begins. */
  after: number;
  limit: number;
  /** The time of what is shown, as far as it is known; now when absent. */
  asOfMs?: number | undefined;
}

/** The container groups that exist, found by name without regard to case. */
export interface ContainerGroupStore {
  find(resourceGroup: string, name: string): ContainerGroup | undefined;
  /** Adds a group, or replaces the one of the same name. */
  save(group: ContainerGroup): void;
  remove(group: ContainerGroup): void;
  /** Groups in the order of their creation, of one resource group or of all. */
  list(filter: ListFilter): Page;
  all(): ContainerGroup[];
  /** Those to which an incident is about to do something. */
  withIncidentSteps(): ContainerGroup[];
  /** What a region holds, apart from one group if that is given. */
  usage(location: string, except?: ContainerGroup): { containerGroups: number; standardCores: number };
  hasFqdn(fqdn: string, except?: ContainerGroup): boolean;
  /** Groups to which something happens at `nowMs` or before. */
  due(nowMs: number): ContainerGroup[];
  nextDueMs(): number | undefined;
}

/** Keeps container groups in the emulator's database. */
export function createContainerGroupStore({ sqlite }: ArmDatabase): ContainerGroupStore {
  const find = sqlite.prepare('SELECT document FROM container_groups WHERE key = ?');
  const save = sqlite.prepare(`
    INSERT INTO container_groups (key, resource_group, location, cores, fqdn, due_ms, document) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET location = excluded.location, cores = excluded.cores, fqdn = excluded.fqdn,
      due_ms = excluded.due_ms, document = excluded.document`);
  const remove = sqlite.prepare('DELETE FROM container_groups WHERE key = ?');
  const list = sqlite.prepare(`
    SELECT sequence, document FROM container_groups
    WHERE sequence > ? AND (? IS NULL OR resource_group = ?) ORDER BY sequence LIMIT ?`);
  const all = sqlite.prepare('SELECT document FROM container_groups ORDER BY sequence');
  const withIncidentSteps = sqlite.prepare(
    `SELECT document FROM container_groups WHERE instr(document, '"isIncident":true') > 0 ORDER BY sequence`,
  );
  const usage = sqlite.prepare(
    'SELECT count(*) AS count, total(cores) AS cores FROM container_groups WHERE location = ? AND key <> ?',
  );
  const byFqdn = sqlite.prepare('SELECT 1 FROM container_groups WHERE fqdn = ? AND key <> ?');
  const due = sqlite.prepare('SELECT document FROM container_groups WHERE due_ms <= ? ORDER BY due_ms, sequence');
  const nextDue = sqlite.prepare('SELECT min(due_ms) AS due FROM container_groups WHERE due_ms IS NOT NULL');
  return {
    find: (resourceGroup, name) => {
      const row = find.get(containerGroupKey(resourceGroup, name));
      return row && parseGroup(row);
    },
    save: (group) =>
      void save.run(
        keyOf(group),
        group.resourceGroup.toLowerCase(),
        group.location,
        requestedResources(group.properties).cpu,
        group.fqdn ?? null,
        group.steps[0]?.atMs ?? null,
        JSON.stringify(group),
      ),
    remove: (group) => void remove.run(keyOf(group)),
    list: ({ resourceGroup, after, limit }) => {
      const filter = resourceGroup?.toLowerCase() ?? null;
      return pageOf(list.all(after, filter, filter, limit + 1), limit);
    },
    all: () => all.all().map(parseGroup),
    withIncidentSteps: () => withIncidentSteps.all().map(parseGroup),
    usage: (location, except) => {
      const row = usage.get(location, except ? keyOf(except) : '');
      return { containerGroups: Number(row?.['count']), standardCores: Number(row?.['cores']) };
    },
    hasFqdn: (fqdn, except) => byFqdn.get(fqdn, except ? keyOf(except) : '') !== undefined,
    due: (nowMs) => due.all(nowMs).map(parseGroup),
    nextDueMs: () => {
      const dueMs = nextDue.get()?.['due'];
      return typeof dueMs === 'number' ? dueMs : undefined;
    },
  };
}

/** Makes a page of the rows that were read for it: as many as it may have, and one more if there are. */
export function pageOf(rows: Record<string, SQLOutputValue>[], limit: number): Page {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.['sequence'];
  const groups = shown.map(parseGroup);
  return rows.length > limit && typeof last === 'number' ? { groups, nextAfter: last } : { groups };
}

function keyOf(group: ContainerGroup): string {
  return containerGroupKey(group.resourceGroup, group.name);
}

function parseGroup(row: Record<string, SQLOutputValue>): ContainerGroup {
  // oxlint-disable-next-line no-unsafe-type-assertion -- only `save` writes the column
  return JSON.parse(String(row['document'])) as ContainerGroup;
}
