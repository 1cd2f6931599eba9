import { z } from 'zod';
import { failedSchema, failureSchema } from '../domain/failure.ts';
import { commandSchemas } from '../domain/group/group-command.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import { groupWishes } from '../domain/group/group-wishes.ts';
import { listItemSchema } from '../domain/group/list-item.ts';
import { observationSchema } from '../domain/group/observation.ts';
import { provisioningPhaseSchema, waitPolicySchema } from '../domain/group/provisioning.ts';
import { instantSchema } from '../domain/time.ts';
import { containerGroupSpecSchema } from '../domain/spec/container-group-spec.ts';
import { defineActivity, defineEvent, defineOrchestrator } from './contract.ts';

const { incarnation, creation, tokenDigest } = commandSchemas.create.shape;

/** Begins the creation in ARM and returns at once. Repeated for the same incarnation, it changes nothing. */
export const createContainerGroup = defineActivity('createContainerGroup', {
  input: z.object({
    ...groupIdSchema.shape,
    incarnation,
    /** For the tags of the resource; 0.1.0 wrote none of these. */
    wishes: z.object(groupWishes).exactOptional(),
    spec: containerGroupSpecSchema,
  }),
  output: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true) }),
    failedSchema.extend({
      /** The request itself was refused, and Azure has nothing of the group; 0.1.0 did not tell. */
      leftNothing: z.literal(true).exactOptional(),
    }),
  ]),
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

/** How far it was when another execution took it over. */
const progressSchema = z.object({
  /** Whether ARM has yet to take the request, or has taken it. */
  stage: z.enum(['creating', 'observing']),
  since: instantSchema,
  /** Tries in this stage so far. */
  attempt: z.int(),
  /** When the next one is due. */
  dueAt: instantSchema,
  /** Since when looks have found nothing. */
  absentSince: instantSchema.exactOptional(),
  last: observationSchema.exactOptional(),
  /** The server of the group has reported. */
  hasReported: z.literal(true).exactOptional(),
  /** A try so far may have left something in Azure. */
  mayHaveLeft: z.literal(true).exactOptional(),
});

/** Creates one container group and sees it to Running or Failed; always ends Completed. */
export const provisionContainerGroup = defineOrchestrator('provisionContainerGroup', {
  versions: ['0.1.0', '0.2.0'],
  input: z.object({
    ...groupIdSchema.shape,
    incarnation,
    spec: containerGroupSpecSchema,
    ...groupWishes,
    creation,
    /** Keyed creations of the same name before this one, newest first: this instance is the memory of them all. */
    earlierCreations: z.array(creation).exactOptional(),
    tokenDigest,
    cause: z.string(),
    waitPolicy: waitPolicySchema,
    progress: progressSchema.exactOptional(),
  }),
  output: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), group: listItemSchema }),
    failedSchema.pick({ ok: true, failure: true }),
  ]),
  status: z.object({
    phase: provisioningPhaseSchema,
    retrying: failureSchema.exactOptional(),
  }),
});
