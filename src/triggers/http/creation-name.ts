import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import type { createRequestSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import type { ContainerGroup, Creation } from '../../domain/group/container-group.ts';
import { rememberCreation } from '../../domain/group/creation-memory.ts';
import { groupKey, provisionInstanceId } from '../../domain/group/group-id.ts';
import { hasLeftNothing } from '../../domain/group/left-nothing.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import type { Sealer } from '../../security/sealing.ts';
import { statusUrls, type StatusUrlSettings } from './accepted.ts';
import type { ApiRequest } from './api-request.ts';
import { idempotencyKeyReused } from './idempotency-key.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';

/** The body of ACICreate, parsed. */
export type CreateRequest = z.infer<typeof createRequestSchema>;

/** One request to create a group. */
export interface CreationAttempt {
  request: ApiRequest;
  body: CreateRequest;
  settings: StatusUrlSettings;
  sealer: Pick<Sealer, 'matches'>;
  idempotencyKey: string | undefined;
}

type ProvisioningInput = z.infer<typeof provisionContainerGroup.input>;
type ProvisioningOutput = z.infer<typeof provisionContainerGroup.output> | undefined;
type Shown = ListItem | { state: string };

/** A name that nobody holds, and the keyed creations that it had before. */
export interface FreeName {
  is: 'free';
  earlierCreations: Creation[];
  /** The incarnation of a group that failed and left nothing in Azure, in whose place the new one comes. */
  replaced: string | undefined;
}

/** The same request had the name before: the incarnation that it got, undefined when only its key is remembered. */
interface OwnName {
  is: 'taken';
  incarnation: string | undefined;
}

/** What tells whose a group or its provisioning is. */
type Holder = Pick<ContainerGroup, 'incarnation' | 'creation'>;

/** Who has the name: nobody, or an earlier one of the same request; throws the problem when it is anybody else. */
export async function findName(attempt: CreationAttempt): Promise<FreeName | OwnName> {
  // The entity is read last: the start that follows takes the place of a provisioning that has ended in between.
  const instance = await readProvisioning(attempt);
  const group = await readGroup(attempt);
  if (group !== undefined && (!hasLeftNothing(group) || isSameCreation(attempt, group.creation))) {
    return { is: 'taken', incarnation: own(attempt, group, toListItem(group)) };
  }
  // Each look at a part of an instance parses it.
  const input = instance?.input;
  // The entity appears with the first step of the provisioning, a moment after its start, and fails with the last, a moment before its end.
  const isEnding = group !== undefined && group.incarnation === input?.incarnation;
  if (instance !== undefined && !instance.isFinished && !isEnding) {
    return { is: 'taken', incarnation: own(attempt, input, { state: 'Creating' }) };
  }
  const remembered = input === undefined ? [] : remember(input, instance?.output);
  const same = remembered.find((earlier) => isSameCreation(attempt, earlier));
  return same === undefined
    ? { is: 'free', earlierCreations: remembered, replaced: group?.incarnation }
    : { is: 'taken', incarnation: same === input?.creation ? input.incarnation : undefined };
}

/** Within this a creation that takes the place of a failed one has done so: the steps of two orchestrations and an entity. */
const REPLACING_MS = 10_000;

/**
 * Starts a provisioning, and answers with the incarnation that has got the name; throws the problem when that is another
 * request's. The word of the start is not taken: the backend may tell two of them yes. It carries out the one whose input
 * stands in the instance (DurableTask.AzureStorage, OrchestrationSessionManager.DedupeExecutionStartedMessagesAsync). A group
 * that is there all the same was made by a provisioning that this one came too late for, and refuses it.
 */
export async function claimName(
  attempt: CreationAttempt,
  incarnation: string,
  replaced: string | undefined,
  start: () => Promise<'started' | 'alreadyRunning'>,
): Promise<string> {
  let isStarted = false;
  const claim = await poll(REPLACING_MS, async () => {
    isStarted ||= (await start()) === 'started';
    return findHolder(attempt, incarnation, replaced);
  });
  if (claim === undefined && !isStarted) {
    const message = 'The creation that failed under this name is still ending. Try again.';
    throw new Problem({ code: 'commandPending', message });
  }
  return claim === undefined || claim.holder?.incarnation === incarnation
    ? incarnation
    : own(attempt, claim.holder, claim.group === undefined ? { state: 'Creating' } : toListItem(claim.group));
}

/** Who has the name after a start; undefined while the group that is to be replaced still has it. */
async function findHolder(
  attempt: CreationAttempt,
  incarnation: string,
  replaced: string | undefined,
): Promise<{ holder: Holder | undefined; group: ContainerGroup | undefined } | undefined> {
  const group = await readGroup(attempt);
  if (group !== undefined && group.incarnation !== replaced) {
    return { holder: group, group };
  }
  const instance = await readProvisioning(attempt);
  const input = instance?.input;
  const isOurs = input?.incarnation === incarnation;
  if (group === undefined || (!isOurs && input?.incarnation !== replaced)) {
    return { holder: input, group };
  }
  // Ours has ended without it: the deletion of the other had begun.
  return isOurs && instance?.isFinished === true ? { holder: group, group } : undefined;
}

/** The holder's incarnation when the same request made it; throws the problem when another did. */
function own(attempt: CreationAttempt, holder: Holder | undefined, shown: Shown): string {
  if (holder === undefined || !isSameCreation(attempt, holder.creation)) {
    throw alreadyExists(attempt, shown);
  }
  return holder.incarnation;
}

/** The creations that are known of a provisioning that has ended; one that found the name taken has made nothing. */
function remember({ creation, earlierCreations = [] }: ProvisioningInput, output: ProvisioningOutput): Creation[] {
  const wasTaken = output?.ok === false && output.failure.code === 'alreadyExists';
  return wasTaken ? earlierCreations : rememberCreation(creation, earlierCreations);
}

function isSameCreation({ body, sealer, idempotencyKey }: CreationAttempt, earlier: Creation): boolean {
  if (idempotencyKey === undefined || idempotencyKey !== earlier.idempotencyKey) {
    return false;
  }
  if (!sealer.matches(JSON.stringify(body), earlier.requestDigest)) {
    throw idempotencyKeyReused();
  }
  return true;
}

function alreadyExists({ request, body, settings }: CreationAttempt, group: Shown): Problem {
  const message = `The container group exists already and is ${group.state}. It is left as it is.`;
  const urls = statusUrls(request, provisionInstanceId(groupKey(body)), settings);
  return new Problem({ code: 'alreadyExists', message }, { state: group.state, group, statusUrls: urls });
}

async function readGroup({ request, body }: CreationAttempt): Promise<ContainerGroup | undefined> {
  return request.client.read(containerGroupEntity, groupKey(body));
}

async function readProvisioning({ request, body }: CreationAttempt) {
  return request.client.statusWithInput(provisionContainerGroup, provisionInstanceId(groupKey(body)));
}
