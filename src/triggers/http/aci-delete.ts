import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { deleteContainerGroup } from '../../contracts/deletion.ts';
import { deleteRequestSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { deleteInstanceId, groupKey, provisionInstanceId, type GroupId } from '../../domain/group/group-id.ts';
import type { DurableClient, InstanceWithInput } from '../../durable/durable-client.ts';
import { accepted, type StatusUrlSettings } from './accepted.ts';
import { parseRequest, requireValidId, type ApiRequest } from './api-request.ts';
import { recallDeletion, type KeyedDeletion } from './deletion-key.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { KnownGroups } from './known-groups.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type DeletionInput = z.infer<typeof deleteContainerGroup.input>;
type Deletion = InstanceWithInput<
  DeletionInput,
  z.infer<typeof deleteContainerGroup.output>,
  z.infer<typeof deleteContainerGroup.status>
>;

/** What ACIDelete needs to know of the settings. */
export interface DeleteSettings extends StatusUrlSettings {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  sessionsStaleAfterMs: number;
}

/** A deletion that is under way and spares the group is over within this, or has begun and spares it no longer. */
const OTHER_DELETION_MS = 10_000;

/** ACIDelete: deletes at once, sessions or not; with `ifIdle` only when nobody plays. Deletes the group that it sees, and no later one. */
export function aciDelete(settings: DeleteSettings, known: Pick<KnownGroups, 'forget'>): HttpFunction {
  return {
    name: 'ACIDelete',
    methods: ['POST', 'DELETE'],
    handle: async (request) => {
      const key = idempotencyKeyOf(request);
      const { ifIdle = false, ...id } = parseRequest(deleteRequestSchema, await request.json());
      requireValidId(id);
      const { group, ...target } = await findTarget(request, id);
      const deletion = { ...id, ifIdle, ...target };
      const { first, isRepeated } =
        key === undefined
          ? { first: deletion, isRepeated: false }
          : await recallDeletion(request.client, key, deletion);
      if (!first.found) {
        return { status: 200, jsonBody: { deleted: true } };
      }
      // Whether a group that could not be told then is the present one can't be told any more.
      const isTold = first.incarnation !== undefined || !isRepeated;
      if (target.found && isTold && first.incarnation === target.incarnation) {
        if (ifIdle && group !== undefined && group.activeSessions > 0) {
          const message = `${group.containerGroupName} has ${group.activeSessions} active sessions.`;
          throw new Problem({ code: 'sessionsActive', message }, { activeSessions: group.activeSessions });
        }
        await startDeletion(request.client, toInput(deletion, request.cause, settings));
        known.forget(groupKey(id));
      }
      return accepted(request, deleteInstanceId(groupKey(id)), settings);
    },
  };
}

/** What there is to delete: a group, or the one that a provisioning under way is about to make. */
async function findTarget(
  { client }: ApiRequest,
  id: GroupId,
): Promise<{ found: boolean; incarnation?: string; group?: ContainerGroup }> {
  const group = await client.read(containerGroupEntity, groupKey(id));
  if (group !== undefined) {
    return { found: true, incarnation: group.incarnation, group };
  }
  const instance = await client.statusWithInput(provisionContainerGroup, provisionInstanceId(groupKey(id)));
  return instance === undefined || instance.isFinished
    ? { found: false }
    : { found: true, ...defined({ incarnation: instance.input?.incarnation }) };
}

function toInput(
  deletion: KeyedDeletion,
  cause: string,
  { sessionsStaleAfterMs, pollIntervalMs, provisioningDeadlineMs }: DeleteSettings,
): DeletionInput {
  const { ifIdle, found: _found, ...target } = deletion;
  const mode = ifIdle ? 'ifIdle' : 'force';
  const waitPolicy = { pollIntervalMs, deadlineMs: provisioningDeadlineMs };
  return { ...target, mode, sessionsStaleAfterMs, cause, waitPolicy };
}

/**
 * Starts the deletion. One under way that would spare the group where this one would not is waited for first. The word of the start
 * is not taken, since two at the same time may both be told yes: the one that is carried out stands in the instance.
 */
async function startDeletion(client: DurableClient, input: DeletionInput): Promise<void> {
  const instanceId = deleteInstanceId(groupKey(input));
  const isUnderWay = await poll(OTHER_DELETION_MS, async () => {
    await client.start(deleteContainerGroup, instanceId, input);
    const instance = await client.statusWithInput(deleteContainerGroup, instanceId);
    return instance !== undefined && carriesOut(instance, input) ? true : undefined;
  });
  if (isUnderWay === undefined) {
    throw new Problem({
      code: 'commandPending',
      message: 'Another deletion of this group is being decided. Try again.',
    });
  }
}

/** Whether this instance does, or has done, what was asked for. */
function carriesOut(instance: Deletion, asked: DeletionInput): boolean {
  const hasBegun = instance.isFinished
    ? instance.output?.ok === true
    : instance.status?.phase === 'cancelling' || instance.status?.phase === 'deleting';
  const input = instance.input;
  if (input === undefined) {
    return hasBegun && !instance.isFinished;
  }
  const isSameGroup =
    input.incarnation === undefined || asked.incarnation === undefined || input.incarnation === asked.incarnation;
  return isSameGroup && (hasBegun || input.mode === 'force' || input.mode === asked.mode);
}
