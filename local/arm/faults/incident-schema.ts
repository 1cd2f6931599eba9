import { z } from 'zod';
import { isRegion, listRegions, normalizeLocation } from '../server/regions.ts';
import { faultOperations } from './fault-operation.ts';

const seconds = z.number().min(0);
const word = z.string().min(1);

/** Where the share is drawn from the seed for each group, request or event that the incident is aimed at. */
const rate = z
  .union([z.boolean(), z.number().min(0).max(1)])
  .transform(Number)
  .default(1);

const region = word.transform(normalizeLocation).refine(isRegion, {
  error: ({ input }) =>
    `No region with container instances: '${String(input)}'. Known are ${listRegions().join(', ')}.`,
});

/** Seconds count from the moment at which the incidents were set: the start of the emulator, or the call of the endpoint. */
const window = {
  fromSeconds: seconds.default(0),
  untilSeconds: seconds.optional(),
  forSeconds: seconds.optional(),
};

/** What is left out is not asked about. In a name, `*` stands for any text. */
const aim = {
  regions: z.array(region).optional(),
  resourceGroups: z.array(word).optional(),
  names: z.array(word).optional(),
  images: z.array(word).optional(),
};

const operations = z.array(z.enum(faultOperations)).optional();

const ofGroups = { rate, ...aim };
const ofRequests = { rate, ...aim, operations };
const afterSeconds = seconds.default(60);
const tags = z.record(z.string(), z.string()).default({});

const kinds = [
  define('noCapacity', { ...ofGroups, late: z.boolean().default(false) }),
  define('quotaReached', { ...ofGroups, quota: z.enum(['ContainerGroups', 'StandardCores']).default('StandardCores') }),
  define('pullFails', ofGroups),
  define('slowPull', { ...ofGroups, delaySeconds: seconds.default(300) }),
  define('stuckCreating', ofGroups),
  define('failsAfterSuccess', { ...ofGroups, afterSeconds }),
  define('deleteHangs', { ...ofGroups, hangSeconds: seconds.optional() }),
  define('throttled', { ...ofRequests, retryAfterSeconds: z.int().min(0).nullable().default(1) }),
  define('serverErrors', ofRequests),
  define('lostAnswers', ofRequests),
  define('connectionResets', { ...ofRequests, afterEffect: z.boolean().default(false) }),
  define('slowArm', { ...ofRequests, delaySeconds: seconds.default(10) }),
  define('listsLag', { rate, lagSeconds: seconds.default(60) }),
  define('ipChanges', ofGroups),
  define('silentRestarts', { ...ofGroups, afterSeconds }),
  define('crashLoops', {
    ...ofGroups,
    afterSeconds: seconds.default(10),
    exitCode: z.int().min(0).max(255).default(1),
  }),
  define('outOfMemory', { ...ofGroups, afterSeconds }),
  define('deletedOutside', { ...ofGroups, afterSeconds }),
  z.strictObject({
    kind: z.literal('createdOutside'),
    fromSeconds: window.fromSeconds,
    resourceGroup: word,
    name: word,
    region,
    image: word.default('somebody/else:1'),
    tags,
  }),
  define('tagsReplaced', { ...ofGroups, afterSeconds, tags }),
  define('noTokens', { rate }),
  define('eventsLost', ofGroups),
  define('eventsDoubled', ofGroups),
  define('eventsLate', { ...ofGroups, delaySeconds: seconds.default(120) }),
  define('eventsReordered', { ...ofGroups, spreadSeconds: seconds.default(30) }),
] as const;

/** The kinds of incidents. */
export const incidentKinds: readonly string[] = kinds.map(({ shape }) => shape.kind.value);

/** The fields that an incident of each kind has, by the kind. */
export const incidentFields: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  kinds.map(({ shape }) => [shape.kind.value, Object.keys(shape)]),
);

/** One fault of a kind, with the time in which it is on, its aim and its share. */
export const incidentSchema = z.discriminatedUnion('kind', kinds, {
  error: ({ code, input }) => (code === 'invalid_union' ? unknownKind(input) : undefined),
});
/** One fault, with everything filled in that was not said. */
export type Incident = z.output<typeof incidentSchema>;
/** The name of a kind of incident. */
export type IncidentKind = Incident['kind'];
/** An incident of one kind. */
export type IncidentOf<K extends IncidentKind> = Extract<Incident, { kind: K }>;

function define<K extends string, Shape extends z.core.$ZodShape>(kind: K, shape: Shape) {
  return z
    .strictObject({ kind: z.literal(kind), ...window, ...shape })
    .refine((incident) => !('untilSeconds' in incident && 'forSeconds' in incident), {
      path: ['forSeconds'],
      error: 'Say either untilSeconds or forSeconds, not both.',
    })
    .refine((incident) => isLater(incident), { path: ['untilSeconds'], error: 'It ends before it begins.' });
}

function isLater({ fromSeconds, untilSeconds }: { fromSeconds?: unknown; untilSeconds?: unknown }): boolean {
  return !(typeof untilSeconds === 'number' && typeof fromSeconds === 'number' && untilSeconds <= fromSeconds);
}

function unknownKind(input: unknown): string {
  const given = typeof input === 'object' && input !== null && 'kind' in input ? JSON.stringify(input.kind) : 'missing';
  return `The kind of an incident is ${given}. Known are ${incidentKinds.join(', ')}.`;
}
