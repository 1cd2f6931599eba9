import { defined } from '../defined.ts';
import { isBeingDeleted, type ContainerGroup } from '../group/container-group.ts';
import type { CommandInput } from '../group/group-command.ts';
import { hasLeftNothing } from '../group/left-nothing.ts';
import { ownershipOf } from '../group/ownership.ts';
import { hasAllEnded, mayBePlayedOn } from '../group/played-on.ts';
import { findEnding } from './ending.ts';
import type { InspectedResource } from './inspected-resource.ts';
import { countRestarts, type LookTimes } from './restart-count.ts';
import { describeRestarts } from './run-end-text.ts';

/** What an inspection tells the entity of a group. */
export type Judgement = Omit<CommandInput<'recordInspection'>, 'at' | 'cause' | 'incarnation'>;

/** Whether a group is worth a look: its containers should run, or may have players though it was given up. */
export function isInspected(group: ContainerGroup): boolean {
  if (group.state === 'Creating' || isBeingDeleted(group) || hasAllEnded(group)) {
    return false;
  }
  if (group.state !== 'Failed') {
    return true;
  }
  const isThere = !['deletedOutside', 'tagMissing', 'nameInUse'].includes(group.failure.code) && !hasLeftNothing(group);
  // A server falls silent for a reason, which its containers may show.
  return isThere && (mayBePlayedOn(group) || group.failure.code === 'heartbeatLost');
}

/** What one look at the containers of a group means; undefined when there is nothing to be told. */
export function judge(group: ContainerGroup, seen: InspectedResource, times: LookTimes): Judgement | undefined {
  // What is being changed is between two states, and a resource that is not the group's is the reconciliation's.
  const isSettled = ['Succeeded', 'Failed'].includes(seen.provisioningState);
  if (!isSettled || ownershipOf(seen.incarnation, group.incarnation) !== 'ours') {
    return undefined;
  }
  const counted = countRestarts(group, seen.containers, times);
  const endSeenAt = group.containerEnd?.at;
  const ending = findEnding(seen, { at: times.at, restarts: counted.within, ...defined({ endSeenAt }) });
  const { restarts, restarted } = counted;
  if (ending !== undefined && (ending.allEnded === true || group.containerEnd === undefined)) {
    return { ending, ...(restarts && { restarts }) };
  }
  // Of one that is known to crash, nothing more is told than its end.
  if (restarts === undefined || group.containerEnd !== undefined) {
    return undefined;
  }
  return { restarts, ...(restarted.length > 0 && { restarted: describeRestarts(restarted) }) };
}
