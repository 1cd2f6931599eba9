import { containerGroupEntity } from '../../contracts/container-group.ts';
import { deleteContainerGroup } from '../../contracts/deletion.ts';
import { deleteRequestSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { deleteInstanceId, groupKey, provisionInstanceId, type GroupId } from '../../domain/group/group-id.ts';
import { accepted, type StatusUrlSettings } from './accepted.ts';
import { parseRequest, requireValidId, type ApiRequest } from './api-request.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

/** What ACIDelete needs to know of the settings. */
export interface DeleteSettings extends StatusUrlSettings {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  sessionsStaleAfterMs: number;
}

/** A gentler deletion that is under way is over within this, or has begun and needs no second one. */
const GENTLER_DELETION_MS = 10_000;

/** ACIDelete: deletes at once, sessions or not; with `ifIdle` only when nobody plays. */
export function aciDelete(settings: DeleteSettings): HttpFunction {
  return {
    name: 'ACIDelete',
    methods: ['POST', 'DELETE'],
    handle: async (request) => {
      const { ifIdle = false, ...id } = parseRequest(deleteRequestSchema, await request.json());
      requireValidId(id);
      const group = await request.client.read(containerGroupEntity, groupKey(id));
      if (group === undefined && !(await isBeingProvisioned(request, id))) {
        return { status: 200, jsonBody: { deleted: true } };
      }
      if (ifIdle && group !== undefined && group.activeSessions > 0) {
        const message = `${group.containerGroupName} has ${group.activeSessions} active sessions.`;
        throw new Problem({ code: 'sessionsActive', message }, { activeSessions: group.activeSessions });
      }
      await startDeletion(request, id, ifIdle ? 'ifIdle' : 'force', settings);
      return accepted(request, deleteInstanceId(groupKey(id)), settings);
    },
  };
}

async function isBeingProvisioned(request: ApiRequest, id: GroupId): Promise<boolean> {
  const instance = await request.client.status(provisionContainerGroup, provisionInstanceId(groupKey(id)));
  return instance !== undefined && !instance.isFinished;
}

/** Starts the deletion. One under way that would spare the group where this one would not is waited for first. */
async function startDeletion(
  request: ApiRequest,
  id: GroupId,
  mode: 'force' | 'ifIdle',
  { sessionsStaleAfterMs, pollIntervalMs, provisioningDeadlineMs }: DeleteSettings,
): Promise<void> {
  const instanceId = deleteInstanceId(groupKey(id));
  const input = {
    ...id,
    mode,
    sessionsStaleAfterMs,
    cause: request.cause,
    waitPolicy: { pollIntervalMs, deadlineMs: provisioningDeadlineMs },
  };
  const isUnderWay = await poll(GENTLER_DELETION_MS, async () => {
    if ((await request.client.start(deleteContainerGroup, instanceId, input)) === 'started') {
      return true;
    }
    const instance = await request.client.statusWithInput(deleteContainerGroup, instanceId);
    const hasBegun = instance?.status?.phase === 'cancelling' || instance?.status?.phase === 'deleting';
    return hasBegun || instance?.input?.mode === 'force' || instance?.input?.mode === mode ? true : undefined;
  });
  if (isUnderWay === undefined) {
    throw new Problem({
      code: 'commandPending',
      message: 'Another deletion of this group is being decided. Try again.',
    });
  }
}
