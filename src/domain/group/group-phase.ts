import { isBeingDeleted, type ContainerGroup } from './container-group.ts';
import type { GroupPhase } from './group-command.ts';

/** Where in its life the group is. */
export function phaseOf(group: ContainerGroup | undefined): GroupPhase {
  if (group === undefined) {
    return 'absent';
  }
  return isBeingDeleted(group) ? 'beingDeleted' : group.state;
}

/** The same of a group in the words of a message: `game-1 is being deleted`. */
export function describePhase(group: ContainerGroup): string {
  return isBeingDeleted(group) ? 'being deleted' : group.state;
}
