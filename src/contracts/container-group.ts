import { z } from 'zod';
import type { ContainerGroup } from '../domain/group/container-group.ts';
import type { GroupCommand } from '../domain/group/group-command.ts';
import type { ListItem } from '../domain/group/list-item.ts';
import { defineEntity } from './contract.ts';
import { failureSchema } from './failure.ts';

const instant = z.iso.datetime();

/** How many sessions a group may report: far above any server, far below what arithmetic could lose. */
export const MAX_SESSIONS = 1_000_000;

/** A group as Azure names it. */
export const groupIdSchema = z.object({ resourceGroup: z.string(), containerGroupName: z.string() });

const portSchema = z.object({ port: z.int(), protocol: z.enum(['TCP', 'UDP']) });

/** Where a group answers. */
export const endpointSchema = z.object({
  publicIP: z.string().exactOptional(),
  fqdn: z.string().exactOptional(),
  ports: z.array(portSchema),
});

/** The caller's own words on a group. */
export const labelsSchema = z.record(z.string(), z.string());

/** The four states. */
export const stateSchema = z.enum(['Creating', 'Running', 'MarkedForDeletion', 'Failed']);

const creation = z.object({ idempotencyKey: z.string().exactOptional(), requestDigest: z.string() });

const facts = {
  ...groupIdSchema.shape,
  incarnation: z.string(),
  location: z.string(),
  createdAt: instant,
  stateSince: instant,
  activeSessions: z.int().min(0),
  maxSessions: z.int().exactOptional(),
  labels: labelsSchema.exactOptional(),
  creation,
  token: z.object({
    digest: z.string(),
    generation: z.int(),
    issuedAt: instant,
    previous: z.object({ digest: z.string(), validUntil: instant }).exactOptional(),
  }),
  lastReport: z
    .object({
      at: instant,
      bootId: z.string().exactOptional(),
      sequence: z.int().exactOptional(),
      earlierBootIds: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  timeline: z.array(
    z.object({
      at: instant,
      event: z.string(),
      state: stateSchema,
      cause: z.string().exactOptional(),
      detail: z.string().exactOptional(),
    }),
  ),
  outcomes: z.array(z.object({ commandId: z.string(), at: instant, refusal: failureSchema.exactOptional() })),
};

const deletion = z.object({ requestedAt: instant, cause: z.string() });

/** The entity's state, as it is stored. */
export const containerGroupSchema = z.discriminatedUnion('state', [
  z.object({ ...facts, state: z.literal('Creating') }),
  z.object({ ...facts, state: z.literal('Running'), endpoint: endpointSchema }),
  z.object({
    ...facts,
    state: z.literal('MarkedForDeletion'),
    endpoint: endpointSchema.exactOptional(),
    deletion: deletion.exactOptional(),
  }),
  z.object({
    ...facts,
    state: z.literal('Failed'),
    failure: failureSchema,
    endpoint: endpointSchema.exactOptional(),
    deletion: deletion.exactOptional(),
  }),
]) satisfies z.ZodType<ContainerGroup>;

/** A container group as every API answer shows it. */
export const listItemSchema = z.object({
  ...groupIdSchema.shape,
  state: stateSchema,
  activeSessions: z.int(),
  maxSessions: z.int().exactOptional(),
  publicIP: z.string().exactOptional(),
  fqdn: z.string().exactOptional(),
  ports: z.array(portSchema),
  location: z.string(),
  createdAt: instant,
  stateSince: instant,
  failure: failureSchema.exactOptional(),
  deletion: z.object({ requestedAt: instant }).exactOptional(),
  labels: labelsSchema.exactOptional(),
}) satisfies z.ZodType<ListItem>;

const base = { at: instant, cause: z.string().exactOptional() };
const incarnation = z.string();
const commandId = z.string();

/** What an operation answers: the group after it, and why it was refused if it was. */
export const operationReplySchema = z.object({
  outcome: z.enum(['changed', 'unchanged', 'refused']),
  group: listItemSchema.exactOptional(),
  incarnation: z.string().exactOptional(),
  refusal: failureSchema.exactOptional(),
});
export type OperationReply = z.infer<typeof operationReplySchema>;

const operation = <Input extends z.ZodObject>(input: Input) => ({ input, reply: operationReplySchema });

/** The operations that are commands of the domain; each takes its command, less the name. */
type CommandsAsOperations = {
  [Name in GroupCommand['command']]: { input: z.ZodType<Omit<Extract<GroupCommand, { command: Name }>, 'command'>> };
};

/** The durable entity of one container group; its key is `groupKey`, its operations are the domain's commands. */
export const containerGroupEntity = defineEntity('containerGroup', {
  state: containerGroupSchema,
  operations: {
    create: operation(
      z.object({
        ...base,
        ...groupIdSchema.shape,
        incarnation,
        location: z.string(),
        maxSessions: z.int().exactOptional(),
        labels: labelsSchema.exactOptional(),
        creation,
        tokenDigest: z.string(),
      }),
    ),
    provisioned: operation(z.object({ ...base, incarnation, endpoint: endpointSchema })),
    failProvisioning: operation(z.object({ ...base, incarnation, failure: failureSchema })),
    reportSessions: operation(
      z.object({
        ...base,
        incarnation: z.string().exactOptional(),
        activeSessions: z.int().min(0).max(MAX_SESSIONS),
        bootId: z.string().exactOptional(),
        sequence: z.int().min(0).exactOptional(),
      }),
    ),
    rotateToken: operation(
      z.object({ ...base, incarnation, generation: z.int(), tokenDigest: z.string(), graceUntil: instant }),
    ),
    mark: operation(z.object({ ...base, commandId })),
    fail: operation(z.object({ ...base, commandId, failure: failureSchema })),
    beginDelete: operation(
      z.object({
        ...base,
        incarnation: z.string().exactOptional(),
        mode: z.enum(['graceful', 'ifIdle', 'force']),
        sessionsStaleAfterMs: z.int(),
      }),
    ),
    finishDelete: operation(z.object({ ...base, incarnation })),
    recordAbsence: operation(z.object({ ...base, incarnation })),
    /** Changes nothing: shows the group after all that was sent before, or refuses when it is another incarnation. */
    look: operation(z.object({ incarnation })),
  } satisfies CommandsAsOperations & Record<'look', unknown>,
});

type Operations = typeof containerGroupEntity.operations;

/** The input of one operation. */
export type CommandInput<Name extends keyof Operations> = z.infer<Operations[Name]['input']>;
