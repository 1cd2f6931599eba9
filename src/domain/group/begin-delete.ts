import type { ContainerGroup } from './container-group.ts';
import type { Failure } from '../failure.ts';
import { hasLeftNothing } from './left-nothing.ts';
import type { CommandOf } from './group-command.ts';
import { elapsedMs, laterOf } from '../time.ts';

type BeginDelete = CommandOf<'beginDelete'>;

/** Why a deletion may not begin now, or undefined when it may. This is the guard that no session slips through. */
export function refuseDelete(group: ContainerGroup, command: BeginDelete): Failure | undefined {
  switch (command.mode) {
    case 'force':
      return undefined;
    case 'ifIdle':
      return group.activeSessions > 0 ? sessionsActive(group) : undefined;
    case 'graceful':
      return refuseGracefulDelete(group, command);
  }
}

function refuseGracefulDelete(group: ContainerGroup, command: BeginDelete): Failure | undefined {
  switch (group.state) {
    case 'MarkedForDeletion':
      return group.activeSessions > 0 && !isSilent(group, command) ? sessionsActive(group) : undefined;
    case 'Failed':
      // What ARM no longer has can't be kept for anybody to look at; any other failure waits for an operator.
      return group.failure.code === 'deletedOutside' || isForgotten(group, command)
        ? undefined
        : {
            code: 'groupFailed',
            message: `${group.containerGroupName} is Failed and kept to be looked at; ACIDelete removes it.`,
          };
    case 'Creating':
    case 'Running':
      return { code: 'notMarked', message: `${group.containerGroupName} is ${group.state}, not MarkedForDeletion.` };
  }
}

/** A creation that Azure refused is kept only to be looked at. */
function isForgotten(group: ContainerGroup, { at, failedCreationRetentionMs: keptForMs }: BeginDelete): boolean {
  return keptForMs !== undefined && hasLeftNothing(group) && elapsedMs(group.stateSince, at) >= keptForMs;
}

/** A server that reports only when players come and go may have been silent for long when it is marked, and is not silent for that. */
function isSilent(group: ContainerGroup, command: BeginDelete): boolean {
  const since = laterOf(group.stateSince, group.lastReport?.at ?? group.stateSince);
  return elapsedMs(since, command.at) > command.sessionsStaleAfterMs;
}

function sessionsActive(group: ContainerGroup): Failure {
  return {
    code: 'sessionsActive',
    message: `${group.containerGroupName} has ${group.activeSessions} active sessions.`,
  };
}
