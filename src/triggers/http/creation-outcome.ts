import type { HttpResponseInit } from '@azure/functions';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import type { Failure } from '../../domain/failure.ts';
import { groupKey, provisionInstanceId, type GroupId } from '../../domain/group/group-id.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { endedWithoutOutcome } from './accepted.ts';
import { poll } from './poll.ts';
import { problemResponse } from './problem.ts';

type Outcome = { ok: true; group: ListItem } | { ok: false; failure: Failure };

/** The answer once the creation of one incarnation has ended; undefined when it has not in time, or nothing tells of it any more. */
export async function creationOutcome(
  client: DurableClient,
  id: GroupId,
  incarnation: string,
  timeoutMs: number,
): Promise<HttpResponseInit | undefined> {
  const output = await poll(timeoutMs, () => findOutcome(client, id, incarnation));
  if (output === undefined || output === 'unknown') {
    return undefined;
  }
  return output.ok ? { status: 200, jsonBody: output.group } : problemResponse(output.failure);
}

async function findOutcome(
  client: DurableClient,
  id: GroupId,
  incarnation: string,
): Promise<Outcome | 'unknown' | undefined> {
  const instanceId = provisionInstanceId(groupKey(id));
  // Asked without its input, which holds the whole spec, until there is something to be told.
  const isFinished = (await client.status(provisionContainerGroup, instanceId))?.isFinished ?? true;
  if (!isFinished) {
    return undefined;
  }
  const instance = await client.statusWithInput(provisionContainerGroup, instanceId);
  const isOfIt = instance?.input?.incarnation === incarnation;
  if (isOfIt && !instance.isFinished) {
    return undefined;
  }
  if (isOfIt && instance.output?.ok !== true) {
    return instance.output ?? { ok: false, failure: endedWithoutOutcome(instance) };
  }
  // The group of a creation that ended well may have been deleted since. And a creation that came too late has taken the place of the one
  // that made the group, and only the group tells of that one.
  const group = await client.read(containerGroupEntity, groupKey(id));
  if (group?.incarnation !== incarnation) {
    return 'unknown';
  }
  // The orchestration's own word for it is an answer of the entity, which can leave before the state is committed.
  if (group.state === 'Creating') {
    return undefined;
  }
  return group.state === 'Failed' ? { ok: false, failure: group.failure } : { ok: true, group: toListItem(group) };
}
