import { z } from 'zod';
import { failureSchema } from '../failure.ts';
import { openEnum, openObject } from '../open-shape.ts';
import { instantSchema } from '../time.ts';
import { containerEndSchema, restartsSchema } from './container-end.ts';
import { groupIdSchema } from './group-id.ts';
import { groupWishes } from './group-wishes.ts';
import { heldLeaseSchema } from './named-leases.ts';

/** The four states. */
export const groupStateSchema = z.enum(['Creating', 'Running', 'MarkedForDeletion', 'Failed']);
export type GroupState = z.infer<typeof groupStateSchema>;

const portSchema = openObject({ port: z.int(), protocol: openEnum(z.enum(['TCP', 'UDP'])) });
/** A port that clients reach. */
export type Port = z.infer<typeof portSchema>;

/** Where clients reach the group, as ARM last showed it: an IP can change, so it is observed and not owned. */
export const endpointSchema = openObject({
  publicIP: z.string().exactOptional(),
  fqdn: z.string().exactOptional(),
  ports: z.array(portSchema),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** A deletion that was begun; there is no way back from it. */
export const deletionSchema = openObject({ requestedAt: instantSchema, cause: z.string() });
export type Deletion = z.infer<typeof deletionSchema>;

const creationSchema = openObject({
  idempotencyKey: z.string().exactOptional(),
  /** A digest of the request body that needs a sealing key to be made (`Sealer.digest`). */
  requestDigest: z.string(),
});
/** What tells a repeated create from another one. */
export type Creation = z.infer<typeof creationSchema>;

/** What is known of the token by which the group's containers prove themselves: never the token, only its digest. */
const tokenSchema = openObject({
  digest: z.string(),
  /** Counts from 1 with every rotation. */
  generation: z.int(),
  issuedAt: instantSchema,
  /** The token before, which is taken until its grace is over. */
  previous: openObject({
    digest: z.string(),
    validUntil: instantSchema,
    /** Until then each earlier token of the incarnation is taken as well: the containers of an adopted group may have different ones. */
    isAny: z.literal(true).exactOptional(),
  }).exactOptional(),
  /** Which of the incarnation's tokens the containers have is not known: each that this installation made is taken, until the next rotation. */
  isAdopted: z.literal(true).exactOptional(),
});

/** Which of the reports that a process of the app received this one is: orders those of one moment, and knows a copy. */
export const receiptSchema = openObject({ process: z.string(), number: z.int() });
export type Receipt = z.infer<typeof receiptSchema>;

/** Who counts: a matchmaker, or the server itself. Each is a stream of reports of its own. */
export const reportSourceSchema = openEnum(z.enum(['matchmaker', 'server']));

const bootMark = {
  bootId: z.string().exactOptional(),
  /** When that boot began, if it has told. */
  bootedAt: instantSchema.exactOptional(),
  /** When we first heard of it. */
  bootHeardAt: instantSchema.exactOptional(),
  /** Boots that a newer boot replaced, newest last; their late reports are refused. */
  earlierBootIds: z.array(z.string()).exactOptional(),
};
/** The newest boot that reported, and the ones before. */
export type BootMark = z.infer<z.ZodObject<typeof bootMark>>;

const oneStream = {
  /** When the app received it. */
  at: instantSchema,
  /** Of the reports that were received at that moment and taken: the newest of each process. */
  receipts: z.array(receiptSchema).exactOptional(),
  /** Unknown of what 0.1.0 wrote, which knew one stream. */
  source: reportSourceSchema.exactOptional(),
  ...bootMark,
  sequence: z.int().exactOptional(),
};
/** The newest report of one stream. */
export type ReportMark = z.infer<z.ZodObject<typeof oneStream>>;

/** The newest session report that was taken, and the newest of the other stream beside it. */
export const reportMarkSchema = openObject({ ...oneStream, otherStream: openObject(oneStream).exactOptional() });
export type SessionReportMark = z.infer<typeof reportMarkSchema>;

const timelineEntrySchema = openObject({
  at: instantSchema,
  event: z.string(),
  /** The state after it. */
  state: openEnum(groupStateSchema),
  cause: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});
/** Something that happened to a group, and who or what caused it. */
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** How a command that wants an answer ended, kept until newer ones push it out. */
const commandOutcomeSchema = openObject({
  commandId: z.string(),
  at: instantSchema,
  refusal: failureSchema.exactOptional(),
});

/** What is true in every state. A new field of a group is a line here, and nowhere else. */
export const groupFactsSchema = openObject({
  ...groupIdSchema.shape,
  /** Tells this group from earlier and later ones of the same name; the ARM tag `aci-incarnation` of its resource. */
  incarnation: z.string(),
  location: z.string(),
  createdAt: instantSchema,
  stateSince: instantSchema,
  activeSessions: z.int().min(0),
  /** The group was adopted then, and nobody has told its sessions since. */
  sessionsUnknownSince: instantSchema.exactOptional(),
  ...groupWishes,
  creation: creationSchema,
  token: tokenSchema,
  lastReport: reportMarkSchema.exactOptional(),
  /** Absent while none of its containers was seen to be restarted. */
  restarts: restartsSchema.exactOptional(),
  /** Of the container whose end was found first, or with that of all. */
  containerEnd: containerEndSchema.exactOptional(),
  /** When all of its containers were found to have ended for good. */
  allEndedAt: instantSchema.exactOptional(),
  /** Leases on its seats that its server has named; the newest, as many as a report may name. */
  leases: z.array(heldLeaseSchema).exactOptional(),
  /** Oldest first: how it began, and the newest (`MAX_TIMELINE_ENTRIES`). */
  timeline: z.array(timelineEntrySchema),
  /** Oldest first, the newest `MAX_OUTCOMES`. */
  outcomes: z.array(commandOutcomeSchema),
});
export type GroupFacts = z.infer<typeof groupFactsSchema>;

const { Creating, Running, MarkedForDeletion, Failed } = groupStateSchema.enum;

/** A container group as its entity holds it: exactly one of four states, each with the facts that are true in it. */
export const containerGroupSchema = z.discriminatedUnion('state', [
  /** It is being provisioned. */
  groupFactsSchema.extend({
    state: z.literal(Creating),
    /** When it has to run at the latest; unknown of what 0.1.0 wrote. */
    deadlineAt: instantSchema.exactOptional(),
    /** When a sweep first found it past its deadline. */
    overdueSince: instantSchema.exactOptional(),
  }),
  /** It takes players. */
  groupFactsSchema.extend({
    state: z.literal(Running),
    endpoint: endpointSchema,
    /** Since when nobody plays on it; absent while somebody does, and unknown of what 0.1.0 wrote. */
    idleSince: instantSchema.exactOptional(),
  }),
  /** It goes once nobody plays on it. */
  groupFactsSchema.extend({
    state: z.literal(MarkedForDeletion),
    /** Absent when the group was deleted while it was still being created. */
    endpoint: endpointSchema.exactOptional(),
    deletion: deletionSchema.exactOptional(),
  }),
  /** It never ran or broke. */
  groupFactsSchema.extend({
    state: z.literal(Failed),
    failure: failureSchema,
    /** Azure refused it for certain and never had anything of it; unknown of what 0.1.0 wrote. */
    leftNothing: z.literal(true).exactOptional(),
    /** Where it was when Azure had no resource of it, or none that says whose it is, and where it is again once Azure has; absent of what cannot go back. */
    failedFrom: openEnum(groupStateSchema.extract(['Running', 'MarkedForDeletion'])).exactOptional(),
    /** Absent when the group never ran. */
    endpoint: endpointSchema.exactOptional(),
    deletion: deletionSchema.exactOptional(),
  }),
]);
export type ContainerGroup = z.infer<typeof containerGroupSchema>;

/** The group in one state. */
export type GroupIn<State extends GroupState> = Extract<ContainerGroup, { state: State }>;

/** How much a group remembers of its past: an entity's state is read and written whole. */
export const MAX_TIMELINE_ENTRIES = 40;
/** Of these, the first ones are never forgotten: a server that restarts all the time would push out how the group began. */
export const KEPT_FIRST_ENTRIES = 8;
export const MAX_OUTCOMES = 16;

/** Whether a deletion of this group was begun; from then on it can only end deleted. */
export function isBeingDeleted(group: ContainerGroup): boolean {
  return deletionOf(group) !== undefined;
}

/** The deletion that was begun, in the states that can have one. */
export function deletionOf(group: ContainerGroup): Deletion | undefined {
  return group.state === 'MarkedForDeletion' || group.state === 'Failed' ? group.deletion : undefined;
}

/** Where the group answered last, in the states that can know it. */
export function endpointOf(group: ContainerGroup): Endpoint | undefined {
  return group.state === 'Creating' ? undefined : group.endpoint;
}
