import { z } from 'zod';
import { groupFactsSchema } from '../domain/group/container-group.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import { collectionSchema } from '../domain/sweep/garbage.ts';
import { readableSweepingSchema, sweepingSchema, sweepingStatusSchema } from '../domain/sweep/sweeping.ts';
import { defineActivity, defineEvent, defineOrchestrator } from './contract.ts';

/** A group to collect, as the sweep saw it: a later one of the name is not meant. 0.1.0 told no incarnation. */
const garbageSchema = z.object({ ...groupIdSchema.shape, incarnation: z.string().exactOptional() });

const incarnationOfGroupSchema = z.object({
  ...groupIdSchema.shape,
  incarnation: groupFactsSchema.shape.incarnation,
});

const slowCreationSchema = incarnationOfGroupSchema.extend({ isOverdue: z.boolean() });

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
    /** Creations that take long. */
    slow: z.array(slowCreationSchema).exactOptional(),
    /** Groups that run and have passed a limit that their creator set. */
    passed: z.array(incarnationOfGroupSchema).exactOptional(),
    continuationToken: z.string().exactOptional(),
    sweepIntervalMs: z.int().min(1),
    /** What a sweep may start; 0.1.0 had no such setting. */
    deletionsPerFiveMinutes: z.int().min(1).exactOptional(),
  }),
});

/** Starts the deletion of each group, unless one is under way already. */
export const startDeletions = defineActivity('startDeletions', {
  input: z.object({ groups: z.array(garbageSchema), cause: z.string() }),
  output: z.object({
    /** Those that were under way already, by `ACIDelete` or by another sweep; 0.1.0 did not tell. */
    alreadyUnderWay: z.array(groupIdSchema).exactOptional(),
    /** Groups whose deletion could not be started, since that of an earlier group of the name is under way; 0.1.0 did not tell. */
    earlierUnderWay: z.array(groupIdSchema).exactOptional(),
  }),
});

/** Tells of each deletion how it ended; the ones still under way are not listed. */
export const readDeletions = defineActivity('readDeletions', {
  input: z.object({ groups: z.array(groupIdSchema) }),
  output: z.object({ ended: z.array(collectionSchema) }),
});

/** Wakes the provisionings that lie still, and has the entities give up the groups that are past their deadline. */
export const attendSlowCreations = defineActivity('attendSlowCreations', {
  input: z.object({ groups: z.array(slowCreationSchema), cause: z.string() }),
  output: z.object({}),
});

/** Has the entities look whether the groups have passed a limit that their creator set. */
export const enforceLimits = defineActivity('enforceLimits', {
  input: z.object({ groups: z.array(incarnationOfGroupSchema), cause: z.string() }),
  output: z.object({}),
});

/**
 * Asks the eternal sweep to sweep now, unless a sweep later than `after` has begun: an event may come twice, or late. Without a number, as
 * 0.1.0 asks, it sweeps in any case.
 */
export const sweepNow = defineEvent('sweepNow', z.object({ after: z.int().min(0).exactOptional() }));

/**
 * The eternal sweep: a turn takes a page of groups, or all of them in 0.1.0. Its status says which sweep began last and what the last
 * finished one did.
 */
export const collectGarbage = defineOrchestrator('collectGarbage', {
  versions: ['0.1.0', '0.2.0'],
  isEternal: true,
  input: sweepingSchema,
  output: z.unknown(),
  status: sweepingStatusSchema,
});

/** The eternal sweep as those read it who ask for it or restart it: of what is not of the shape above, as much as can be read. */
export const anySweep = { ...collectGarbage, input: readableSweepingSchema, status: readableSweepingSchema };
