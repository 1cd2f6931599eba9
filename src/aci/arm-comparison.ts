import {
  getContinuationToken,
  type ContainerGroup as ArmContainerGroup,
  type ContainerInstanceManagementClient,
} from '@azure/arm-containerinstance';
import { defined } from '../domain/defined.ts';
import type { Failure } from '../domain/failure.ts';
import type { GroupId } from '../domain/group/group-id.ts';
import { toInspectedResource } from './arm-inspection.ts';
import { hasTags, readOwnTags, sortTags } from '../domain/group/own-tags.ts';
import { toObservation, toSeenResource, withOwnTags } from './arm-model.ts';
import type { ContainerGroups } from './container-groups.ts';
import { expecting } from './expecting.ts';

/** What of ACI the comparison of the store with Azure, and the inspection of containers, need. */
export function createArmComparison(
  { containerGroups }: Pick<ContainerInstanceManagementClient, 'containerGroups'>,
  find: (id: GroupId) => Promise<ArmContainerGroup | undefined>,
  owner: string | undefined,
): Pick<ContainerGroups, 'list' | 'examine' | 'inspect' | 'tag'> {
  return {
    list: async (resourceGroup, page) => {
      const listed = await expecting(async () => {
        const pages = containerGroups.listByResourceGroup(resourceGroup).byPage(defined({ continuationToken: page }));
        const next = await pages.next();
        const found = next.done === true ? [] : next.value;
        const resources = found.map((each) => toSeenResource(resourceGroup, each));
        return { ok: true, resources, ...defined({ nextPage: getContinuationToken(found) }) };
      });
      const isGone = !listed.ok && listed.failure.code === 'resourceGroupNotFound';
      return isGone ? { ok: true, resources: [] } : listed;
    },

    examine: (id) =>
      expecting(async () => {
        const present = await find(id);
        if (present === undefined) {
          return { ok: true, found: undefined };
        }
        const observation = toObservation(present);
        return { ok: true, found: { resource: toSeenResource(id.resourceGroup, present), observation } };
      }),

    inspect: (id) =>
      expecting(async () => {
        const present = await find(id);
        return { ok: true, found: present && toInspectedResource(present) };
      }),

    tag: ({ resourceGroup, containerGroupName, ...facts }) =>
      expecting(async () => {
        const present = await find({ resourceGroup, containerGroupName });
        const told = readOwnTags(sortTags(present?.tags ?? {}).own);
        const isOurs = told.incarnation === facts.incarnation && (told.owner === undefined || told.owner === owner);
        if (present === undefined || !isOurs) {
          return { ok: true, tagged: false };
        }
        // ARM replaces all tags by those of a PATCH (Azure/azure-rest-api-specs, containerInstance.json, ContainerGroups_Update).
        const tags = withOwnTags(present.tags, { ...facts, ...defined({ owner }) });
        const updated = await containerGroups.update(resourceGroup, containerGroupName, { tags });
        const isKept = hasTags(sortTags(updated.tags ?? {}), sortTags(tags).own);
        return isKept ? { ok: true, tagged: true } : { ok: false, failure: notKept(containerGroupName) };
      }),
  };
}

/** A policy with the effect `modify` changes what is asked for (https://learn.microsoft.com/azure/governance/policy/concepts/effect-modify). */
function notKept(containerGroupName: string): Failure {
  const message = `Azure took the tags of ${containerGroupName} and shows others: an Azure policy changes them. See reconcile.md.`;
  return { code: 'tagsRefused', message };
}
