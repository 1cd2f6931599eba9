import type { Failure } from '../failure.ts';
import type { GroupId } from './group-id.ts';
import type { Instant } from '../time.ts';

/** A container group as its entity holds it: exactly one of four states, each with the facts that are true in it. */
export type ContainerGroup = CreatingGroup | RunningGroup | MarkedGroup | FailedGroup;
export type GroupState = ContainerGroup['state'];

/** A group that is being provisioned. */
export interface CreatingGroup extends GroupFacts {
  state: 'Creating';
}

/** A group that takes players. */
export interface RunningGroup extends GroupFacts {
  state: 'Running';
  endpoint: Endpoint;
}

/** A group that goes once nobody plays on it. */
export interface MarkedGroup extends GroupFacts {
  state: 'MarkedForDeletion';
  /** Absent when the group was deleted while it was still being created. */
  endpoint?: Endpoint;
  deletion?: Deletion;
}

/** A group that never ran or broke. */
export interface FailedGroup extends GroupFacts {
  state: 'Failed';
  failure: Failure;
  /** Absent when the group never ran. */
  endpoint?: Endpoint;
  deletion?: Deletion;
}

/** What is true in every state. */
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
  token: GroupToken;
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

/** A port that clients reach. */
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

/** What is known of the token by which the group's containers prove themselves: never the token, only its digest. */
export interface GroupToken {
  digest: string;
  /** Counts from 1 with every rotation. */
  generation: number;
  issuedAt: Instant;
  /** The token before, which is taken until its grace is over. */
  previous?: { digest: string; validUntil: Instant };
}

/** The newest session report that was taken. */
export interface SessionReportMark {
  at: Instant;
  bootId?: string;
  sequence?: number;
  /** Boots that a newer boot replaced, newest last; their late reports are refused. */
  earlierBootIds?: string[];
}

/** Something that happened to a group, and who or what caused it. */
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

/** How much a group remembers of its past: an entity's state is read and written whole. */
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
