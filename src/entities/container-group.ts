import type { containerGroupEntity, OperationReply } from '../contracts/container-group.ts';
import { defined } from '../domain/defined.ts';
import { endpointOf, type ContainerGroup } from '../domain/group/container-group.ts';
import { decide } from '../domain/group/decide.ts';
import type { Decision } from '../domain/group/decision.ts';
import type { CommandInput, CommandName, GroupCommand } from '../domain/group/group-command.ts';
import { lastHeartbeatAt } from '../domain/group/group-limits.ts';
import { newerState } from '../domain/group/newer-group.ts';
import { toListItem } from '../domain/group/list-item.ts';
import { describeMs, elapsedMs } from '../domain/time.ts';
import type { EntityOperations, OperationResult } from '../durable/entity.ts';

type Operations = typeof containerGroupEntity.operations;

/** The operations of the container group entity: each is one command to the state machine. */
export const containerGroupOperations: EntityOperations<ContainerGroup, Operations> = {
  create: operation('create'),
  adopt: operation('adopt'),
  provisioned: operation('provisioned'),
  failProvisioning: operation('failProvisioning'),
  enforceDeadline: operation('enforceDeadline'),
  enforceLimits: operation('enforceLimits'),
  reportSessions: operation('reportSessions'),
  rotateToken: operation('rotateToken'),
  mark: operation('mark'),
  fail: operation('fail'),
  beginDelete: operation('beginDelete'),
  finishDelete: operation('finishDelete'),
  recordAbsence: operation('recordAbsence'),
  recordTagMissing: operation('recordTagMissing'),
  recordEndpoint: operation('recordEndpoint'),
  recordFailure: operation('recordFailure'),
  recordInspection: operation('recordInspection'),
  restore: operation('restore'),
  look: (group, { incarnation }) => ({ state: group, reply: toReply(look(group, incarnation)) }),
};

/** What every operation answers when a newer version of the app wrote the group's state. */
export function replyOfNewerGroup(key: string): OperationReply {
  return { outcome: 'refused', refusal: newerState(key) };
}

function operation<Name extends CommandName>(name: Name) {
  return (
    group: ContainerGroup | undefined,
    input: CommandInput<Name>,
  ): OperationResult<ContainerGroup, OperationReply> => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript does not see that a command of any name is one of the commands
    const command = { command: name, ...input } as GroupCommand;
    const decision = decide(group, command);
    const log = describeChange(group, decision, command);
    return { state: decision.group, reply: toReply(decision), ...defined({ log }) };
  };
}

function look(group: ContainerGroup | undefined, incarnation: string): Decision {
  if (group === undefined || group.incarnation === incarnation) {
    return { outcome: 'unchanged', group };
  }
  const message = `${group.containerGroupName} has been created anew since.`;
  return { outcome: 'refused', group, refusal: { code: 'otherIncarnation', message } };
}

function toReply(decision: Decision): OperationReply {
  const { outcome, group } = decision;
  return {
    outcome,
    ...defined({
      group: group === undefined ? undefined : toListItem(group),
      incarnation: group?.incarnation,
      refusal: outcome === 'refused' ? decision.refusal : undefined,
      hasReported: lastHeartbeatAt(group?.lastReport) === undefined ? undefined : (true as const),
    }),
  };
}

/** `games/game-1 Creating → Running 20.0.0.1 in 31.2 s`: what an operator wants to see of a change of state, and of nothing else. */
function describeChange(
  before: ContainerGroup | undefined,
  { group: after }: Decision,
  command: GroupCommand,
): string | undefined {
  const group = after ?? before;
  if (before?.state === after?.state || group === undefined) {
    return undefined;
  }
  const name = `${group.resourceGroup}/${group.containerGroupName}`;
  const time =
    before === undefined
      ? ''
      : ` ${after === undefined ? 'after' : 'in'} ${describeMs(elapsedMs(before.stateSince, command.at))}`;
  const address = after?.state === 'Running' ? ` ${endpointOf(after)?.publicIP ?? 'without a public IP'}` : '';
  const failure = after?.state === 'Failed' ? `: ${after.failure.code}: ${after.failure.message}` : '';
  return `${name} ${before?.state ?? '(new)'} → ${after?.state ?? 'deleted'}${address}${time}${failure}`;
}
