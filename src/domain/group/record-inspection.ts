import { defined } from '../defined.ts';
import type { ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import { enterState, withEntry } from './enter-state.ts';
import type { CommandOf } from './group-command.ts';
import { hasAllEnded } from './played-on.ts';
import { failedBy } from './state-part.ts';

type RecordInspection = CommandOf<'recordInspection'>;

/**
 * What an inspection saw of a group's containers. An end makes a group that runs `Failed`; one that is marked or has failed stays as it is, and
 * loses only what protects its sessions, once all of its containers have ended. A restart drops no sessions: ARM does not tell whether the
 * server has them from before, as one that keeps them outside may; its next report does, if it names its boot.
 */
export function recordInspection(group: ContainerGroup, command: RecordInspection): Decision {
  const { restarts, restarted, ending } = command;
  if (ending !== undefined) {
    return recordEnding(group, command, ending);
  }
  if (restarts === undefined || isSame(restarts, group.restarts)) {
    return unchanged(group);
  }
  const counted = { ...group, restarts };
  const happening = { event: 'containerRestarted', detail: `${restarted}${describeSessions(group)}` };
  return changed(restarted === undefined ? counted : withEntry(counted, command, happening));
}

function recordEnding(
  group: ContainerGroup,
  command: RecordInspection,
  { event, failure, container, allEnded }: NonNullable<RecordInspection['ending']>,
): Decision {
  const isNew = group.containerEnd === undefined;
  if (!isNew && (allEnded === undefined || hasAllEnded(group))) {
    return unchanged(group);
  }
  const { at, restarts = group.restarts } = command;
  const known = {
    ...group,
    containerEnd: { at, ...container },
    ...defined({ restarts, allEndedAt: allEnded === undefined ? group.allEndedAt : at }),
  };
  const happening = { event, detail: failure.message };
  if (group.state === 'Running' || isOnlySilent(group)) {
    return changed(enterState(known, command, failedBy(group, failure), happening));
  }
  // Who is told again that all is over was heard of in between, as by a report that was late.
  return changed(group.allEndedAt === undefined ? withEntry(known, command, happening) : known);
}

/** The silence of a server is a sign, and its end the cause. */
function isOnlySilent(group: ContainerGroup): boolean {
  return group.state === 'Failed' && group.failure.code === 'heartbeatLost';
}

function describeSessions({ activeSessions }: ContainerGroup): string {
  return activeSessions === 0 ? '' : `; ${activeSessions} sessions stay until the server reports another boot`;
}

function isSame(one: object, other: object | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
