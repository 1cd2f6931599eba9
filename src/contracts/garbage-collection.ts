import { z } from 'zod';
import type { SweepReport } from '../domain/sweep/garbage.ts';
import { groupIdSchema } from './container-group.ts';
import { defineActivity, defineEvent, defineOrchestrator } from './contract.ts';
import { failureSchema } from './failure.ts';

/** Reads one page of groups and picks those that a sweep would delete. Carries the sweep's settings, which may change between sweeps. */
export const findGarbage = defineActivity('findGarbage', {
  input: z.object({ continuationToken: z.string().exactOptional() }),
  output: z.object({
    garbage: z.array(groupIdSchema),
    keptCount: z.int(),
    /** Groups whose stored state this version can't read. */
    unreadable: z.array(groupIdSchema),
    continuationToken: z.string().exactOptional(),
    sweepIntervalMs: z.int().min(1),
  }),
});

/** Starts the deletion of each group, unless one is under way already. */
export const startDeletions = defineActivity('startDeletions', {
  input: z.object({ groups: z.array(groupIdSchema), cause: z.string() }),
  output: z.object({}),
});

/** Tells of each deletion how it ended; the ones still under way are not listed. */
export const readDeletions = defineActivity('readDeletions', {
  input: z.object({ groups: z.array(groupIdSchema) }),
  output: z.object({
    ended: z.array(z.object({ ...groupIdSchema.shape, failure: failureSchema.exactOptional() })),
  }),
});

/** What the last sweep did. */
const sweepReportSchema = z.object({
  number: z.int(),
  sweptAt: z.iso.datetime(),
  collectedCount: z.int(),
  keptCount: z.int(),
  failedCount: z.int(),
  collected: z.array(groupIdSchema),
  failed: z.array(z.object({ ...groupIdSchema.shape, failure: failureSchema })),
  durationMs: z.int(),
}) satisfies z.ZodType<SweepReport>;

/** Asks the eternal sweep to sweep now. */
export const sweepNow = defineEvent('sweepNow', z.object({}));

/** The eternal sweep: one turn, one sweep. Its status says which sweep began last and what the last finished one did. */
export const collectGarbage = defineOrchestrator('collectGarbage', {
  input: z.object({ number: z.int().min(1), last: sweepReportSchema.exactOptional() }),
  output: z.unknown(),
  status: z.object({
    number: z.int(),
    phase: z.enum(['sweeping', 'waiting']),
    last: sweepReportSchema.exactOptional(),
  }),
});
