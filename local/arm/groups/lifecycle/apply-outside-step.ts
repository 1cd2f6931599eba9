import { type AciProvider, endOperation, publishAction } from '../../aci-provider.ts';
import type { ContainerGroup, ContainerInstance } from '../container-group.ts';
import { addEvent, enter } from './apply-step.ts';
import type { OutsideStep } from './provisioning-step.ts';

/** The platform ended a container for reasons of its own, such as maintenance (assumed: it is reported of ACI, and documented nowhere). */
export const PLATFORM_EXIT_CODE = 7147;

/** What became of a group, and a line that says so. */
export interface OutsideOutcome {
  isGone: boolean;
  line: string;
}

/** Lets happen what is done to a group by others; part of the caller's transaction, which saves the group unless it is gone. */
export function applyOutsideStep(provider: AciProvider, group: ContainerGroup, step: OutsideStep): OutsideOutcome {
  const name = `${group.resourceGroup}/${group.name}`;
  switch (step.kind) {
    case 'moved':
      for (const instance of group.instances) restartElsewhere(instance, step.atMs);
      if (step.ip !== undefined) group.ip = step.ip;
      return { isGone: false, line: `${name} was restarted by the platform${step.ip ? ` at ${step.ip}` : ''}` };
    case 'lost':
      lose(group, step.atMs);
      return { isGone: false, line: `${name} failed after it had succeeded` };
    case 'retagged':
      group.tags = { ...step.tags };
      publishAction(provider, group, byOthers(provider, group, 'write', step.atMs), 'Success');
      return { isGone: false, line: `${name} got other tags from somebody else` };
    case 'deleted': {
      const isOurs = group.provisioningState === 'Deleting';
      endOperation(provider, group, isOurs ? 'Succeeded' : 'Canceled');
      if (!isOurs) publishAction(provider, group, byOthers(provider, group, 'delete', step.atMs), 'Success');
      provider.groups.remove(group);
      return { isGone: true, line: isOurs ? `${name} deleted at last` : `${name} was deleted by somebody else` };
    }
  }
}

/** Nothing is told of it: a restart by the platform is no write (learn.microsoft.com/azure/container-instances/container-instances-best-practices-and-considerations). */
function restartElsewhere(instance: ContainerInstance, atMs: number): void {
  if (instance.currentState?.state !== 'Running') return;
  terminate(instance, instance.currentState.startMs, atMs);
  enter(instance, { state: 'Running', startMs: atMs });
  instance.restartCount += 1;
  addEvent(instance.events, atMs, { name: 'Started', message: 'Started container', type: 'Normal' });
}

/**
 * The group's node is gone and the repair fails (assumed; the states and when a group can be `Failed` as a whole:
 * learn.microsoft.com/azure/container-instances/container-state).
 */
function lose(group: ContainerGroup, atMs: number): void {
  group.provisioningState = 'Failed';
  const isOver = group.properties.restartPolicy === 'Never';
  group.instanceState = isOver ? 'Failed' : 'Pending';
  group.steps = group.steps.filter((step) => !('container' in step));
  for (const instance of group.instances) {
    if (instance.currentState?.state !== 'Running') continue;
    terminate(instance, instance.currentState.startMs, atMs);
    if (!isOver) enter(instance, { state: 'Waiting', detailStatus: '' });
  }
}

function terminate(instance: ContainerInstance, startMs: number, finishMs: number): void {
  enter(instance, { state: 'Terminated', startMs, finishMs, exitCode: PLATFORM_EXIT_CODE, detailStatus: 'Error' });
  addEvent(instance.events, finishMs, { name: 'Killing', message: 'Killing container', type: 'Normal' });
}

function byOthers(
  { random }: AciProvider,
  group: ContainerGroup,
  operationName: 'write' | 'delete',
  atMs: number,
): Parameters<typeof publishAction>[2] {
  const correlationId = random.uuid('somebody else', operationName, group.resourceGroup, group.name, atMs);
  return { operationName, correlationId, isBySomebodyElse: true };
}
