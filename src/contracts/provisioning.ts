import { z } from 'zod';
import { groupIdSchema, labelsSchema, listItemSchema } from './container-group.ts';
import { containerGroupSpecSchema } from './container-group-spec.ts';
import { defineActivity, defineEvent, defineOrchestrator } from './contract.ts';
import { failedSchema, failureSchema } from './failure.ts';
import { observationSchema } from './observation.ts';

/** Begins the creation in ARM and returns at once. Repeated for the same incarnation, it changes nothing. */
export const createContainerGroup = defineActivity('createContainerGroup', {
  input: z.object({ ...groupIdSchema.shape, incarnation: z.string(), spec: containerGroupSpecSchema }),
  output: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), failedSchema]),
});

/** Looks at the resource and its instance view in ARM. */
export const readContainerGroup = defineActivity('readContainerGroup', {
  input: groupIdSchema,
  output: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), observation: observationSchema }), failedSchema]),
});

/**
 * Something happened to the resource, or to our wish for it. A hint without content: whoever waits for it looks at ARM and
 * at the entity after it.
 */
export const resourceChanged = defineEvent('resourceChanged', z.object({}));

/** How a provisioning waits; put into its input, since an orchestrator reads no settings. */
export const waitPolicySchema = z.object({ pollIntervalMs: z.int().min(1), deadlineMs: z.int().min(1) });

/** Creates one container group and sees it to Running or Failed; always ends Completed. */
export const provisionContainerGroup = defineOrchestrator('provisionContainerGroup', {
  input: z.object({
    ...groupIdSchema.shape,
    incarnation: z.string(),
    spec: containerGroupSpecSchema,
    maxSessions: z.int().exactOptional(),
    labels: labelsSchema.exactOptional(),
    creation: z.object({ idempotencyKey: z.string().exactOptional(), requestDigest: z.string() }),
    tokenDigest: z.string(),
    cause: z.string(),
    waitPolicy: waitPolicySchema,
  }),
  output: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), group: listItemSchema }),
    z.object({ ok: z.literal(false), failure: failureSchema }),
  ]),
  status: z.object({
    phase: z.enum(['requested', 'pullingImage', 'starting']),
    retrying: failureSchema.exactOptional(),
  }),
});
