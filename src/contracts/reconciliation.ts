import { z } from 'zod';
import { failedSchema, failureSchema } from '../domain/failure.ts';
import { groupFactsSchema } from '../domain/group/container-group.ts';
import { groupWishes } from '../domain/group/group-wishes.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import {
  cursorSchema,
  driftSchema,
  orphanSchema,
  readableReconcilingSchema,
  reconcilingSchema,
  reconcilingStatusSchema,
} from '../domain/reconcile/reconciling.ts';
import { settlementSchema, suspectSchema } from '../domain/reconcile/settlement.ts';
import { defineActivity, defineOrchestrator } from './contract.ts';

/** Lists the resource groups to be compared, as many as an input may carry. */
export const listResourceGroups = defineActivity('listResourceGroups', {
  input: z.object({ after: cursorSchema.shape.moreAfter }),
  output: z.object({
    ...cursorSchema.pick({ resourceGroups: true, moreAfter: true }).shape,
    /** The setting, which may change between reconciliations. */
    reconcileIntervalMs: z.int().min(1),
  }),
});

/** Compares a resource group, by one list of it in ARM. */
export const compareResourceGroup = defineActivity('compareResourceGroup', {
  input: z.object({
    resourceGroup: z.string(),
    afterName: cursorSchema.shape.afterName,
    /** In how many reconciliations in a row too much was missing there. */
    timesHeldBack: z.int(),
  }),
  output: z.discriminatedUnion('found', [
    /** It could not be listed. */
    z.object({
      found: z.literal('failure'),
      ...failedSchema.pick({ failure: true, retryAfterMs: true }).shape,
    }),
    z.object({
      found: z.literal('comparison'),
      comparedCount: z.int(),
      foreignCount: z.int(),
      /** Those that are left alone, the first of them. */
      orphanCount: z.int(),
      orphans: z.array(orphanSchema),
      driftCount: z.int(),
      drifted: z.array(driftSchema),
      /** In the order of their names, as many as a turn settles. */
      suspects: z.array(suspectSchema),
      /** So much is missing in Azure that it is left out of these for now. */
      heldBack: z.object({ absentCount: z.int(), expectedCount: z.int() }).exactOptional(),
      /** Up to which name, when there are more suspects. */
      afterName: z.string().exactOptional(),
    }),
  ]),
});

/** Looks again at what differed, name by name, in ARM and in the store, and decides. */
export const lookAgain = defineActivity('lookAgain', {
  input: z.object({ suspects: z.array(suspectSchema) }),
  output: z.object({
    settlements: z.array(settlementSchema),
    /** Those that could not be looked at. */
    failed: z.array(suspectSchema.extend({ failure: failureSchema })),
  }),
});

/** Gives a resource the tags that it should have. */
export const tagContainerGroup = defineActivity('tagContainerGroup', {
  input: z.object({
    ...groupIdSchema.shape,
    incarnation: groupFactsSchema.shape.incarnation,
    wishes: z.object(groupWishes).exactOptional(),
  }),
  output: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), tagged: z.boolean() }), failedSchema]),
});

/** The eternal comparison of entities and ARM: a turn takes a resource group, or as many differences of it as it settles. */
export const reconcile = defineOrchestrator('reconcile', {
  versions: ['0.2.0'],
  isEternal: true,
  input: reconcilingSchema,
  output: z.unknown(),
  status: reconcilingStatusSchema,
});

/** The eternal reconciliation as those read it who report or restart it: of what is not of the shape above, as much as can be read. */
export const anyReconciliation = {
  ...reconcile,
  input: readableReconcilingSchema,
  status: readableReconcilingSchema,
};
