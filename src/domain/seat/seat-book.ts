import { z } from 'zod';
import { openEnum, openObject } from '../open-shape.ts';
import { addMs, instantSchema, laterOf, type Instant } from '../time.ts';
import { countsBeside, endOf, leaseSchema, type Lease } from './lease.ts';

const bookedGroupSchema = openObject({
  incarnation: z.string(),
  seats: z.int().min(0),
  sessions: z.int().min(0),
  /** The state that these were read of is not older. */
  knownAt: instantSchema.exactOptional(),
  /** When the look began that told them. */
  asOf: instantSchema,
  /** The last deletion that asked for no more seats to be sold on it, and what became of that: a lease may have kept the group. */
  closing: openObject({
    id: z.string(),
    at: instantSchema,
    outcome: openEnum(z.enum(['closed', 'refused', 'opened'])),
  }).exactOptional(),
});
/** A group in a book: what was last told of it, and whether it is closed. */
export type BookedGroup = z.infer<typeof bookedGroupSchema>;

/**
 * What sells the seats of a fleet, as its entity holds it: whoever holds what, the groups in question, and which requests it has seen. It
 * remembers what still matters and forgets the rest by itself.
 */
export const seatBookSchema = openObject({
  /** Never goes back, whoever's clock is asked. */
  clock: instantSchema,
  /** By key: those with leases, those that were told of lately, and those that are closed. */
  groups: z.record(z.string(), bookedGroupSchema),
  /** By id. */
  leases: z.record(z.string(), leaseSchema),
  /** Ids of the last batches that it took, the newest last: whoever has sent one sees here that its requests have been looked at. */
  batches: z.array(z.string()),
});
export type SeatBook = z.infer<typeof seatBookSchema>;

/**
 * A book that is larger gives no leases, ended ones that it still remembers among those that make it so. A lease has 330 to 520 bytes, and grows by some
 * 100 when it is confirmed, named and released: with that the book is still below the mebibyte that the Durable Task Scheduler takes
 * (https://learn.microsoft.com/azure/durable-task/scheduler/durable-task-scheduler-large-payloads, of which JavaScript has none).
 */
export const MAX_BOOK_BYTES = 700_000;

/** Facts that are older are not sold by, and nobody waits for what brings them: the grace for a queue that stands still. */
export const FACTS_MAX_AGE_MS = 30_000;

/** How long a lease is remembered after its end, for those who ask once more. */
export const LEASE_KEPT_MS = 600_000;

/**
 * How long a group stays closed after its deletion has asked last. By then the deletion stands in the group's entity, and looks that are older than that are
 * not taken: between the two lie two messages, each of which a crash makes invisible for 66 seconds (seen on the real extension, at the one minute of our
 * host.json), and the start of another host. A deletion that takes longer asks again; one that died must not keep a group from being sold for good.
 */
const CLOSED_KEPT_MS = 600_000;

/** Twice the age of the oldest facts that are taken, so that older ones are known when they come. */
const TOLD_KEPT_MS = 2 * FACTS_MAX_AGE_MS;

/** More than the processes of an app have under way at once: each has one for a kind of request. */
export const MAX_BATCHES = 128;

/** A book that has sold nothing, at a moment. */
export function emptyBook(at: Instant): SeatBook {
  return { clock: at, groups: {}, leases: {}, batches: [] };
}

/** The leases of one group, with their ids. */
export function leasesOf(
  book: SeatBook,
  { key, incarnation }: { key: string; incarnation: string },
): [id: string, lease: Lease][] {
  return Object.entries(book.leases).filter(([, lease]) => lease.group === key && lease.incarnation === incarnation);
}

/** Seats of a group that are taken: the sessions that were told, and the leases that these may not have in them. */
export function seatsTaken(group: Pick<BookedGroup, 'sessions' | 'asOf'>, leases: readonly Lease[]): number {
  return leases
    .filter((lease) => countsBeside(lease, group.asOf))
    .reduce((taken, { seats }) => taken + seats, group.sessions);
}

/** Whether seats of a group may be sold, by those who want it deleted. */
export function isForSale({ closing }: BookedGroup): boolean {
  return closing === undefined || closing.outcome === 'refused' || closing.outcome === 'opened';
}

/** A lease with its id. */
export type FoundLease = { id: string } & Lease;

/** The leases of a book by the requests that got them: whoever looks for many looks through them once. */
export function leasesByRequest(book: SeatBook): ReadonlyMap<string, FoundLease> {
  return new Map(Object.entries(book.leases).map(([id, lease]) => [lease.requestId, { id, ...lease }]));
}

/** The book at a later moment, without what no longer matters. */
export function turnPage(book: SeatBook, at: Instant): SeatBook {
  const clock = laterOf(book.clock, at);
  // A book is turned with every batch, and instants sort as text.
  const leaseFrom = addMs(clock, -LEASE_KEPT_MS);
  const toldFrom = addMs(clock, -TOLD_KEPT_MS);
  const closedFrom = addMs(clock, -CLOSED_KEPT_MS);
  const leases = without(book.leases, (lease) => endOf(lease) < leaseFrom);
  const leased = new Set(Object.values(leases).map(({ group }) => group));
  const isOver = ({ closing }: BookedGroup): boolean =>
    closing === undefined || closing.at < (closing.outcome === 'closed' ? closedFrom : toldFrom);
  const known = without(book.groups, (group, key) => isOver(group) && group.asOf < toldFrom && !leased.has(key));
  return { ...book, clock, groups: withoutClosings(known, isOver), leases };
}

/** A group is known for longer than its closing matters when there are leases on it, or new looks at it. */
function withoutClosings(groups: SeatBook['groups'], isOver: (group: BookedGroup) => boolean): SeatBook['groups'] {
  const open = Object.entries(groups)
    .filter(([, group]) => group.closing !== undefined && isOver(group))
    .map(([key, { closing: _closing, ...group }]) => [key, group] as const);
  return open.length === 0 ? groups : { ...groups, ...Object.fromEntries(open) };
}

/** The record itself where nothing is to go: a book has thousands of leases. */
function without<Value>(
  record: Record<string, Value>,
  isOver: (value: Value, key: string) => boolean,
): Record<string, Value> {
  const over = Object.entries(record).filter(([key, value]) => isOver(value, key));
  if (over.length === 0) {
    return record;
  }
  const gone = new Set(over.map(([key]) => key));
  return Object.fromEntries(Object.entries(record).filter(([key]) => !gone.has(key)));
}
