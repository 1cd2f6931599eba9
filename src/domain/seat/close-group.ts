import { z } from 'zod';
import type { Failure } from '../failure.ts';
import type { ContainerGroup } from '../group/container-group.ts';
import { elapsedMs, instantSchema, type Instant } from '../time.ts';
import { conditionOf, countsBeside } from './lease.ts';
import { emptyBook, FACTS_MAX_AGE_MS, leasesOf, turnPage, type BookedGroup, type SeatBook } from './seat-book.ts';

/** Asks that no seat of a group be sold from now on, since it is to be deleted. */
export const closeGroupSchema = z.object({
  /** Of the deletion that asks; repeated with the same id it only makes a closing last from then on. */
  closingId: z.string(),
  at: instantSchema,
  key: z.string(),
  incarnation: z.string(),
  /** Its leases are broken; without it they keep the group. */
  force: z.boolean(),
});
export type CloseGroup = z.infer<typeof closeGroupSchema>;

/** Asks that a group be sold again, since the deletion that had it closed spares it. */
export const openGroupSchema = closeGroupSchema.pick({ closingId: true, key: true, incarnation: true });
export type OpenGroup = z.infer<typeof openGroupSchema>;

/**
 * The book after a group was closed, or after a lease has kept it. A group that no book knew is closed too: what was seen of it may yet come.
 * A command that comes twice, or so late that its deletion has asked again or ended, or that the name has another group by now, changes nothing.
 */
export function closeGroup(before: SeatBook | undefined, command: CloseGroup, now: Instant): SeatBook | undefined {
  const { closingId: id, at, key, incarnation, force } = command;
  const known = before?.groups[key];
  if (isOld(known, command) || elapsedMs(at, now) > FACTS_MAX_AGE_MS) {
    return before;
  }
  const book = turnPage(before ?? emptyBook(now), now);
  const holding = holdingLeases(book, command);
  const outcome = holding.length > 0 && !force ? 'refused' : 'closed';
  const group = known?.incarnation === incarnation ? known : unknownGroup(incarnation, book.clock);
  const broken = (outcome === 'closed' ? holding : [])
    .filter(([, lease]) => conditionOf(lease, book.clock) === 'held')
    .map(([leaseId, lease]) => [leaseId, { ...lease, lostAt: book.clock, lostBy: id }] as const);
  return {
    ...book,
    groups: { ...book.groups, [key]: { ...group, closing: { id, at, outcome } } },
    leases: { ...book.leases, ...Object.fromEntries(broken) },
  };
}

/**
 * The book after a group was opened again by the deletion that had it closed, with the leases that it had broken; one that another has closed since stays
 * closed.
 */
export function openGroup(before: SeatBook | undefined, command: OpenGroup, now: Instant): SeatBook | undefined {
  const known = before?.groups[command.key];
  const closing = known?.closing;
  if (before === undefined || known?.incarnation !== command.incarnation || closing?.id !== command.closingId) {
    return before;
  }
  const book = turnPage(before, now);
  const open: BookedGroup = { ...known, closing: { ...closing, outcome: 'opened' } };
  const restored = leasesOf(book, command)
    .filter(([, { lostBy }]) => lostBy === command.closingId)
    .map(([leaseId, { lostAt: _at, lostBy: _by, ...lease }]) => [leaseId, lease] as const);
  return {
    ...book,
    groups: { ...book.groups, [command.key]: open },
    leases: { ...book.leases, ...Object.fromEntries(restored) },
  };
}

/** What became of a closing; undefined while the book has not taken it. */
export function closingOutcome(
  book: SeatBook | undefined,
  command: Pick<CloseGroup, 'closingId' | 'key' | 'incarnation'>,
): 'closed' | Failure | undefined {
  const group = book?.groups[command.key];
  const closing = group?.incarnation === command.incarnation ? group.closing : undefined;
  if (book === undefined || closing?.id !== command.closingId) {
    return undefined;
  }
  return closing.outcome === 'closed' ? 'closed' : seatsLeased;
}

/**
 * Whether no look that shows the group to be for sale is young enough to be sold by. A marked group never runs again, so that a fleet of which nothing was
 * ever leased has nothing to be asked about one.
 */
export function isLongOffSale(group: ContainerGroup, at: Instant): boolean {
  return group.state === 'MarkedForDeletion' && elapsedMs(group.stateSince, at) > 2 * FACTS_MAX_AGE_MS;
}

const seatsLeased: Failure = {
  code: 'seatsLeased',
  message: 'Seats of this group are leased, and whoever holds them may yet come.',
};

function isOld(known: BookedGroup | undefined, { closingId: id, at, incarnation }: CloseGroup): boolean {
  if (known !== undefined && known.incarnation !== incarnation) {
    return elapsedMs(at, known.asOf) > 0;
  }
  const last = known?.closing;
  const isRenewed = last?.id === id && last.outcome === 'closed' && elapsedMs(last.at, at) > 0;
  return last !== undefined && !isRenewed && (last.id === id || elapsedMs(last.at, at) < 0);
}

function holdingLeases(book: SeatBook, group: Pick<CloseGroup, 'key' | 'incarnation'>) {
  return leasesOf(book, group).filter(([, lease]) => countsBeside(lease, book.clock));
}

function unknownGroup(incarnation: string, at: Instant): BookedGroup {
  return { incarnation, seats: 0, sessions: 0, asOf: at };
}
