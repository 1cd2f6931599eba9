import type { z } from 'zod';
import type { ContainerGroups } from '../aci/container-groups.ts';
import { logThrottling } from '../aci/log-throttling.ts';
import { containerGroupEntity } from '../contracts/container-group.ts';
import type { compareResourceGroup } from '../contracts/reconciliation.ts';
import { defined } from '../domain/defined.ts';
import { MAX_LISTED } from '../domain/first-of.ts';
import type { Failed } from '../domain/failure.ts';
import { groupIdOfKey, groupKey } from '../domain/group/group-id.ts';
import { readOwnTags } from '../domain/group/own-tags.ts';
import { compare, isExpected, type Held, type Pair, type Viewpoint } from '../domain/reconcile/difference.ts';
import { HELD_BACK_RECONCILIATIONS, isMassAbsence } from '../domain/reconcile/mass-absence.ts';
import type { Drift, Orphan } from '../domain/reconcile/reconciling.ts';
import type { SeenResource } from '../domain/reconcile/seen-resource.ts';
import type { OrphanPolicy, Suspect } from '../domain/reconcile/settlement.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

/** Groups read at once; with their states about 200 KB. */
const PAGE_SIZE = 100;

/** Differences that a turn settles: each is a step or two of a history. */
export const MAX_SUSPECTS = 50;

/** What a comparison goes by. */
export interface ComparisonSettings {
  now: () => number;
  failedCreationRetentionMs: number;
  /** Undefined: no resource without an entity is ours. */
  owner?: string;
  orphanPolicy: OrphanPolicy;
}

type Comparison = Omit<Extract<z.infer<typeof compareResourceGroup.output>, { found: 'comparison' }>, 'found'>;

/**
 * Compares a resource group. What ARM lists of it is held whole, about a kilobyte for each resource, while the entities pass by in pages: neither
 * is sorted, and a half of a list would make ghosts.
 */
export function compareResourceGroupActivity(
  containerGroups: Pick<ContainerGroups, 'list'>,
  settings: ComparisonSettings,
): ActivityHandler<typeof compareResourceGroup> {
  return async ({ resourceGroup, afterName, timesHeldBack }, { client, log }) => {
    const listed = await listAll(containerGroups, resourceGroup);
    if (!listed.ok) {
      const { failure, retryAfterMs } = logThrottling(listed, resourceGroup, log);
      return { found: 'failure', failure, ...defined({ retryAfterMs }) };
    }
    const { now, failedCreationRetentionMs, owner, orphanPolicy } = settings;
    const viewpoint = { at: toInstant(now()), failedCreationRetentionMs, ...defined({ owner }) };
    const comparison = createComparison(resourceGroup, viewpoint, orphanPolicy);
    await pairUp(resourceGroup, listed.resources, client, comparison.take);
    return { found: 'comparison', ...comparison.result(afterName, timesHeldBack) };
  };
}

/** Every page of ARM's list, or none: a page that is missing would look as if its resources were gone. */
async function listAll(
  containerGroups: Pick<ContainerGroups, 'list'>,
  resourceGroup: string,
): Promise<{ ok: true; resources: Map<string, SeenResource> } | Failed> {
  const resources = new Map<string, SeenResource>();
  let page: string | undefined;
  do {
    const listed = await containerGroups.list(resourceGroup, page);
    if (!listed.ok) {
      return listed;
    }
    for (const resource of listed.resources) {
      resources.set(groupKey(resource), resource);
    }
    page = listed.nextPage;
  } while (page !== undefined);
  return { ok: true, resources };
}

/** Hands on each name of the resource group once, with what the store and ARM have under it. */
async function pairUp(
  resourceGroup: string,
  resources: ReadonlyMap<string, SeenResource>,
  client: DurableClient,
  take: (key: string, pair: Pair) => void,
): Promise<void> {
  const prefix = groupKey({ resourceGroup, containerGroupName: '' });
  const taken = new Set<string>();
  const heldIncarnations = new Set<string>();
  const takeHeld = (key: string, held: Held): void => {
    if (key.startsWith(prefix) && !taken.has(key)) {
      taken.add(key);
      take(key, { held, resource: resources.get(key) });
    }
  };
  let continuationToken: string | undefined;
  do {
    const page = await client.query(containerGroupEntity, { limit: PAGE_SIZE, ...defined({ continuationToken }) });
    for (const { key, state } of page.entities) {
      heldIncarnations.add(state.incarnation);
      takeHeld(key, { is: 'known', group: state });
    }
    for (const key of [...page.newer.map((each) => each.key), ...page.unreadableKeys]) {
      takeHeld(key, { is: 'unknown' });
    }
    ({ continuationToken } = { continuationToken: undefined, ...page });
  } while (continuationToken !== undefined);
  for (const [key, resource] of resources) {
    if (!taken.has(key)) {
      const { incarnation } = readOwnTags(resource.tags.own);
      const isCopy = incarnation !== undefined && heldIncarnations.has(incarnation);
      take(key, { held: undefined, resource, isCopy });
    }
  }
}

/** Compares pair after pair, and keeps what is to be told of them. */
function createComparison(resourceGroup: string, viewpoint: Viewpoint, orphanPolicy: OrphanPolicy) {
  const counts = { comparedCount: 0, foreignCount: 0, orphanCount: 0, driftCount: 0 };
  const absent = new Set<string>();
  let expectedCount = 0;
  const orphans: Orphan[] = [];
  const drifted: Drift[] = [];
  const different = new Map<string, Suspect>();
  return {
    take(key: string, pair: Pair): void {
      const { containerGroupName } = pair.held?.is === 'known' ? pair.held.group : (pair.resource ?? groupIdOfKey(key));
      const id = { resourceGroup, containerGroupName };
      const compared = compare(pair, viewpoint);
      counts.comparedCount += 1;
      if (isExpected(pair.held, viewpoint)) {
        expectedCount += 1;
        // Another creation in its place is no better than none: Azure may have been asked in another subscription.
        if (compared.is === 'different' && compared.kinds.includes('ghost')) absent.add(key);
      }
      switch (compared.is) {
        case 'same':
          return;
        case 'foreign':
          counts.foreignCount += 1;
          return;
        case 'foreignOwner':
          counts.driftCount += 1;
          keep(drifted, { ...id, what: 'foreignOwner' });
          return;
        case 'unclaimed':
          counts.orphanCount += 1;
          keep(orphans, { ...id, became: 'reported', reason: compared.reason });
          return;
        case 'different':
          // An orphan has no other difference, and a report needs no second look.
          if (orphanPolicy === 'report' && compared.kinds.includes('orphan')) {
            counts.orphanCount += 1;
            keep(orphans, { ...id, became: 'reported', reason: 'policy' });
            return;
          }
          different.set(key, { ...id, incarnation: compared.incarnation, kinds: compared.kinds });
      }
    },
    result(afterName: string | undefined, timesHeldBack: number): Comparison {
      const absence = { absentCount: absent.size, expectedCount };
      const isHeldBack = isMassAbsence(absence) && timesHeldBack < HELD_BACK_RECONCILIATIONS;
      const isLeft = (key: string): boolean =>
        (afterName === undefined || key > afterName) && !(isHeldBack && absent.has(key));
      const left = [...different].filter(([key]) => isLeft(key));
      const suspects = left.toSorted(([one], [other]) => (one < other ? -1 : 1)).slice(0, MAX_SUSPECTS);
      const last = left.length > suspects.length ? suspects.at(-1)?.[0] : undefined;
      const shown = { ...counts, orphans, drifted, suspects: suspects.map(([, suspect]) => suspect) };
      return { ...shown, ...(isHeldBack && { heldBack: absence }), ...defined({ afterName: last }) };
    },
  };
}

function keep<Item>(list: Item[], item: Item): void {
  if (list.length < MAX_LISTED) {
    list.push(item);
  }
}
