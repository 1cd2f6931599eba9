import { z } from 'zod';
import { failureSchema, type FailureCode } from '../failure.ts';
import { instantSchema } from '../time.ts';
import { containerEndSchema, restartsSchema } from './container-end.ts';
import {
  endpointSchema,
  groupFactsSchema,
  receiptSchema,
  reportSourceSchema,
  type GroupState,
} from './container-group.ts';
import { groupIdSchema } from './group-id.ts';
import { leaseIdSchema, MAX_NAMED_LEASES } from './named-leases.ts';
import { groupWishes, MAX_SESSIONS } from './group-wishes.ts';

const facts = groupFactsSchema.shape;

const base = {
  at: instantSchema,
  /** Who or what asked, for the timeline: a request, an event, a sweep. */
  cause: z.string().exactOptional(),
};

/** Of a command about one incarnation; refused when the group is another one by now. */
const ofIncarnation = { incarnation: facts.incarnation };
const ofIncarnationIfAny = { incarnation: facts.incarnation.exactOptional() };

/** Of a command whose outcome the sender reads back; repeated with the same id it changes nothing. */
const answered = { commandId: z.string() };

/**
 * `graceful` is the sweep's: only a marked group that nobody plays on. `ifIdle` takes any state without sessions, `force`
 * any state at all.
 */
const deletionModeSchema = z.enum(['graceful', 'ifIdle', 'force']);

/** Everything that can be asked of a container group. Each command carries the time, so that deciding reads no clock. */
export const commandSchemas = {
  /** Begins the life of a group. */
  create: z.object({
    ...base,
    ...groupIdSchema.shape,
    ...ofIncarnation,
    location: facts.location,
    ...groupWishes,
    creation: facts.creation,
    tokenDigest: z.string(),
    /** When the group has to run at the latest. */
    deadlineAt: instantSchema.exactOptional(),
  }),
  /** Begins the life of a group that was found in Azure: the installation made it, and lost what it knew of it. */
  adopt: z.object({
    ...base,
    ...groupIdSchema.shape,
    ...ofIncarnation,
    location: facts.location,
    ...groupWishes,
    tokenDigest: z.string(),
    endpoint: endpointSchema,
    /** Why it can't be used; without one it runs. */
    failure: failureSchema.exactOptional(),
  }),
  /** The group runs. */
  provisioned: z.object({ ...base, ...ofIncarnation, endpoint: endpointSchema }),
  /** The group never came to run. */
  failProvisioning: z.object({
    ...base,
    ...ofIncarnation,
    failure: failureSchema,
    /** Azure never had anything of it, for certain. */
    leftNothing: z.literal(true).exactOptional(),
  }),
  /** Gives up a group that is past its deadline, if nobody else does within a grace: its provisioning may have been ended or broken. */
  enforceDeadline: z.object({
    ...base,
    ...ofIncarnation,
    /** How long after its creation a group has to run that does not know its deadline. */
    deadlineMs: z.int(),
  }),
  /** Has a group go that has lived, or lain idle, for as long as it may, and gives up one whose server is silent. */
  enforceLimits: z.object({ ...base, ...ofIncarnation }),
  /** Says how many sessions there are, received at `at`; a report older than what is known is refused. */
  reportSessions: z.object({
    ...base,
    ...ofIncarnationIfAny,
    receipt: receiptSchema.exactOptional(),
    source: reportSourceSchema.exactOptional(),
    activeSessions: facts.activeSessions.max(MAX_SESSIONS),
    bootId: z.string().exactOptional(),
    /** When that boot of the server began, by its own clock. */
    bootedAt: instantSchema.exactOptional(),
    sequence: z.int().min(0).exactOptional(),
    /**
     * Of the seats that are among these sessions: all that the server has taken somebody in for, or those since its last report. A lease of several seats
     * only once all of them are, since it protects none any more.
     */
    leases: z.array(leaseIdSchema).max(MAX_NAMED_LEASES).exactOptional(),
  }),
  /** Gives the containers a new token; the old one is taken until its grace is over. */
  rotateToken: z.object({
    ...base,
    ...ofIncarnation,
    /** The generation of the new token; changes nothing unless it follows the present one. */
    generation: z.int(),
    tokenDigest: z.string(),
    graceUntil: instantSchema,
    /** Of the token that the container has, of a group that was adopted. */
    previousDigest: z.string().exactOptional(),
  }),
  /** Lets the group go once nobody plays on it. */
  mark: z.object({ ...base, ...answered }),
  /** Gives the group up. */
  fail: z.object({ ...base, ...answered, failure: failureSchema }),
  /** Begins the deletion, if the mode allows it. */
  beginDelete: z.object({
    ...base,
    ...ofIncarnationIfAny,
    mode: deletionModeSchema,
    /** Silence for longer than this, since the mark and since the last report, no longer protects a marked group: a crashed server never reports zero. */
    sessionsStaleAfterMs: z.int(),
    /** A creation that left nothing in Azure is kept for so long to be looked at; without it, as 0.1.0 asks, until an operator deletes it. */
    failedCreationRetentionMs: z.int().exactOptional(),
    /** Any other failed group is kept for so long, since Azure bills it; without it, as 0.1.0 asks, until an operator deletes it. */
    failedRetentionMs: z.int().exactOptional(),
    /** Whoever asks has seen that Azure has no resource of the group, which a sweep has to before it forgets one that ran. */
    absenceSeen: z.literal(true).exactOptional(),
  }),
  /** Nothing is left of the group in ARM. */
  finishDelete: z.object({ ...base, ...ofIncarnation }),
  /** ARM answered 404 for a group that nobody here deleted. */
  recordAbsence: z.object({ ...base, ...ofIncarnation }),
  /** ARM has a resource of the group's name without the tag that says whose it is. */
  recordTagMissing: z.object({ ...base, ...ofIncarnation }),
  /** ARM shows the group under another address. */
  recordEndpoint: z.object({ ...base, ...ofIncarnation, endpoint: endpointSchema }),
  /** ARM says that the group, which ran, has failed. */
  recordFailure: z.object({ ...base, ...ofIncarnation, failure: failureSchema }),
  /** A look at the group's containers shows that some were restarted or have ended. */
  recordInspection: z.object({
    ...base,
    ...ofIncarnation,
    restarts: restartsSchema.exactOptional(),
    /** Which were restarted since the look before, and why, for the timeline. */
    restarted: z.string().exactOptional(),
    ending: z
      .object({
        event: z.enum(['crashed', 'crashLoop', 'ended']),
        failure: failureSchema,
        container: containerEndSchema.omit({ at: true }),
        /** All containers of the group have ended for good. */
        allEnded: z.literal(true).exactOptional(),
      })
      .exactOptional(),
  }),
  /** ARM has the resource of a group that it had denied, or whose tag was missing, and shows it running. */
  restore: z.object({ ...base, ...ofIncarnation, endpoint: endpointSchema }),
};
export type CommandName = keyof typeof commandSchemas;

/** What a command says beside its name. */
export type CommandInput<Name extends CommandName> = z.infer<(typeof commandSchemas)[Name]>;

type Commands = { [Name in CommandName]: { command: Name } & CommandInput<Name> };

/** One of the commands, with its name in it. */
export type CommandOf<Name extends CommandName> = Commands[Name];

/** Any of the commands. */
export type GroupCommand = CommandOf<CommandName>;

/** Where in its life a group is, as far as commands care: no entity, one of the four states, or a deletion begun. */
export type GroupPhase = 'absent' | GroupState | 'beingDeleted';

/** What a command meets in a phase: it applies (guards may still refuse it), it changes nothing, or it is refused. */
export type Acceptance = 'applies' | 'changesNothing' | FailureCode;

/**
 * What is accepted where. The guards of `decide` only ever refuse more than this table. The state diagram in the documents
 * and the property tests come from it.
 */
export const acceptanceTable: Record<CommandName, Record<GroupPhase, Acceptance>> = {
  create: row('applies', 'alreadyExists', 'alreadyExists', 'alreadyExists', 'applies', 'alreadyExists'),
  adopt: row('applies', 'alreadyExists', 'alreadyExists', 'alreadyExists', 'alreadyExists', 'alreadyExists'),
  provisioned: row('unknownGroup', 'applies', 'changesNothing', 'notCreating', 'notCreating', 'deletionBegan'),
  failProvisioning: row('unknownGroup', 'applies', 'notCreating', 'notCreating', 'notCreating', 'deletionBegan'),
  enforceDeadline: row('unknownGroup', 'applies', 'notCreating', 'notCreating', 'notCreating', 'deletionBegan'),
  enforceLimits: row('unknownGroup', 'changesNothing', 'applies', 'changesNothing', 'changesNothing', 'changesNothing'),
  reportSessions: row('unknownGroup', 'applies', 'applies', 'applies', 'applies', 'deletionBegan'),
  rotateToken: row('unknownGroup', 'applies', 'applies', 'applies', 'applies', 'deletionBegan'),
  mark: row('unknownGroup', 'stillCreating', 'applies', 'changesNothing', 'groupFailed', 'deletionBegan'),
  fail: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'applies', 'deletionBegan'),
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
  recordTagMissing: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'changesNothing', 'applies'),
  recordEndpoint: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'changesNothing', 'changesNothing'),
  recordFailure: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'changesNothing', 'changesNothing'),
  recordInspection: row('unknownGroup', 'stillCreating', 'applies', 'applies', 'applies', 'changesNothing'),
  restore: row('unknownGroup', 'stillCreating', 'changesNothing', 'changesNothing', 'applies', 'deletionBegan'),
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
