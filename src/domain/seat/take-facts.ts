import { elapsedMs, type Instant } from '../time.ts';
import { conditionOf, type Lease } from './lease.ts';
import type { BookedGroup, SeatBook } from './seat-book.ts';
import type { SeatFacts } from './seat-facts.ts';

/**
 * The book after it was told of groups. Looks come in any order, and a look may show what was true before it began: what is no news is left
 * alone. That a server counts a lease is known only together with its count.
 */
export function takeFacts(book: SeatBook, told: readonly SeatFacts[], asOf: Instant): SeatBook {
  const news = told.filter((facts) => isNews(book.groups[facts.key], facts, asOf));
  const groups = news.map((facts) => [facts.key, bookedGroup(book.groups[facts.key], facts, asOf)] as const);
  const seen = news.flatMap((facts) => facts.seen.flatMap((id) => seenLease(book, facts.key, id)));
  return loseLeases({
    ...book,
    groups: { ...book.groups, ...Object.fromEntries(groups) },
    leases: { ...book.leases, ...Object.fromEntries(seen) },
  });
}

/** A state is told by when its last report came; of two looks at the same state the later one tells that it lasts. */
function isNews(known: BookedGroup | undefined, { incarnation, knownAt }: SeatFacts, asOf: Instant): boolean {
  if (known === undefined) {
    return true;
  }
  const isLaterLook = elapsedMs(known.asOf, asOf) > 0;
  const laterMs = known.knownAt === undefined ? 0 : elapsedMs(known.knownAt, knownAt);
  return known.incarnation === incarnation
    ? laterMs > 0 || (laterMs === 0 && isLaterLook)
    : laterMs >= 0 && isLaterLook;
}

function bookedGroup(known: BookedGroup | undefined, told: SeatFacts, asOf: Instant): BookedGroup {
  const { incarnation, seats, knownAt } = told;
  if (known?.incarnation !== incarnation) {
    return { incarnation, seats, sessions: told.sessions, knownAt, asOf };
  }
  // Two reports of one moment can't be told apart: the one with more is believed until the next.
  const sessions = known.knownAt === knownAt ? Math.max(known.sessions, told.sessions) : told.sessions;
  return { ...known, seats, sessions, knownAt, asOf };
}

function seenLease(book: SeatBook, key: string, id: string): [string, Lease][] {
  const lease = book.leases[id];
  return lease?.group === key && lease.seen === undefined ? [[id, { ...lease, seen: true }]] : [];
}

/** A name that another group has by now is one whose earlier group is gone, and the seats on it. */
function loseLeases(book: SeatBook): SeatBook {
  const lost = Object.entries(book.leases).filter(([, lease]) => {
    const group = book.groups[lease.group];
    const isOther = group !== undefined && group.incarnation !== lease.incarnation;
    return isOther && conditionOf(lease, book.clock) === 'held';
  });
  const leases = lost.map(([id, lease]) => [id, { ...lease, lostAt: book.clock }] as const);
  return { ...book, leases: { ...book.leases, ...Object.fromEntries(leases) } };
}
