import type { ContainerGroup, GroupIn } from '../../../../src/domain/group/container-group.ts';
import type { CommandName, CommandOf } from '../../../../src/domain/group/group-command.ts';
import { adoptedGroup, newGroup } from '../../../../src/domain/group/enter-state.ts';

/** The moment at which the group of these tests is created. */
export const BORN = '2026-11-24T10:00:00.000Z';

/** A later moment. */
export const LATER = '2026-11-24T10:05:00.000Z';

export const createCommand: CommandOf<'create'> = {
  command: 'create',
  at: BORN,
  cause: 'request 1',
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation: 'first',
  location: 'westeurope',
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token-1',
};

const endpoint = { publicIP: '20.0.0.1', ports: [{ port: 7777, protocol: 'UDP' as const }] };

export const creating: GroupIn<'Creating'> = newGroup(createCommand);
export const running: GroupIn<'Running'> = { ...creating, state: 'Running', endpoint };
export const marked: GroupIn<'MarkedForDeletion'> = { ...creating, state: 'MarkedForDeletion', endpoint };
export const failed: GroupIn<'Failed'> = {
  ...creating,
  state: 'Failed',
  failure: { code: 'containersExited', message: 'It ended.' },
};
/** A group that ran until its server fell silent. */
export const silent: GroupIn<'Failed'> = {
  ...failed,
  endpoint,
  failure: { code: 'heartbeatLost', message: 'It is silent.' },
};
/** A group that ran until Azure had no resource of it. */
export const vanished: GroupIn<'Failed'> = {
  ...failed,
  endpoint,
  failure: { code: 'deletedOutside', message: 'It is gone.' },
  failedFrom: 'Running',
};
/** A group that was marked when its resource lost the tag that says whose it is. */
export const untagged: GroupIn<'Failed'> = {
  ...failed,
  endpoint,
  failure: { code: 'tagMissing', message: 'Whose is it?' },
  failedFrom: 'MarkedForDeletion',
};
/** A creation that Azure refused. */
export const refusedCreation: GroupIn<'Failed'> = {
  ...creating,
  state: 'Failed',
  failure: { code: 'quotaReached', message: 'There is no quota.' },
  leftNothing: true,
};
export const beingDeleted: GroupIn<'MarkedForDeletion'> = {
  ...marked,
  deletion: { requestedAt: BORN, cause: 'sweep 1' },
};

export const adopted = adoptedGroup({
  command: 'adopt',
  at: BORN,
  cause: 'reconciliation 1',
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation: 'first',
  location: 'westeurope',
  tokenDigest: 'token-1',
  endpoint,
});

/** With every optional field. */
const seasoned: GroupIn<'Failed'> = {
  ...failed,
  endpoint: { ...running.endpoint, fqdn: 'game.example.com' },
  failedFrom: 'Running',
  deletion: { requestedAt: LATER, cause: 'sweep 1' },
  sessionsUnknownSince: LATER,
  maxSessions: 8,
  maxLifetimeSeconds: 3_600,
  idleSeconds: 600,
  health: { heartbeatSeconds: 10, failureThreshold: 3, initialDelaySeconds: 30 },
  readiness: 'report',
  labels: { fleet: 'eu' },
  token: { ...failed.token, isAdopted: true, previous: { digest: 'old', validUntil: LATER } },
  lastReport: { at: LATER, bootId: 'b', sequence: 3, earlierBootIds: ['a'], receipts: [{ process: 'p', number: 1 }] },
  restarts: { since: LATER, containers: [{ name: 'server', before: 0, count: 1 }] },
  containerEnd: {
    at: LATER,
    containerName: 'server',
    exitCode: 1,
    reason: 'Error',
    restartCount: 1,
    lastLines: ['No.'],
  },
  allEndedAt: LATER,
  outcomes: [
    { commandId: 'c1', at: LATER, refusal: failed.failure },
    { commandId: 'c2', at: LATER },
  ],
};

/** One of each kind. */
export const groups: ContainerGroup[] = [
  creating,
  running,
  marked,
  failed,
  silent,
  vanished,
  untagged,
  refusedCreation,
  beingDeleted,
  adopted,
  seasoned,
];

const incarnation = 'first';
const failure = { code: 'imagePullFailed', message: 'The image could not be pulled.' } as const;

/** One command of each kind that no guard refuses, so that only the table decides. */
export const commandsNotGuarded: { [Name in CommandName]: CommandOf<Name> } = {
  create: { ...createCommand, incarnation: 'second' },
  adopt: {
    command: 'adopt',
    at: LATER,
    cause: 'reconciliation 1',
    resourceGroup: 'Games',
    containerGroupName: 'game-1',
    incarnation: 'second',
    location: 'westeurope',
    tokenDigest: 'token-1',
    endpoint,
  },
  provisioned: { command: 'provisioned', at: LATER, incarnation, endpoint: { publicIP: '20.0.0.2', ports: [] } },
  failProvisioning: { command: 'failProvisioning', at: LATER, incarnation, failure },
  enforceLimits: { command: 'enforceLimits', at: LATER, incarnation },
  enforceDeadline: { command: 'enforceDeadline', at: LATER, incarnation, deadlineMs: 60_000 },
  reportSessions: { command: 'reportSessions', at: LATER, activeSessions: 3, source: 'server' },
  rotateToken: {
    command: 'rotateToken',
    at: LATER,
    incarnation,
    generation: 2,
    tokenDigest: 'token-2',
    graceUntil: '2026-11-24T11:05:00.000Z',
  },
  mark: { command: 'mark', at: LATER, commandId: 'c1' },
  fail: { command: 'fail', at: LATER, commandId: 'c1', failure },
  beginDelete: { command: 'beginDelete', at: LATER, mode: 'force', sessionsStaleAfterMs: 1000 },
  finishDelete: { command: 'finishDelete', at: LATER, incarnation },
  recordAbsence: { command: 'recordAbsence', at: LATER, incarnation },
  recordTagMissing: { command: 'recordTagMissing', at: LATER, incarnation },
  recordEndpoint: { command: 'recordEndpoint', at: LATER, incarnation, endpoint: { publicIP: '20.0.0.2', ports: [] } },
  recordFailure: { command: 'recordFailure', at: LATER, incarnation, failure },
  recordInspection: {
    command: 'recordInspection',
    at: LATER,
    incarnation,
    ending: {
      event: 'crashed',
      failure: { code: 'containerCrashed', message: 'server ended with exit code 137.' },
      container: { containerName: 'server', exitCode: 137, restartCount: 0 },
      allEnded: true,
    },
  },
  restore: { command: 'restore', at: LATER, incarnation, endpoint },
};
