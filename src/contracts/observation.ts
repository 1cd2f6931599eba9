import { z } from 'zod';
import type { Observation } from '../domain/group/observation.ts';
import { endpointSchema } from './container-group.ts';

const containerSchema = z.object({
  name: z.string(),
  state: z.string().exactOptional(),
  detailStatus: z.string().exactOptional(),
  exitCode: z.int().exactOptional(),
  restartCount: z.int().exactOptional(),
});

const eventSchema = z.object({
  name: z.string(),
  message: z.string(),
  count: z.int(),
  lastAt: z.iso.datetime().exactOptional(),
});

/** One look at a container group in ARM. */
export const observationSchema = z.discriminatedUnion('found', [
  z.object({ found: z.literal(false) }),
  z.object({
    found: z.literal(true),
    incarnation: z.string().exactOptional(),
    provisioningState: z.string(),
    instanceState: z.string().exactOptional(),
    endpoint: endpointSchema,
    wantsPublicIP: z.boolean(),
    containers: z.array(containerSchema),
    events: z.array(eventSchema),
  }),
]) satisfies z.ZodType<Observation>;
