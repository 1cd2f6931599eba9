import { type AciProvider, beginOperation, endOperation, publishAction } from '../aci-provider.ts';
import { invalidRequestContent, resourceNotFound } from '../wire/arm-errors.ts';
import { type ArmError, type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { actionOf, type ArmRequest, parameterOf } from '../wire/arm-request.ts';
import { showContainerGroup } from './container-group-view.ts';
import { isJsonObject, parseJson } from '../wire/json.ts';
import { answerDelayMs, resultHeaders } from '../wire/operation-headers.ts';
import { groupTarget } from '../faults/fault-target.ts';
import type { ContainerGroup } from './container-group.ts';

/**
 * Deletes a container group: it is gone at once and the answer shows what it was; 204 when there is none. A group that is being created
 * can be deleted too; its operation ends as canceled (our reading: what Azure says of it then is not documented).
 */
export function deleteContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  const group = provider.groups.find(parameterOf(request, 'resourceGroup'), parameterOf(request, 'name'));
  if (!group) return { status: 204 };
  const nowMs = provider.clock.now();
  const { quotas } = provider.faults();
  const hang = provider.incidents.hit('deleteHangs', groupTarget(group), group.planKey ?? '', nowMs);
  if (hang) return hangDeletion(provider, request, group, hang.hangSeconds);
  const isHanging = group.provisioningState === 'Deleting';
  const refused = provider.database.transaction((): ArmError | undefined => {
    const error = provider.writes.take('ContainerGroupDeletion', group.location, nowMs, quotas);
    if (error) return error;
    endOperation(provider, group, isHanging ? 'Succeeded' : 'Canceled');
    provider.groups.remove(group);
    if (!isHanging) publishAction(provider, group, actionOf(request, 'delete'), 'Success');
    return undefined;
  });
  if (refused) return errorReply(refused);
  provider.changed();
  provider.log(`${group.resourceGroup}/${group.name} deleted`);
  return {
    status: 200,
    body: showContainerGroup(group, provider.subscriptionId, { withInstanceView: true }),
    headers: provider.writes.remainingHeaders('ContainerGroupDeletion', group.location, nowMs, quotas),
    delayMs: answerDelayMs(provider, request),
  };
}

/**
 * Takes a deletion that does not come to its end: answered with 202, as the specification allows (Azure/azure-rest-api-specs,
 * containerInstance.json, ContainerGroups_Delete), while the group stays as `Deleting` for so long, or until it is deleted once more.
 */
function hangDeletion(
  provider: AciProvider,
  request: ArmRequest,
  group: ContainerGroup,
  hangSeconds: number | undefined,
): ArmReply {
  const nowMs = provider.clock.now();
  const reply = (operationId: string): ArmReply => ({
    status: 202,
    headers: resultHeaders(provider, group.location, operationId),
    delayMs: answerDelayMs(provider, request),
  });
  if (group.provisioningState === 'Deleting' && group.operationId !== undefined) return reply(group.operationId);
  provider.database.transaction(() => {
    endOperation(provider, group, 'Canceled');
    group.provisioningState = 'Deleting';
    group.steps = hangSeconds === undefined ? [] : [{ kind: 'deleted', atMs: Math.round(nowMs + hangSeconds * 1000) }];
    beginOperation(provider, request.requestId, group, actionOf(request, 'delete'));
  });
  provider.changed();
  provider.log(`${group.resourceGroup}/${group.name} hangs in its deletion`);
  return reply(request.requestId);
}

/** Changes the tags of a container group; everything else in the body is ignored, as the service does. */
export function patchContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  const body = parseJson(request.body);
  if (!isJsonObject(body)) return errorReply(invalidRequestContent('An object was expected.'));
  const tags = readTags(body['tags'] ?? {});
  if (!tags) {
    return errorReply(
      invalidRequestContent("Error converting value. Path 'tags': expected an object with string values."),
    );
  }
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const group = provider.groups.find(resourceGroup, name);
  if (!group) return errorReply(resourceNotFound(resourceGroup, name));
  if ('tags' in body) group.tags = tags;
  provider.database.transaction(() => {
    provider.groups.save(group);
    publishAction(provider, group, actionOf(request, 'write'), 'Success');
  });
  provider.changed();
  return { status: 200, body: showContainerGroup(group, provider.subscriptionId, { withInstanceView: true }) };
}

function readTags(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}
