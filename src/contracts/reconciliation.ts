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

/** Carries the setting, which may change between reconciliations. */
const interval = { reconcileIntervalMs: z.int().min(1) };

/** Compares the next resource group, by one list of it in ARM. */
export const compareResourceGroup = defineActivity('compareResourceGroup', {
  input: z.object({ cursor: cursorSchema.exactOptional() }),
  output: z.discriminatedUnion('found', [
    /** There is none left. */
    z.object({ found: z.literal('nothing'), ...interval }),
    /** It could not be listed. */
    z.object({
      found: z.literal('failure'),
      resourceGroup: z.string(),
      ...failedSchema.pick({ failure: true, retryAfterMs: true }).shape,
    }),
    z.object({
      found: z.literal('comparison'),
      resourceGroup: z.string(),
      comparedCount: z.int(),
      foreignCount: z.int(),
      /** Those that are left alone, the first of them. */
      orphanCount: z.int(),
      orphans: z.array(orphanSchema),
      driftCount: z.int(),
      drifted: z.array(driftSchema),
      /** In the order of their names, as many as a turn settles. */
      suspects: z.array(suspectSchema),
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
