import { containerGroupTransitioning } from '../wire/aci-errors.ts';
import { type AciProvider, beginOperation, publishAction } from '../aci-provider.ts';
import { resourceNotFound } from '../wire/arm-errors.ts';
import { type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { actionOf, type ArmRequest, parameterOf, planKeyOf } from '../wire/arm-request.ts';
import { type ContainerGroup, type ContainerInstance, isTransitioning } from './container-group.ts';
import { answerDelayMs, operationHeaders } from '../wire/operation-headers.ts';
import { planRun } from './lifecycle/run-plan.ts';
import { addEvent } from './lifecycle/apply-step.ts';

/** Stops every container of a group and keeps the group. */
export function stopContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  return control(provider, request, (group) => {
    const nowMs = provider.clock.now();
    for (const instance of group.instances) stopInstance(instance, nowMs, 'Container stopped per client request');
    group.steps = [];
    group.instanceState = 'Stopped';
    provider.database.transaction(() => {
      provider.groups.save(group);
      publishAction(provider, group, actionOf(request, 'stop/action'), 'Success');
    });
    provider.changed();
    return { status: 204, delayMs: answerDelayMs(provider, request) };
  });
}

/** Starts a group that is stopped or has ended; one that runs is left alone and the answer has no operation. */
export function startContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  return control(provider, request, (group) => {
    const isRunning = group.instanceState === 'Running' && group.provisioningState === 'Succeeded';
    return isRunning ? { status: 204 } : beginRun(provider, request, group, 'start/action');
  });
}

/** Restarts every container of a group. */
export function restartContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  return control(provider, request, (group) => {
    const nowMs = provider.clock.now();
    for (const instance of group.instances) stopInstance(instance, nowMs, 'Completed');
    return beginRun(provider, request, group, 'restart/action');
  });
}

function control(provider: AciProvider, request: ArmRequest, act: (group: ContainerGroup) => ArmReply): ArmReply {
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const group = provider.groups.find(resourceGroup, name);
  if (!group) return errorReply(resourceNotFound(resourceGroup, name));
  if (isTransitioning(group)) return errorReply(containerGroupTransitioning(group.name));
  return act(group);
}

function beginRun(
  provider: AciProvider,
  request: ArmRequest,
  group: ContainerGroup,
  operationName: 'start/action' | 'restart/action',
): ArmReply {
  const startMs = provider.clock.now();
  group.provisioningState = 'Updating';
  group.instanceState = 'Pending';
  group.planKey = planKeyOf(request);
  group.steps = planRun(provider, group, { startMs, lacksCapacity: false, isRestart: true });
  provider.database.transaction(() => {
    beginOperation(provider, request.requestId, group, actionOf(request, operationName));
  });
  provider.changed();
  return {
    status: 204,
    headers: operationHeaders(provider, group.location, request.requestId),
    delayMs: answerDelayMs(provider, request),
  };
}

function stopInstance(instance: ContainerInstance, nowMs: number, detailStatus: string): void {
  const current = instance.currentState;
  if (!current || current.state === 'Terminated') return;
  instance.previousState = current;
  const startMs = current.state === 'Running' ? current.startMs : nowMs;
  instance.currentState = { state: 'Terminated', startMs, finishMs: nowMs, exitCode: 0, detailStatus };
  addEvent(instance.events, nowMs, { name: 'Killing', message: 'Killing container', type: 'Normal' });
}
