import { z } from 'zod';
import { groupStateSchema } from '../domain/group/container-group.ts';
import { commandSchemas } from '../domain/group/group-command.ts';
import { groupIdSchema } from '../domain/group/group-id.ts';
import { MAX_SESSIONS } from '../domain/group/group-wishes.ts';
import { leaseIdSchema } from '../domain/group/named-leases.ts';
import { MAX_FLEET_LENGTH } from '../domain/seat/book-key.ts';
import { packingSchema } from '../domain/seat/choose-group.ts';
import { leaseActionSchema } from '../domain/seat/lease.ts';
import { containerGroupSpecSchema } from '../domain/spec/container-group-spec.ts';

const id = groupIdSchema.shape;

/** How much of a log one answer carries at most: ACI keeps 4 MB of a running container. */
const MAX_LOG_TAIL = 10_000;

/** The largest page of ACIList; a page is held in memory at once. */
const MAX_LIST_LIMIT = 1_000;

const labels = z.record(z.string().min(1).max(63), z.string().max(256)).refine((all) => Object.keys(all).length <= 20, {
  error: 'at most 20 labels',
});

/** Seconds of what a creator wishes: a sweep looks every few minutes, and a year is for ever on ACI. */
const wishedSeconds = z.int().min(60).max(31_536_000);

/** A server may report five times a second; one that reports less than once in an hour is not watched over. */
const health = z.strictObject({
  heartbeatSeconds: z.int().min(1).max(3_600),
  failureThreshold: z.int().min(1).max(100).default(3),
  initialDelaySeconds: z.int().min(0).max(3_600).default(30),
});

/** Body of ACICreate. */
export const createRequestSchema = z.strictObject({
  ...id,
  containerGroup: containerGroupSpecSchema,
  maxSessions: z.int().min(1).max(MAX_SESSIONS).exactOptional(),
  labels: labels.exactOptional(),
  maxLifetimeSeconds: wishedSeconds.exactOptional(),
  idleSeconds: wishedSeconds.exactOptional(),
  health: health.exactOptional(),
  readiness: z.enum(['report']).exactOptional(),
});

/** Body of ACIDelete. */
export const deleteRequestSchema = z.strictObject({ ...id, ifIdle: z.boolean().exactOptional() });

/** Body or query of ACIDetails. */
export const detailsRequestSchema = z.strictObject({
  ...id,
  type: z.enum(['logs', 'timeline']).exactOptional(),
  containerName: z.string().max(63).exactOptional(),
  tail: z.coerce.number().pipe(z.int().min(1).max(MAX_LOG_TAIL)).exactOptional(),
});

/** Query of ACIList. */
export const listRequestSchema = z.strictObject({
  /** Absent: Running. */
  state: z.enum([...groupStateSchema.options, 'all']).exactOptional(),
  fleet: z.string().max(256).exactOptional(),
  location: z.string().max(63).exactOptional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(MAX_LIST_LIMIT)).exactOptional(),
  continuationToken: z
    .string()
    .max(4_000)
    .regex(/^[\w-]+$/, { error: 'a token that an earlier answer brought' })
    .exactOptional(),
});

/**
 * What a continuation token of ACIList says. `page` is the backend's own token, opaque text with blanks and `!` in it (on Azure Storage a
 * place in a table, as Azure.Data.Tables writes it), which goes back to it in a header.
 */
export const listTokenSchema = z.strictObject({
  version: z.literal(1),
  page: z
    .string()
    .regex(/^[ -~]+$/)
    .exactOptional(),
  after: z.string().exactOptional(),
  state: z.string(),
  fleet: z.string().exactOptional(),
  location: z.string().exactOptional(),
});

/** A count, or its digits in a text, as the servers of the 2018 project may send it. */
const sessionCount = z.preprocess(
  (given) => (typeof given === 'string' && /^\d{1,7}$/.test(given) ? Number(given) : given),
  commandSchemas.reportSessions.shape.activeSessions,
);

/** One item of ACISetSessions' body. */
export const sessionReportSchema = z.strictObject({
  ...id,
  activeSessions: sessionCount,
  sequence: commandSchemas.reportSessions.shape.sequence,
  bootId: z.string().min(1).max(64).exactOptional(),
  bootedAt: z.iso.datetime({ error: 'a moment in UTC, such as 2026-11-24T10:00:00Z' }).exactOptional(),
  leases: commandSchemas.reportSessions.shape.leases,
});

/** The group that an item names, readable even when the rest of the item is not. */
export const sessionReportIdSchema = groupIdSchema;

/** Items of one ACISetSessions request; more are two requests. */
const MAX_REPORTS = 1_000;

/** Body of ACISetSessions: the items are judged one by one. */
export const setSessionsRequestSchema = z.union([z.array(z.unknown()).min(1).max(MAX_REPORTS), z.looseObject({})], {
  error: `a session report, or a list of 1 to ${MAX_REPORTS}`,
});

/** Reports of one container at once. */
const MAX_OWN_REPORTS = 20;

/** Body of ACIReport: as that of ACISetSessions, and the names of the group may be left out. */
export const reportRequestSchema = z.union(
  [z.array(z.looseObject({})).min(1).max(MAX_OWN_REPORTS), z.looseObject({})],
  { error: `a session report, or a list of 1 to ${MAX_OWN_REPORTS}` },
);

/** Query of ACIOperation. */
export const operationRequestSchema = z.strictObject({ id: z.string().max(200) });

/** Body of ACISetState. */
export const setStateRequestSchema = z.strictObject({
  ...id,
  state: groupStateSchema.extract(['MarkedForDeletion', 'Failed']),
});

/** Seconds of `?wait=`: less than the front end's 230 seconds, and no gateway's default is below a minute. */
export const waitSecondsSchema = z.coerce.number().pipe(z.int().min(1).max(60));

/** The `Idempotency-Key` header. */
export const idempotencyKeySchema = z.string().regex(/^[!-~]{1,128}$/, { error: '1 to 128 visible ASCII characters' });

/** Groups with a longer name of their fleet can't be sold seats of. */
const fleetName = z.string().min(1).max(MAX_FLEET_LENGTH);

/** Visible characters, since it stands in URLs and logs. */
const requestId = z.string().regex(/^[!-~]{1,64}$/, { error: '1 to 64 visible ASCII characters' });

/** Body of ACIAllocate. */
export const allocateRequestSchema = z.strictObject({
  fleet: fleetName.exactOptional(),
  labels: labels.exactOptional(),
  requestId,
  seats: z.int().min(1).max(1_000).default(1),
  preferredLocations: z.array(z.string().min(1).max(63)).max(10).exactOptional(),
  strategy: packingSchema.default('packed'),
  /** Long enough for a player to load a map, and for the server's report of him. */
  leaseSeconds: z.int().min(10).max(3_600).default(60),
  /** As long as a match. */
  confirmSeconds: z.int().min(60).max(86_400).default(3_600),
});

/** Query of ACIAllocate's GET. */
export const allocationQuerySchema = z.strictObject({ fleet: fleetName.exactOptional(), requestId });

/** Body of ACILease. */
export const leaseRequestSchema = z.strictObject({
  fleet: fleetName.exactOptional(),
  leaseId: leaseIdSchema,
  action: leaseActionSchema,
});
