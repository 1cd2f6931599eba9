import { defined } from '../defined.ts';
import type { Failure } from '../failure.ts';
import { deletionOf, endpointOf, type ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import { describeEndpointChange, isSameEndpoint } from './endpoint-change.ts';
import { enterState } from './enter-state.ts';
import type { CommandOf } from './group-command.ts';
import { hasLeftNothing } from './left-nothing.ts';
import { tagMissing } from './ownership.ts';
import { wayBackOf } from './restore.ts';
import { failedBy } from './state-part.ts';

/** Azure has no resource of the group. */
export function recordAbsence(group: ContainerGroup, command: CommandOf<'recordAbsence'>): Decision {
  const part = { ...failedBy(group, deletedOutside(group)), ...wayBackOf(group) };
  return changed(enterState(group, command, part, { event: 'deletedOutside' }));
}

/**
 * The resource is not that of a group that left nothing in Azure, whose deletion ends there. Any other waits until somebody says whose it is,
 * also one that failed as `nameInUse`: after a lost answer the resource may be its own, and 0.1.0 did not tell the two apart.
 */
export function recordTagMissing(group: ContainerGroup, command: CommandOf<'recordTagMissing'>): Decision {
  if (hasLeftNothing(group)) {
    return changed(undefined);
  }
  if (group.state === 'Failed' && group.failure.code === 'tagMissing') {
    return unchanged(group);
  }
  const part = {
    ...failedBy(group, tagMissing(group.incarnation)),
    ...wayBackOf(group),
    ...defined({ deletion: deletionOf(group) }),
  };
  return changed(enterState(group, command, part, { event: 'tagMissing' }));
}

/** An address can change while a group runs, as when ACI moves it or somebody restarts it. */
export function recordEndpoint(group: ContainerGroup, command: CommandOf<'recordEndpoint'>): Decision {
  const { state } = group;
  const { endpoint } = command;
  if ((state !== 'Running' && state !== 'MarkedForDeletion') || isSameEndpoint(group.endpoint, endpoint)) {
    return unchanged(group);
  }
  const happening = { event: 'endpointChanged', detail: describeEndpointChange(group.endpoint, endpoint) };
  const part =
    state === 'Running' ? { state, endpoint, ...defined({ idleSince: group.idleSince }) } : { state, endpoint };
  return changed(enterState(group, command, part, happening));
}

/** Azure says that the group, which ran, has failed. */
export function recordFailure(group: ContainerGroup, command: CommandOf<'recordFailure'>): Decision {
  const { failure } = command;
  return changed(
    enterState(group, command, failedBy(group, failure), { event: 'failedInAzure', detail: failure.code }),
  );
}

function deletedOutside(group: ContainerGroup): Failure {
  const what = endpointOf(group) === undefined ? 'is not in Azure' : 'was deleted in Azure by somebody else';
  const message = `${group.containerGroupName} ${what}; the next sweep forgets it.`;
  return { code: 'deletedOutside', message };
}
