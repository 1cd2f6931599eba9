import { containerGroupEntity } from '../contracts/container-group.ts';
import { deleteInstanceId, provisionInstanceId } from '../domain/group/group-id.ts';
import { DEAD_ROW_REST_MS, isAtRest, LOOK_GOOD_FOR_MS } from '../domain/sweep/at-rest.ts';
import { toInstant } from '../domain/time.ts';
import type { DurableClient } from '../durable/durable-client.ts';
import { purgePages } from './purge-pages.ts';

/**
 * Removes the rows that deleted groups leave in the backend, where every list of groups reads them. A name may come back at any moment, and a
 * purge would take the new group with it: docs/decisions/dead-rows.md says what keeps the two apart.
 */
export function purgeDeadRows(
  client: DurableClient,
  { now, log }: { now: () => number; log: (message: string) => void },
): Promise<void> {
  return purgePages({
    what: 'rows of deleted groups',
    log,
    now,
    readPage: (page) => client.entityRows(containerGroupEntity, page),
    isCandidate: (row, at) => isAtRest([row], at, DEAD_ROW_REST_MS),
    purge: ({ key }) => purgeDeadRow(client, key, now),
  });
}

/** Only a provisioning creates a group, so that none can appear while none runs: what is looked at here, and at once acted upon. */
async function purgeDeadRow(client: DurableClient, key: string, now: () => number): Promise<boolean> {
  const lookedAtMs = now();
  const [row, provisioning, deletion] = await Promise.all([
    client.entityRow(containerGroupEntity, key),
    client.row(provisionInstanceId(key)),
    client.row(deleteInstanceId(key)),
  ]);
  const isFree = row !== undefined && isAtRest([row, provisioning, deletion], toInstant(lookedAtMs), DEAD_ROW_REST_MS);
  return isFree && now() - lookedAtMs < LOOK_GOOD_FOR_MS && client.purgeEntityRow(containerGroupEntity, key);
}
