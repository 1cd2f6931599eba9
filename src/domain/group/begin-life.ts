import type { ContainerGroup } from './container-group.ts';
import { changed, refused, unchanged, type Decision } from './decision.ts';
import { adoptedGroup, newGroup } from './enter-state.ts';
import { acceptanceTable, type CommandOf } from './group-command.ts';
import { describePhase, phaseOf } from './group-phase.ts';
import { hasLeftNothing } from './left-nothing.ts';

/** A name is free when nobody has it, or a creation that left nothing in Azure. */
export function create(group: ContainerGroup | undefined, command: CommandOf<'create'>): Decision {
  if (group?.incarnation === command.incarnation) {
    return unchanged(group);
  }
  if (group === undefined || (acceptanceTable.create[phaseOf(group)] === 'applies' && hasLeftNothing(group))) {
    return changed(newGroup(command));
  }
  return alreadyExists(group);
}

/** Whoever has the name keeps it, also a creation that Azure refused: it is forgotten soon, and the resource is found again. */
export function adopt(group: ContainerGroup | undefined, command: CommandOf<'adopt'>): Decision {
  if (group === undefined) {
    return changed(adoptedGroup(command));
  }
  return group.incarnation === command.incarnation ? unchanged(group) : alreadyExists(group);
}

function alreadyExists(group: ContainerGroup): Decision {
  return refused(group, 'alreadyExists', `${group.containerGroupName} exists already and is ${describePhase(group)}.`);
}
