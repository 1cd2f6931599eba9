import { defined } from '../defined.ts';
import { recordAbsence, recordEndpoint, recordFailure, recordTagMissing } from './azure-shows.ts';
import { refuseDelete } from './begin-delete.ts';
import { adopt, create } from './begin-life.ts';
import { MAX_OUTCOMES, type ContainerGroup } from './container-group.ts';
import { changed, refused, unchanged, type Decision } from './decision.ts';
import { enforceDeadline } from './enforce-deadline.ts';
import { enforceLimits, revived } from './enforce-limits.ts';
import { enterState, type Happening } from './enter-state.ts';
import { acceptanceTable, type CommandName, type CommandOf, type GroupCommand } from './group-command.ts';
import { describePhase, phaseOf } from './group-phase.ts';
import { recordInspection } from './record-inspection.ts';
import { giveUp, restore } from './restore.ts';
import { rotateToken } from './rotate-token.ts';
import { takeSessionReport } from './session-report.ts';
import { failedBy, marked, running, type StatePart } from './state-part.ts';

/**
 * The state machine: total, pure, and the only place where a container group changes. A refused command changes nothing
 * but the list of outcomes that its sender reads; a refused report may leave its boot among the earlier ones.
 */
export function decide(group: ContainerGroup | undefined, command: GroupCommand): Decision {
  const earlier =
    'commandId' in command ? group?.outcomes.find(({ commandId }) => commandId === command.commandId) : undefined;
  if (earlier !== undefined) {
    return earlier.refusal === undefined ? unchanged(group) : { outcome: 'refused', group, refusal: earlier.refusal };
  }
  return withOutcome(decideAnew(group, command), command);
}

function decideAnew(group: ContainerGroup | undefined, command: GroupCommand): Decision {
  if (command.command === 'create') {
    return create(group, command);
  }
  if (command.command === 'adopt') {
    return adopt(group, command);
  }
  if (group === undefined) {
    return refused(group, 'unknownGroup', 'There is no such container group.');
  }
  if ('incarnation' in command && command.incarnation !== undefined && command.incarnation !== group.incarnation) {
    return refused(
      group,
      'otherIncarnation',
      `${group.containerGroupName} has been created anew since; this is about an earlier one.`,
    );
  }
  const acceptance = acceptanceTable[command.command][phaseOf(group)];
  if (acceptance === 'applies') {
    return apply(group, command);
  }
  return acceptance === 'changesNothing' ? unchanged(group) : refused(group, acceptance, explain(group, command));
}

function apply(group: ContainerGroup, command: CommandOf<Exclude<CommandName, 'create' | 'adopt'>>): Decision {
  const enter = (part: StatePart, happening: Happening): Decision =>
    changed(enterState(group, command, part, happening));
  switch (command.command) {
    case 'provisioned':
      return enter(running(group, command.endpoint, command.at), { event: 'provisioned' });
    case 'failProvisioning': {
      const part = { ...failedBy(group, command.failure), ...defined({ leftNothing: command.leftNothing }) };
      return enter(part, { event: 'failed', detail: command.failure.code });
    }
    case 'fail':
      return giveUp(group, command);
    case 'enforceDeadline':
      return enforceDeadline(group, command);
    case 'enforceLimits':
      return enforceLimits(group, command);
    case 'recordAbsence':
      return recordAbsence(group, command);
    case 'recordTagMissing':
      return recordTagMissing(group, command);
    case 'recordEndpoint':
      return recordEndpoint(group, command);
    case 'recordFailure':
      return recordFailure(group, command);
    case 'recordInspection':
      return recordInspection(group, command);
    case 'restore':
      return restore(group, command);
    case 'mark':
      return enter(marked(group), { event: 'marked' });
    case 'reportSessions': {
      const taken = takeSessionReport(group, command);
      return taken.refusal === undefined
        ? changed(revived(taken.group, command))
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
      return changed(undefined);
  }
}

function beingDeleted(group: ContainerGroup, command: CommandOf<'beginDelete'>): StatePart {
  const deletion = { requestedAt: command.at, cause: command.cause ?? command.mode };
  return group.state === 'Failed'
    ? { ...failedBy(group, group.failure), ...defined({ leftNothing: group.leftNothing }), deletion }
    : { ...marked(group), deletion };
}

function explain(group: ContainerGroup, { command }: GroupCommand): string {
  return `${group.containerGroupName} is ${describePhase(group)}, so that '${command}' is not possible.`;
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
