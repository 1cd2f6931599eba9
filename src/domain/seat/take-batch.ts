import { z } from 'zod';
import { addMs, elapsedMs, instantSchema, type Instant } from '../time.ts';
import { chooseGroup, seatWishSchema, type Candidate } from './choose-group.ts';
import { act, leaseActionSchema, type Lease } from './lease.ts';
import {
  emptyBook,
  FACTS_MAX_AGE_MS,
  isForSale,
  MAX_BATCHES,
  MAX_BOOK_BYTES,
  seatsTaken,
  turnPage,
  type SeatBook,
} from './seat-book.ts';
import { seatFactsSchema, type SeatFacts } from './seat-facts.ts';
import { takeFacts } from './take-facts.ts';

const seatRequestSchema = z.object({
  requestId: z.string(),
  /** Of the lease that it gets, if it has none yet. */
  leaseId: z.string(),
  ...seatWishSchema.shape,
  leaseSeconds: z.int().min(1),
  confirmSeconds: z.int().min(1),
});
/** Asks for seats on one group. */
export type SeatRequest = z.infer<typeof seatRequestSchema>;

/** What a process of the app has collected for a book. */
export const batchSchema = z.object({
  batchId: z.string(),
  /** When the looks at the groups began. */
  asOf: instantSchema,
  /** Those that the requests may get seats on, each of them on any. */
  groups: z.array(seatFactsSchema),
  requests: z.array(seatRequestSchema),
  actions: z.array(z.object({ leaseId: z.string(), action: leaseActionSchema })),
});
export type Batch = z.infer<typeof batchSchema>;

/**
 * The book after a batch, whose requests are taken in their order; one that has its lease already gets no other. A batch that was taken before
 * changes nothing, and neither does one that comes so late that nobody waits for it: what it knows of the groups may no longer be true.
 */
export function takeBatch(before: SeatBook | undefined, batch: Batch, now: Instant): SeatBook | undefined {
  const book = before ?? emptyBook(now);
  if (book.batches.includes(batch.batchId) || elapsedMs(batch.asOf, now) > FACTS_MAX_AGE_MS) {
    return before;
  }
  const turned = turnPage({ ...book, batches: [...book.batches, batch.batchId].slice(-MAX_BATCHES) }, now);
  // A clock that is ahead must not free what its owner takes for over.
  const asOf = elapsedMs(batch.asOf, turned.clock) < 0 ? turned.clock : batch.asOf;
  return grant(actAll(takeFacts(turned, batch.groups, asOf), batch), batch);
}

/** Released seats can be had by the requests of the same batch, if the looks began after that, which they did not. */
function actAll(book: SeatBook, { actions }: Batch): SeatBook {
  if (actions.length === 0) {
    return book;
  }
  const leases = { ...book.leases };
  for (const { leaseId, action } of actions) {
    const lease = Object.hasOwn(leases, leaseId) ? leases[leaseId] : undefined;
    if (lease !== undefined) {
      leases[leaseId] = act(lease, action, book.clock);
    }
  }
  return { ...book, leases };
}

function grant(book: SeatBook, { groups, requests }: Batch): SeatBook {
  const known = new Set(Object.values(book.leases).map(({ requestId }) => requestId));
  const candidates = candidatesOf(book, groups);
  const granted: [string, Lease][] = [];
  let roomBytes = requests.length === 0 ? 0 : MAX_BOOK_BYTES - JSON.stringify(book).length;
  for (const request of requests) {
    const group = known.has(request.requestId) || roomBytes <= 0 ? undefined : chooseGroup(candidates, request);
    if (group !== undefined) {
      group.free -= request.seats;
      const lease: [string, Lease] = [request.leaseId, leaseOf(request, group, book.clock)];
      roomBytes -= JSON.stringify(lease).length;
      known.add(request.requestId);
      granted.push(lease);
    }
  }
  return { ...book, leases: { ...book.leases, ...Object.fromEntries(granted) } };
}

/** Those of these groups whose seats may be sold, with how many are free. */
export function candidatesOf(book: SeatBook, groups: readonly SeatFacts[]): (Candidate & { incarnation: string })[] {
  const byGroup = Map.groupBy(Object.values(book.leases), ({ group }) => group);
  return groups.flatMap(({ key, incarnation, location }) => {
    const group = book.groups[key];
    if (group?.incarnation !== incarnation || !isForSale(group)) {
      return [];
    }
    const leases = (byGroup.get(key) ?? []).filter((lease) => lease.incarnation === incarnation);
    return [{ key, incarnation, location, free: group.seats - seatsTaken(group, leases) }];
  });
}

function leaseOf(
  { requestId, seats, leaseSeconds, confirmSeconds }: SeatRequest,
  { key, incarnation }: { key: string; incarnation: string },
  at: Instant,
): Lease {
  const expiresAt = addMs(at, leaseSeconds * 1_000);
  return { requestId, group: key, incarnation, seats, grantedAt: at, expiresAt, leaseSeconds, confirmSeconds };
}
