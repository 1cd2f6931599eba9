import { z } from 'zod';
import { failedSchema, failureSchema } from '../domain/failure.ts';
import { commandSchemas } from '../domain/group/group-command.ts';
import { provisioningEndSchema } from '../domain/group/absence.ts';
import { endpointSchema } from '../domain/group/container-group.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import { waitPolicySchema } from '../domain/group/provisioning.ts';
import { closeGroupSchema } from '../domain/seat/close-group.ts';
import { instantSchema } from '../domain/time.ts';
import { defineActivity, defineOrchestrator } from './contract.ts';

/** Deletes the resource in ARM. One that is gone, or that another incarnation owns by now, is a success; `tagMissing` one that does not say whose it is. */
export const deleteContainerGroupResource = defineActivity('deleteContainerGroupResource', {
  input: z.object({
    ...groupIdSchema.shape,
    incarnation: z.string(),
    /** Only looks whether it is gone, as Azure has said; one that is there is the failure `notGone`. */
    onlyIfAbsent: z.literal(true).exactOptional(),
  }),
  output: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), gone: z.boolean() }), failedSchema]),
});

/** Wakes the group's provisioning, so that it sees that its group is not wanted any more; answers whether it still runs. */
export const wakeProvisioning = defineActivity('wakeProvisioning', {
  input: groupIdSchema,
  output: z.object({
    running: z.boolean(),
    /** Absent of one that runs, and of one that is not known any more; 0.1.0 did not tell. */
    ended: provisioningEndSchema.exactOptional(),
  }),
});

/** Ends the provisioning of this incarnation where it is; nothing when it has ended, or is another's. */
export const terminateProvisioning = defineActivity('terminateProvisioning', {
  input: z.object({ ...groupIdSchema.shape, incarnation: z.string() }),
  output: z.object({}),
});

/** Looks whether the deletion of this incarnation stands in the committed state of its entity, whose answer can leave before that. */
export const confirmDeletion = defineActivity('confirmDeletion', {
  input: z.object({ ...groupIdSchema.shape, incarnation: z.string() }),
  output: z.object({ isBegun: z.boolean() }),
});

const closing = { ...groupIdSchema.shape, closingId: closeGroupSchema.shape.closingId };

/** Has the book of the group's fleet sell no more seats on it, and reads that in the book's committed state. */
export const closeSeats = defineActivity('closeSeats', {
  input: z.object({
    ...closing,
    /** The one that is to be deleted; without it whichever is there. */
    incarnation: commandSchemas.beginDelete.shape.incarnation,
    mode: commandSchemas.beginDelete.shape.mode,
    absenceSeen: commandSchemas.beginDelete.shape.absenceSeen,
  }),
  output: z.discriminatedUnion('outcome', [
    /** No seat of it is sold any more. */
    z.object({ outcome: z.literal('closed'), incarnation: z.string() }),
    /** There is nothing that could be closed, or needs to be: no such group, one that no book can sell, or a deletion by force and no answer. */
    z.object({ outcome: z.literal('nothing') }),
    z.object({ outcome: z.literal('refused'), failure: failureSchema }),
    /** Azure has denied the group, and may have it again with all who hold seats on it: nothing is closed before somebody has looked. */
    z.object({ outcome: z.literal('absenceNotSeen'), incarnation: z.string() }),
    /** The book has not said yet. */
    z.object({ outcome: z.literal('pending'), incarnation: z.string() }),
  ]),
});

/** Has the book sell seats on the group again, since its deletion spares it. */
export const openSeats = defineActivity('openSeats', {
  input: z.object({ ...closing, incarnation: z.string() }),
  output: z.object({}),
});

const since = { since: instantSchema, /** Tries in this stage so far. */ attempt: z.int() };
const begun = {
  /** When the entity agreed. */
  begunAt: instantSchema,
  incarnation: commandSchemas.finishDelete.shape.incarnation,
  publicIP: endpointSchema.shape.publicIP,
  fqdn: endpointSchema.shape.fqdn,
  /** A sweep forgets what Azure has said is gone, and deletes nothing. */
  onlyIfAbsent: z.literal(true).exactOptional(),
};

/** How far it was when another execution took it over. */
const progressSchema = z.discriminatedUnion('stage', [
  z.object({
    stage: z.literal('beginning'),
    ...since,
    /** Azure has none of what it has said is gone. */
    absenceSeen: z.literal(true).exactOptional(),
  }),
  z.object({ stage: z.literal('cancelling'), ...since, ...begun }),
  z.object({ stage: z.literal('deleting'), ...since, ...begun, askedUntil: instantSchema }),
]);

/** Deletes one container group, in ARM first and its entity last; always ends Completed. */
export const deleteContainerGroup = defineOrchestrator('deleteContainerGroup', {
  versions: ['0.1.0', '0.2.0'],
  input: z.object({
    ...groupIdSchema.shape,
    mode: commandSchemas.beginDelete.shape.mode,
    sessionsStaleAfterMs: commandSchemas.beginDelete.shape.sessionsStaleAfterMs,
    failedCreationRetentionMs: commandSchemas.beginDelete.shape.failedCreationRetentionMs,
    failedRetentionMs: commandSchemas.beginDelete.shape.failedRetentionMs,
    /** The one that whoever asked has seen; without it, as 0.1.0 asked, whichever is there. */
    incarnation: commandSchemas.beginDelete.shape.incarnation,
    cause: z.string(),
    waitPolicy: waitPolicySchema,
    progress: progressSchema.exactOptional(),
  }),
  output: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), deleted: z.literal(true) }),
    failedSchema.pick({ ok: true, failure: true }),
  ]),
  status: z.object({ phase: z.enum(['cancelling', 'deleting']), retrying: failureSchema.exactOptional() }),
});

/**
 * Remembers what an ACIDelete with an Idempotency-Key was about, which the group itself can't once it is gone. It ends at once, and
 * is the memory until the histories are purged.
 */
export const rememberDeletion = defineOrchestrator('rememberDeletion', {
  versions: ['0.2.0'],
  input: z.object({
    ...groupIdSchema.shape,
    ifIdle: z.boolean(),
    /** Whether there was a group to delete. */
    found: z.boolean(),
    /** Absent when there was none, or it could not be told. */
    incarnation: commandSchemas.beginDelete.shape.incarnation,
  }),
  output: z.object({}),
  status: z.undefined(),
});
