import { z } from 'zod';
import { faultOperations } from './fault-operation.ts';
import { type Faults, defaultQuotas, noFaults } from './faults.ts';
import { incidentSchema } from './incident-schema.ts';

const rate = z.union([z.boolean(), z.number().min(0).max(1)]).transform(Number);
const images = z.array(z.string().min(1)).default([]);
const count = z.int().min(0);

const failNext = z.strictObject({
  operation: z.enum(faultOperations),
  status: z.int().min(400).max(599),
  code: z.string(),
  message: z.string().default('A fault was injected.'),
  retryAfterSeconds: count.optional(),
  afterEffect: z.boolean().default(false),
  times: z.int().min(1).default(1),
  containerGroupName: z.string().optional(),
  echoesBody: z.boolean().optional(),
});

const quotas = z.strictObject({
  containerGroups: count.default(defaultQuotas.containerGroups),
  standardCores: z.number().min(0).default(defaultQuotas.standardCores),
  writesPerHour: count.default(defaultQuotas.writesPerHour),
  writesPerFiveMinutes: count.default(defaultQuotas.writesPerFiveMinutes),
});

/** Everything that can go wrong, as a file has it or the endpoint is told. Every part can be left out; a misspelt one is an error. */
export const faultsSchema = z.strictObject({
  images: z
    .strictObject({
      pullFails: images,
      inaccessible: images,
      neverReady: images,
      exits: z
        .array(z.strictObject({ image: z.string().min(1), exitCode: z.int().min(0).max(255), afterMs: count }))
        .default([]),
    })
    .default(noFaults.images),
  events: z
    .strictObject({
      drop: rate.default(0),
      duplicate: rate.default(0),
      reverse: z.boolean().default(false),
      delayMs: count.default(0),
    })
    .default(noFaults.events),
  arm: z
    .strictObject({
      failNext: z.array(failNext).default([]),
      throttleRate: rate.default(0),
      serverErrorRate: rate.default(0),
      lostAnswerRate: rate.default(0),
      pageSize: z.int().min(1).default(noFaults.arm.pageSize),
    })
    .default(noFaults.arm),
  quotas: z.union([z.literal('off'), quotas]).default(defaultQuotas),
  capacity: z
    .strictObject({ regionsFull: z.array(z.string()).default([]), async: z.boolean().default(false) })
    .default(noFaults.capacity),
  identity: z
    .strictObject({ tokenLifetimeSeconds: z.int().min(1).default(noFaults.identity.tokenLifetimeSeconds) })
    .default(noFaults.identity),
  incidents: z.array(incidentSchema).default([]),
  resourceGroups: z.array(z.string()).optional(),
}) satisfies z.ZodType<Faults>;

/** What a fault file may hold. */
export type FaultsInput = z.input<typeof faultsSchema>;
