import { z } from 'zod';
import { instantSchema } from '../time.ts';
import { endpointSchema } from './container-group.ts';

const containerSchema = z.object({
  name: z.string(),
  /** Waiting, Running, Terminated. */
  state: z.string().exactOptional(),
  detailStatus: z.string().exactOptional(),
  exitCode: z.int().exactOptional(),
  restartCount: z.int().exactOptional(),
});
/** One container of a resource, as its instance view has it. */
export type ObservedContainer = z.infer<typeof containerSchema>;

const eventSchema = z.object({
  /** Pulling, Pulled, Created, Started, Killing, Failed, BackOff, InsufficientCapacity., … */
  name: z.string(),
  message: z.string(),
  count: z.int(),
  lastAt: instantSchema.exactOptional(),
});
/** What happened to the group or one of its containers, and how often. */
export type ObservedEvent = z.infer<typeof eventSchema>;

const resourceSchema = z.object({
  found: z.literal(true),
  /** The tag `aci-incarnation`; absent on a resource that this product did not create, and on one whose tags somebody replaced. */
  incarnation: z.string().exactOptional(),
  /** Pending, Creating, Repairing, Succeeded, Failed, …; the words that aren't final may change (azure-rest-api-specs). */
  provisioningState: z.string(),
  /** instanceView.state of the group: Pending, Running, Stopped, Succeeded, Failed. */
  instanceState: z.string().exactOptional(),
  endpoint: endpointSchema,
  wantsPublicIP: z.boolean(),
  containers: z.array(containerSchema),
  /** Of the group and of its containers, oldest first. */
  events: z.array(eventSchema),
});
/** A resource that is there. */
export type ObservedResource = z.infer<typeof resourceSchema>;

/** What ARM showed of one container group's resource, in the words of ACI, at one look. */
export const observationSchema = z.discriminatedUnion('found', [z.object({ found: z.literal(false) }), resourceSchema]);
export type Observation = z.infer<typeof observationSchema>;
