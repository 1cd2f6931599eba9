import { z } from 'zod';
import { groupIdSchema } from '../domain/group/group-id.ts';
import { collectionSchema, readableSweepingSchema, sweepingSchema } from '../domain/sweep/garbage.ts';
import { defineActivity, defineEvent, defineOrchestrator } from './contract.ts';

/** A group to collect, as the sweep saw it: a later one of the name is not meant. 0.1.0 told no incarnation. */
const garbageSchema = z.object({ ...groupIdSchema.shape, incarnation: z.string().exactOptional() });

/** Reads one page of groups and picks those that a sweep would delete. Carries the sweep's settings, which may change between sweeps. */
export const findGarbage = defineActivity('findGarbage', {
  input: z.object({ continuationToken: z.string().exactOptional() }),
  output: z.object({
    garbage: z.array(garbageSchema),
    keptCount: z.int(),
    /** Groups whose stored state no version should have written. */
    unreadable: z.array(groupIdSchema),
    /** Groups whose state a newer version of the app wrote; 0.1.0 knew none. */
    newer: z.array(groupIdSchema).exactOptional(),
    continuationToken: z.string().exactOptional(),
    sweepIntervalMs: z.int().min(1),
  }),
});

/** Starts the deletion of each group, unless one is under way already. */
export const startDeletions = defineActivity('startDeletions', {
  input: z.object({ groups: z.array(garbageSchema), cause: z.string() }),
  output: z.object({}),
});

/** Tells of each deletion how it ended; the ones still under way are not listed. */
export const readDeletions = defineActivity('readDeletions', {
  input: z.object({ groups: z.array(groupIdSchema) }),
  output: z.object({ ended: z.array(collectionSchema) }),
});

/** Asks the eternal sweep to sweep now. */
export const sweepNow = defineEvent('sweepNow', z.object({}));

/** The eternal sweep: one turn, one sweep. Its status says which sweep began last and what the last finished one did. */
export const collectGarbage = defineOrchestrator('collectGarbage', {
  versions: ['0.1.0'],
  input: sweepingSchema,
  output: z.unknown(),
  status: z.object({
    number: sweepingSchema.shape.number,
    phase: z.enum(['sweeping', 'waiting']),
    last: sweepingSchema.shape.last,
  }),
});

/** The eternal sweep as those read it who ask for it or restart it: of what is not of the shape above, as much as can be read. */
export const anySweep = { ...collectGarbage, input: readableSweepingSchema, status: readableSweepingSchema };
