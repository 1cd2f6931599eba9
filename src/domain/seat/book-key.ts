import type { ContainerGroup } from '../group/container-group.ts';

/** The fleet of the groups that name none. */
export const DEFAULT_FLEET = 'default';

/** The label by which a group names its fleet. */
export const FLEET_LABEL = 'fleet';

/** The fleet of a group; a label without a name is as good as none. */
export function fleetOf({ labels }: Pick<ContainerGroup, 'labels'>): string {
  return labels?.[FLEET_LABEL] || DEFAULT_FLEET;
}

/** Longer names would not fit into the key of an entity. */
export const MAX_FLEET_LENGTH = 63;

/**
 * The key of the entity that sells the seats of a fleet; undefined for one whose name is too long, or empty, of which no seats are sold. Every character that a row
 * of a table or a URL would not take is written as its number (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
 */
export function bookKey(fleet: string): string | undefined {
  return fleet === '' || fleet.length > MAX_FLEET_LENGTH
    ? undefined
    : fleet.replaceAll(/[^a-z0-9-]/gu, (each) => `_${each.codePointAt(0)?.toString(36)}_`);
}
