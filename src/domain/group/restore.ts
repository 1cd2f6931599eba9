import { defined } from '../defined.ts';
import type { ContainerGroup, GroupIn } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import { describeEndpointChange, isSameEndpoint } from './endpoint-change.ts';
import { enterState } from './enter-state.ts';
import type { CommandOf } from './group-command.ts';
import { failedBy, running, type StatePart } from './state-part.ts';

/** What a group that Azure denies, or that has lost its tag, can go back to; nothing where it had failed for a reason of its own. */
export function wayBackOf(group: ContainerGroup): Pick<GroupIn<'Failed'>, 'failedFrom'> {
  if (group.state === 'Failed') {
    // Silence fails only what runs, and fails it again if it is silent then.
    return defined({ failedFrom: group.failure.code === 'heartbeatLost' ? 'Running' : group.failedFrom });
  }
  return group.state === 'Creating' ? {} : { failedFrom: group.state };
}

/** Whether a group failed only because of what Azure showed of its resource, and would go on if it is there again. */
export function isRestorable(group: ContainerGroup): group is GroupIn<'Failed'> {
  return (
    group.state === 'Failed' &&
    (group.failure.code === 'deletedOutside' || group.failure.code === 'tagMissing') &&
    (group.failedFrom === 'Running' || group.failedFrom === 'MarkedForDeletion') &&
    group.deletion === undefined
  );
}

/** Azure has the resource of the group after all, or again, and it says whose it is. What was known of the group's sessions stays. */
export function restore(group: ContainerGroup, command: CommandOf<'restore'>): Decision {
  if (!isRestorable(group)) {
    return unchanged(group);
  }
  const { at, endpoint } = command;
  const part: StatePart =
    group.failedFrom === 'Running' ? running(group, endpoint, at) : { state: 'MarkedForDeletion', endpoint };
  const isSame = isSameEndpoint(group.endpoint, endpoint);
  const move = isSame ? [] : [describeEndpointChange(group.endpoint, endpoint)];
  const detail = [group.failure.code, ...move].join(', ');
  return changed(enterState(group, command, part, { event: 'restored', detail }));
}

/** A group that somebody has given up does not come back by itself; what had failed already keeps its reason. */
export function giveUp(group: ContainerGroup, command: CommandOf<'fail'>): Decision {
  const happening = { event: 'failed', detail: command.failure.code };
  if (group.state !== 'Failed' || group.failure.code === 'heartbeatLost') {
    return changed(enterState(group, command, failedBy(group, command.failure), happening));
  }
  return isRestorable(group)
    ? changed(enterState(group, command, failedBy(group, group.failure), happening))
    : unchanged(group);
}
