import type { Failure } from './failure.ts';
import type { GroupId } from './group-id.ts';
import type { Instant } from './time.ts';

/** A container group as its entity holds it: exactly one of four states, each with the facts that are true in it. */
export type ContainerGroup = CreatingGroup | RunningGroup | MarkedGroup | FailedGroup;

export type GroupState = ContainerGroup['state'];

export interface CreatingGroup extends GroupFacts {
  state: 'Creating';
}

export interface RunningGroup extends GroupFacts {
  state: 'Running';
  endpoint: Endpoint;
}

export interface MarkedGroup extends GroupFacts {
  state: 'MarkedForDeletion';
  /** Absent when the group was deleted while it was still being created. */
  endpoint?: Endpoint;
  deletion?: Deletion;
}

export interface FailedGroup extends GroupFacts {
  state: 'Failed';
  failure: Failure;
  /** Absent when the group never ran. */
  endpoint?: Endpoint;
  deletion?: Deletion;
}

export interface GroupFacts extends GroupId {
  /** Tells this group from earlier and later ones of the same name; the ARM tag `aci-incarnation` of its resource. */
  incarnation: string;
  location: string;
  createdAt: Instant;
  stateSince: Instant;
  activeSessions: number;
  maxSessions?: number;
  labels?: Record<string, string>;
  creation: Creation;
  lastReport?: SessionReportMark;
  /** Oldest first, the newest `MAX_TIMELINE_ENTRIES`. */
  timeline: TimelineEntry[];
  /** Oldest first, the newest `MAX_OUTCOMES`. */
  outcomes: CommandOutcome[];
}

/** Where clients reach the group, as ARM last showed it: an IP can change, so it is observed and not owned. */
export interface Endpoint {
  publicIP?: string;
  fqdn?: string;
  ports: Port[];
}

export interface Port {
  port: number;
  protocol: 'TCP' | 'UDP';
}

/** A deletion that was begun; there is no way back from it. */
export interface Deletion {
  requestedAt: Instant;
  cause: string;
}

/** What tells a repeated create from another one. */
export interface Creation {
  idempotencyKey?: string;
  /** SHA-256 of the request body, hex. */
  requestDigest: string;
}

/** The newest session report that was taken. */
export interface SessionReportMark {
  at: Instant;
  bootId?: string;
  sequence?: number;
  /** Boots that a newer boot replaced, newest last; their late reports are refused. */
  earlierBootIds?: string[];
}

export interface TimelineEntry {
  at: Instant;
  event: string;
  /** The state after it. */
  state: GroupState;
  cause?: string;
  detail?: string;
}

/** How a command that wants an answer ended, kept until newer ones push it out. */
export interface CommandOutcome {
  commandId: string;
  at: Instant;
  refusal?: Failure;
}

export const MAX_TIMELINE_ENTRIES = 40;
export const MAX_OUTCOMES = 16;
export const MAX_EARLIER_BOOT_IDS = 8;

/** Whether a deletion of this group was begun; from then on it can only end deleted. */
export function isBeingDeleted(group: ContainerGroup): boolean {
  return deletionOf(group) !== undefined;
}

/** The deletion that was begun, in the states that can have one. */
export function deletionOf(group: ContainerGroup): Deletion | undefined {
  return group.state === 'MarkedForDeletion' || group.state === 'Failed' ? group.deletion : undefined;
}

/** Where the group answered last, in the states that can know it. */
export function endpointOf(group: ContainerGroup): Endpoint | undefined {
  return group.state === 'Creating' ? undefined : group.endpoint;
}
