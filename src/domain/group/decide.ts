import { refuseDelete } from './begin-delete.ts';
import {
  deletionOf,
  endpointOf,
  isBeingDeleted,
  MAX_OUTCOMES,
  type ContainerGroup,
  type Endpoint,
} from './container-group.ts';
import { describeEndpointChange, isSameEndpoint } from './endpoint-change.ts';
import { adoptedGroup, enterState, newGroup, type Happening, type StatePart } from './enter-state.ts';
import type { Failure, FailureCode } from '../failure.ts';
import { explainSilence, passedLimit } from './group-limits.ts';
import { hasLeftNothing } from './left-nothing.ts';
import {
  acceptanceTable,
  type CommandName,
  type CommandOf,
  type GroupCommand,
  type GroupPhase,
} from './group-command.ts';
import { tagMissing } from './ownership.ts';
import { takeSessionReport } from './session-report.ts';
import { explainOverdue, isOverdue, OVERDUE_GRACE_MS } from './slow-creation.ts';
import { elapsedMs, laterOf, type Instant } from '../time.ts';
import { defined } from '../defined.ts';

/** What becomes of a group by a command; the group is undefined where there is none, before its life or after it. */
export type Decision =
  | { outcome: 'changed' | 'unchanged'; group: ContainerGroup | undefined }
  | { outcome: 'refused'; group: ContainerGroup | undefined; refusal: Failure };

/**
 * The state machine: total, pure, and the only place where a container group changes. A refused command changes nothing
 * but the list of outcomes that its sender reads; a refused report may leave its boot among the earlier ones.
 */
export function decide(group: ContainerGroup | undefined, command: GroupCommand): Decision {
  const earlier =
    'commandId' in command ? group?.outcomes.find(({ commandId }) => commandId === command.commandId) : undefined;
  if (earlier !== undefined) {
    return earlier.refusal === undefined
      ? { outcome: 'unchanged', group }
      : { outcome: 'refused', group, refusal: earlier.refusal };
  }
  return withOutcome(decideAnew(group, command), command);
}

/** Where in its life the group is. */
export function phaseOf(group: ContainerGroup | undefined): GroupPhase {
  if (group === undefined) {
    return 'absent';
  }
  return isBeingDeleted(group) ? 'beingDeleted' : group.state;
}

function decideAnew(group: ContainerGroup | undefined, command: GroupCommand): Decision {
  if (command.command === 'create') {
    return create(group, command);
  }
  if (command.command === 'adopt') {
    return adopt(group, command);
  }
  if (group === undefined) {
    return refuse(group, 'unknownGroup', 'There is no such container group.');
  }
  if ('incarnation' in command && command.incarnation !== undefined && command.incarnation !== group.incarnation) {
    return refuse(
      group,
      'otherIncarnation',
      `${group.containerGroupName} has been created anew since; this is about an earlier one.`,
    );
  }
  const acceptance = acceptanceTable[command.command][phaseOf(group)];
  if (acceptance === 'applies') {
    return apply(group, command);
  }
  return acceptance === 'changesNothing'
    ? { outcome: 'unchanged', group }
    : refuse(group, acceptance, explain(group, command));
}

function create(group: ContainerGroup | undefined, command: CommandOf<'create'>): Decision {
  if (group?.incarnation === command.incarnation) {
    return { outcome: 'unchanged', group };
  }
  const isFree = group === undefined || (acceptanceTable.create[phaseOf(group)] === 'applies' && hasLeftNothing(group));
  return isFree
    ? { outcome: 'changed', group: newGroup(command) }
    : refuse(group, 'alreadyExists', `${group.containerGroupName} exists already and is ${describe(group)}.`);
}

/** Whoever has the name keeps it, also a creation that Azure refused: it is forgotten soon, and the resource is found again. */
function adopt(group: ContainerGroup | undefined, command: CommandOf<'adopt'>): Decision {
  if (group === undefined) {
    return { outcome: 'changed', group: adoptedGroup(command) };
  }
  return group.incarnation === command.incarnation
    ? { outcome: 'unchanged', group }
    : refuse(group, 'alreadyExists', `${group.containerGroupName} exists already and is ${describe(group)}.`);
}

function apply(group: ContainerGroup, command: CommandOf<Exclude<CommandName, 'create' | 'adopt'>>): Decision {
  const enter = (part: StatePart, happening: Happening): Decision => ({
    outcome: 'changed',
    group: enterState(group, command, part, happening),
  });
  switch (command.command) {
    case 'provisioned':
      return enter(running(group, command.endpoint, command.at), { event: 'provisioned' });
    case 'failProvisioning': {
      const part = { ...failedBy(group, command.failure), ...defined({ leftNothing: command.leftNothing }) };
      return enter(part, { event: 'failed', detail: command.failure.code });
    }
    case 'fail':
      return group.state === 'Failed' && group.failure.code !== 'heartbeatLost'
        ? { outcome: 'unchanged', group }
        : enter(failedBy(group, command.failure), { event: 'failed', detail: command.failure.code });
    case 'enforceDeadline':
      return enforceDeadline(group, command);
    case 'enforceLimits':
      return enforceLimits(group, command);
    case 'recordAbsence':
      return enter(failedBy(group, deletedOutside(group)), { event: 'deletedOutside' });
    case 'recordTagMissing':
      return recordTagMissing(group, command);
    case 'recordEndpoint':
      return recordEndpoint(group, command);
    case 'recordFailure':
      return enter(failedBy(group, command.failure), { event: 'failedInAzure', detail: command.failure.code });
    case 'mark':
      return enter({ state: 'MarkedForDeletion', ...endpointPart(group) }, { event: 'marked' });
    case 'reportSessions': {
      const taken = takeSessionReport(group, command);
      return taken.refusal === undefined
        ? { outcome: 'changed', group: revived(taken.group, command) }
        : { outcome: 'refused', group: taken.group, refusal: taken.refusal };
    }
    case 'rotateToken':
      return rotateToken(group, command);
    case 'beginDelete': {
      const refusal = refuseDelete(group, command);
      return refusal === undefined
        ? enter(beingDeleted(group, command), {
            event: 'deletionBegan',
            detail: `${command.mode}, ${group.activeSessions} sessions`,
          })
        : { outcome: 'refused', group, refusal };
    }
    case 'finishDelete':
      return { outcome: 'changed', group: undefined };
  }
}

/** The first time that a group is found past its deadline only begins its grace. */
function enforceDeadline(group: ContainerGroup, command: CommandOf<'enforceDeadline'>): Decision {
  const { at, deadlineMs } = command;
  if (group.state !== 'Creating' || !isOverdue(group, at, deadlineMs)) {
    return { outcome: 'unchanged', group };
  }
  if (group.overdueSince === undefined) {
    return { outcome: 'changed', group: { ...group, overdueSince: at } };
  }
  if (elapsedMs(group.overdueSince, at) < OVERDUE_GRACE_MS) {
    return { outcome: 'unchanged', group };
  }
  const failure = explainOverdue(group, deadlineMs);
  const happening = { event: 'failed', detail: failure.code };
  return { outcome: 'changed', group: enterState(group, command, failedBy(group, failure), happening) };
}

function enforceLimits(group: ContainerGroup, command: CommandOf<'enforceLimits'>): Decision {
  const limit = passedLimit(group, command.at);
  switch (limit) {
    case undefined:
      return { outcome: 'unchanged', group };
    case 'silence': {
      const failure = explainSilence(group, command.at);
      const part = failedBy(group, failure);
      return { outcome: 'changed', group: enterState(group, command, part, { event: 'failed', detail: failure.code }) };
    }
    case 'maxLifetime':
    case 'idle': {
      const part = { state: 'MarkedForDeletion', ...endpointPart(group) } as const;
      return { outcome: 'changed', group: enterState(group, command, part, { event: 'marked', detail: limit }) };
    }
  }
}

/** A group that only the silence of its server has failed runs again when the server is heard. */
function revived(group: ContainerGroup, command: CommandOf<'reportSessions'>): ContainerGroup {
  const wasSilent = group.state === 'Failed' && group.failure.code === 'heartbeatLost' && command.source === 'server';
  if (!wasSilent || group.endpoint === undefined) {
    return group;
  }
  // One that was on its way for long may have been received before the group failed.
  const at = laterOf(group.stateSince, command.at);
  const part = running(group, group.endpoint, at);
  return enterState(group, { ...command, at }, part, { event: 'heartbeatReturned' });
}

function running(group: ContainerGroup, endpoint: Endpoint, at: Instant): StatePart {
  return { state: 'Running', endpoint, ...(group.activeSessions === 0 && { idleSince: at }) };
}

/**
 * The resource is not that of a group that left nothing in Azure, whose deletion ends there. Any other waits until somebody says whose it is,
 * also one that failed as `nameInUse`: after a lost answer the resource may be its own, and 0.1.0 did not tell the two apart.
 */
function recordTagMissing(group: ContainerGroup, command: CommandOf<'recordTagMissing'>): Decision {
  if (hasLeftNothing(group)) {
    return { outcome: 'changed', group: undefined };
  }
  if (group.state === 'Failed' && group.failure.code === 'tagMissing') {
    return { outcome: 'unchanged', group };
  }
  const part = { ...failedBy(group, tagMissing(group.incarnation)), ...defined({ deletion: deletionOf(group) }) };
  return { outcome: 'changed', group: enterState(group, command, part, { event: 'tagMissing' }) };
}

/** An address can change while a group runs, as when ACI moves it or somebody restarts it. */
function recordEndpoint(group: ContainerGroup, command: CommandOf<'recordEndpoint'>): Decision {
  const { state } = group;
  const { endpoint } = command;
  if ((state !== 'Running' && state !== 'MarkedForDeletion') || isSameEndpoint(group.endpoint, endpoint)) {
    return { outcome: 'unchanged', group };
  }
  const happening = { event: 'endpointChanged', detail: describeEndpointChange(group.endpoint, endpoint) };
  const part =
    state === 'Running' ? { state, endpoint, ...defined({ idleSince: group.idleSince }) } : { state, endpoint };
  return { outcome: 'changed', group: enterState(group, command, part, happening) };
}

/** One of two rotations that were begun at the same time is too late. The containers of an adopted group may have any token of it. */
function rotateToken(group: ContainerGroup, command: CommandOf<'rotateToken'>): Decision {
  const { isAdopted, ...known } = { isAdopted: undefined, ...group.token };
  const isNext = command.generation === known.generation + 1;
  if (!isNext && (isAdopted === undefined || command.generation <= known.generation)) {
    return { outcome: 'unchanged', group };
  }
  const previous = { digest: command.previousDigest ?? known.digest, validUntil: command.graceUntil };
  const { tokenDigest: digest, generation, at: issuedAt } = command;
  const token = { ...known, digest, generation, issuedAt, previous };
  return { outcome: 'changed', group: { ...group, token } };
}

function beingDeleted(group: ContainerGroup, command: CommandOf<'beginDelete'>): StatePart {
  const deletion = { requestedAt: command.at, cause: command.cause ?? command.mode };
  return group.state === 'Failed'
    ? { ...failedBy(group, group.failure), ...defined({ leftNothing: group.leftNothing }), deletion }
    : { state: 'MarkedForDeletion', ...endpointPart(group), deletion };
}

function failedBy(group: ContainerGroup, failure: Failure): StatePart & { state: 'Failed' } {
  return { state: 'Failed', failure, ...endpointPart(group) };
}

function deletedOutside(group: ContainerGroup): Failure {
  const what = endpointOf(group) === undefined ? 'is not in Azure' : 'was deleted in Azure by somebody else';
  const message = `${group.containerGroupName} ${what}; the next sweep forgets it.`;
  return { code: 'deletedOutside', message };
}

function endpointPart(group: ContainerGroup) {
  return defined({ endpoint: endpointOf(group) });
}

function refuse(group: ContainerGroup | undefined, code: FailureCode, message: string): Decision {
  return { outcome: 'refused', group, refusal: { code, message } };
}

function explain(group: ContainerGroup, { command }: GroupCommand): string {
  return `${group.containerGroupName} is ${describe(group)}, so that '${command}' is not possible.`;
}

function describe(group: ContainerGroup): string {
  return isBeingDeleted(group) ? 'being deleted' : group.state;
}

function withOutcome(decision: Decision, command: GroupCommand): Decision {
  if (!('commandId' in command) || decision.group === undefined) {
    return decision;
  }
  const refusal = decision.outcome === 'refused' ? decision.refusal : undefined;
  const outcome = { commandId: command.commandId, at: command.at, ...defined({ refusal }) };
  const outcomes = [...decision.group.outcomes, outcome].slice(-MAX_OUTCOMES);
  return { ...decision, group: { ...decision.group, outcomes } };
}
