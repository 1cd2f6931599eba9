import { elapsedMs } from '../time.ts';
import type { ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import { enterState } from './enter-state.ts';
import type { CommandOf } from './group-command.ts';
import { explainOverdue, isOverdue, OVERDUE_GRACE_MS } from './slow-creation.ts';
import { failedBy } from './state-part.ts';

/** Gives up a group that is past its deadline. The first time that it is found so only begins its grace. */
export function enforceDeadline(group: ContainerGroup, command: CommandOf<'enforceDeadline'>): Decision {
  const { at, deadlineMs } = command;
  if (group.state !== 'Creating' || !isOverdue(group, at, deadlineMs)) {
    return unchanged(group);
  }
  if (group.overdueSince === undefined) {
    return changed({ ...group, overdueSince: at });
  }
  if (elapsedMs(group.overdueSince, at) < OVERDUE_GRACE_MS) {
    return unchanged(group);
  }
  const failure = explainOverdue(group, deadlineMs);
  return changed(enterState(group, command, failedBy(group, failure), { event: 'failed', detail: failure.code }));
}
