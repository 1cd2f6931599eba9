import { z } from 'zod';
import { failureSchema } from '../domain/failure.ts';
import { commandSchemas } from '../domain/group/group-command.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import {
  inspectingSchema,
  inspectingStatusSchema,
  inspectionSchema,
  readableInspectingSchema,
} from '../domain/inspect/inspecting.ts';
import { collectionSchema } from '../domain/sweep/garbage.ts';
import { defineActivity, defineOrchestrator } from './contract.ts';

const { incarnation, restarts, restarted, ending } = commandSchemas.recordInspection.shape;

/** A finding as an orchestration can read it. */
export const findingSchema = z.object({ ...groupIdSchema.shape, incarnation, restarts, restarted, ending });
/** What is new of one group. */
export type Finding = z.infer<typeof findingSchema>;

/** Looks at the containers of some groups, each by one read of its resource in ARM: of the next page, or of those that are named. */
export const inspectContainerGroups = defineActivity('inspectContainerGroups', {
  input: z.object({
    continuationToken: z.string().exactOptional(),
    /** Keys of groups whose look was refused. */
    only: z.array(z.string()).exactOptional(),
    /** When the last inspection began that came through, and how long the one before took. */
    lastLookAt: inspectionSchema.shape.inspectedAt.exactOptional(),
    lastDurationMs: inspectionSchema.shape.durationMs.exactOptional(),
  }),
  output: z.object({
    inspectedCount: z.int(),
    findings: z.array(findingSchema),
    /** Those that could not be looked at. */
    failed: z.array(collectionSchema.required({ failure: true })),
    /** There when ARM refused a look for the number of calls: the groups that are left to be looked at, by their keys. */
    refused: z
      .object({ keys: z.array(z.string()), failure: failureSchema, retryAfterMs: z.int().min(0).exactOptional() })
      .exactOptional(),
    continuationToken: z.string().exactOptional(),
    /** Carries the setting, which may change between inspections. */
    inspectIntervalMs: z.int().min(1),
  }),
});

/** The eternal inspection of the containers of live groups: a turn takes a page of them. */
export const inspect = defineOrchestrator('inspect', {
  versions: ['0.2.0'],
  isEternal: true,
  input: inspectingSchema,
  output: z.unknown(),
  status: inspectingStatusSchema,
});

/** The eternal inspection as those read it who report or restart it: of what is not of the shape above, as much as can be read. */
export const anyInspection = { ...inspect, input: readableInspectingSchema, status: readableInspectingSchema };
