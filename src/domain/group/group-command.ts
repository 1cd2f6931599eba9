import type { Creation, Endpoint, GroupState } from './container-group.ts';
import type { Failure, FailureCode } from '../failure.ts';
import type { Instant } from '../time.ts';

/** Everything that can be asked of a container group. Each command carries the time, so that deciding reads no clock. */
export type GroupCommand =
  | CreateCommand
  | ProvisionedCommand
  | FailProvisioningCommand
  | ReportSessionsCommand
  | RotateTokenCommand
  | MarkCommand
  | FailCommand
  | BeginDeleteCommand
  | FinishDeleteCommand
  | RecordAbsenceCommand;

interface CommandFacts {
  at: Instant;
  /** Who or what asked, for the timeline: a request, an event, a sweep. */
  cause?: string;
}

/** A command about one incarnation; refused when the group is another one by now. */
interface OfIncarnation {
  incarnation: string;
}

/** A command whose outcome the sender reads back; repeated with the same id it changes nothing. */
interface Answered {
  commandId: string;
}

/** Begins the life of a group. */
export interface CreateCommand extends CommandFacts, OfIncarnation {
  command: 'create';
  resourceGroup: string;
  containerGroupName: string;
  location: string;
  maxSessions?: number;
  labels?: Record<string, string>;
  creation: Creation;
  tokenDigest: string;
}

/** The group runs. */
export interface ProvisionedCommand extends CommandFacts, OfIncarnation {
  command: 'provisioned';
  endpoint: Endpoint;
}

/** The group never came to run. */
export interface FailProvisioningCommand extends CommandFacts, OfIncarnation {
  command: 'failProvisioning';
  failure: Failure;
}

/** Says how many sessions there are; a report older than what is known is refused. */
export interface ReportSessionsCommand extends CommandFacts, Partial<OfIncarnation> {
  command: 'reportSessions';
  activeSessions: number;
  bootId?: string;
  sequence?: number;
}

/** Gives the containers a new token; the old one is taken until its grace is over. */
export interface RotateTokenCommand extends CommandFacts, OfIncarnation {
  command: 'rotateToken';
  /** The generation of the new token; refused unless it follows the present one. */
  generation: number;
  tokenDigest: string;
  graceUntil: Instant;
}

/** Lets the group go once nobody plays on it. */
export interface MarkCommand extends CommandFacts, Answered {
  command: 'mark';
}

/** Gives the group up. */
export interface FailCommand extends CommandFacts, Answered {
  command: 'fail';
  failure: Failure;
}

/**
 * `graceful` is the sweep's: only a marked group that nobody plays on. `ifIdle` takes any state without sessions, `force`
 * any state at all.
 */
export interface BeginDeleteCommand extends CommandFacts, Partial<OfIncarnation> {
  command: 'beginDelete';
  mode: 'graceful' | 'ifIdle' | 'force';
  /** A last report older than this no longer protects a marked group: a crashed server never reports zero. */
  sessionsStaleAfterMs: number;
}

/** Nothing is left of the group in ARM. */
export interface FinishDeleteCommand extends CommandFacts, OfIncarnation {
  command: 'finishDelete';
}

/** ARM answered 404 for a group that nobody here deleted. */
export interface RecordAbsenceCommand extends CommandFacts, OfIncarnation {
  command: 'recordAbsence';
}

/** Where in its life a group is, as far as commands care: no entity, one of the four states, or a deletion begun. */
export type GroupPhase = 'absent' | GroupState | 'beingDeleted';

/** What a command meets in a phase: it applies (guards may still refuse it), it changes nothing, or it is refused. */
export type Acceptance = 'applies' | 'changesNothing' | FailureCode;

/**
 * What is accepted where. The guards of `decide` only ever refuse more than this table. The state diagram in the documents
 * and the property tests come from it.
 */
export const acceptanceTable: Record<GroupCommand['command'], Record<GroupPhase, Acceptance>> = {
  create: row('applies', 'alreadyExists', 'alreadyExists', 'alreadyExists', 'alreadyExists', 'alreadyExists'),
  provisioned: row('unknownGroup', 'applies', 'changesNothing', 'notCreating', 'notCreating', 'deletionBegan'),
  failProvisioning: row('unknownGroup', 'applies', 'notCreating', 'notCreating', 'notCreating', 'deletionBegan'),
  reportSessions: row('unknownGroup', 'applies', 'applies', 'applies', 'applies', 'deletionBegan'),
  rotateToken: row('unknownGroup', 'applies', 'applies', 'applies', 'applies', 'deletionBegan'),
  mark: row('unknownGroup', 'stillCreating', 'applies', 'changesNothing', 'groupFailed', 'deletionBegan'),
  fail: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'changesNothing', 'deletionBegan'),
  beginDelete: row('unknownGroup', 'applies', 'applies', 'applies', 'applies', 'changesNothing'),
  finishDelete: row(
    'unknownGroup',
    'deletionNotBegun',
    'deletionNotBegun',
    'deletionNotBegun',
    'deletionNotBegun',
    'applies',
  ),
  recordAbsence: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'applies', 'changesNothing'),
};

function row(
  ...[absent, Creating, Running, MarkedForDeletion, Failed, beingDeleted]: [
    absent: Acceptance,
    creating: Acceptance,
    running: Acceptance,
    markedForDeletion: Acceptance,
    failed: Acceptance,
    beingDeleted: Acceptance,
  ]
): Record<GroupPhase, Acceptance> {
  return { absent, Creating, Running, MarkedForDeletion, Failed, beingDeleted };
}
