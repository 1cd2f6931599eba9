import { isBeingDeleted, type ContainerGroup, type GroupIn } from './container-group.ts';
import type { Failure } from '../failure.ts';
import { hasLeftNothing } from './left-nothing.ts';
import type { CommandOf } from './group-command.ts';
import { mayBePlayedOn } from './played-on.ts';
import { elapsedMs, laterOf } from '../time.ts';

type BeginDelete = CommandOf<'beginDelete'>;

/** Why a deletion may not begin now, or undefined when it may. This is the guard that no session slips through. */
export function refuseDelete(group: ContainerGroup, command: BeginDelete): Failure | undefined {
  switch (command.mode) {
    case 'force':
      return undefined;
    case 'ifIdle':
      return mayBePlayedOn(group) ? sessionsActive(group) : undefined;
    case 'graceful':
      return refuseGracefulDelete(group, command);
  }
}

function refuseGracefulDelete(group: ContainerGroup, command: BeginDelete): Failure | undefined {
  switch (group.state) {
    case 'MarkedForDeletion':
      return refuseForSessions(group, command);
    case 'Failed':
      return refuseFailed(group, command);
    case 'Creating':
    case 'Running':
      return { code: 'notMarked', message: `${group.containerGroupName} is ${group.state}, not MarkedForDeletion.` };
  }
}

/** Whether Azure has said that a group which ran is gone, and a sweep has to look before it forgets it. */
export function hasToBeSeenGone(group: ContainerGroup): boolean {
  return (
    group.state === 'Failed' &&
    group.failure.code === 'deletedOutside' &&
    group.endpoint !== undefined &&
    !isBeingDeleted(group)
  );
}

/** A failed group is kept only to be looked at, and what ARM no longer has not even for that. Its sessions may go on: somebody gave it up. */
function refuseFailed(group: GroupIn<'Failed'>, command: BeginDelete): Failure | undefined {
  if (group.failure.code === 'deletedOutside') {
    // What has reported since is there after all: ARM's word was wrong, or the group came back.
    const isHeardSince = group.lastReport !== undefined && elapsedMs(group.stateSince, group.lastReport.at) > 0;
    const refusal = isHeardSince ? refuseForSessions(group, command) : undefined;
    return refusal ?? refuseUnlessAbsent(group, command);
  }
  if (group.failure.code === 'tagMissing') {
    // Whose the resource is has to be said by somebody, who then asks for its deletion; until then there may be players on it.
    return { code: 'groupFailed', message: group.failure.message };
  }
  const isAllGone = hasLeftNothing(group);
  const keptForMs = isAllGone ? command.failedCreationRetentionMs : command.failedRetentionMs;
  if (keptForMs === undefined || elapsedMs(group.stateSince, command.at) < keptForMs) {
    const message = `${group.containerGroupName} is Failed and kept to be looked at; ACIDelete removes it.`;
    return { code: 'groupFailed', message };
  }
  return isAllGone ? undefined : refuseForSessions(group, command);
}

/** There is no way back from a deletion that has begun, but for one that ran there is from Azure's word that it is gone. */
function refuseUnlessAbsent(group: GroupIn<'Failed'>, { absenceSeen }: BeginDelete): Failure | undefined {
  const message = `Azure had said that ${group.containerGroupName} is gone; whether it is, nobody has looked yet.`;
  return hasToBeSeenGone(group) && absenceSeen !== true ? { code: 'notGone', message } : undefined;
}

function refuseForSessions(group: ContainerGroup, command: BeginDelete): Failure | undefined {
  return mayBePlayedOn(group) && !isSilent(group, command) ? sessionsActive(group) : undefined;
}

/** A server that reports only when players come and go may have been silent for long when it is marked or given up, and is not silent for that. */
function isSilent(group: ContainerGroup, command: BeginDelete): boolean {
  const since = laterOf(group.stateSince, group.lastReport?.at ?? group.stateSince);
  return elapsedMs(since, command.at) > command.sessionsStaleAfterMs;
}

function sessionsActive({ containerGroupName, activeSessions, sessionsUnknownSince }: ContainerGroup): Failure {
  const message =
    sessionsUnknownSince === undefined
      ? `${containerGroupName} has ${activeSessions} active sessions.`
      : `Nobody has told the sessions of ${containerGroupName} since it was adopted at ${sessionsUnknownSince}.`;
  return { code: 'sessionsActive', message };
}
