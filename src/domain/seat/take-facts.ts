import { elapsedMs, laterOf, type Instant } from '../time.ts';
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
    leases: seen.length === 0 ? book.leases : { ...book.leases, ...Object.fromEntries(seen) },
  });
}

/** Which state a look shows is told by when its last report had come. */
function isNews(known: BookedGroup | undefined, { incarnation, knownAt }: SeatFacts, asOf: Instant): boolean {
  const laterMs = elapsedMs(known?.knownAt ?? knownAt, knownAt);
  // Of two groups of a name the one that was looked at later is the later one.
  const isSameOrNext = known?.incarnation === incarnation || elapsedMs(known?.asOf ?? asOf, asOf) > 0;
  return known === undefined || (laterMs >= 0 && isSameOrNext);
}

/** Two states of one moment can't be told apart: the count that is higher is believed until the next report. */
function bookedGroup(known: BookedGroup | undefined, told: SeatFacts, asOf: Instant): BookedGroup {
  const { incarnation, seats, sessions, knownAt } = told;
  if (known?.incarnation !== incarnation) {
    return { incarnation, seats, sessions, knownAt, asOf };
  }
  return known.knownAt === knownAt
    ? { ...known, seats, sessions: Math.max(known.sessions, sessions), asOf: laterOf(known.asOf, asOf) }
    : { ...known, seats, sessions, knownAt, asOf };
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
  if (lost.length === 0) {
    return book;
  }
  const leases = lost.map(([id, lease]) => [id, { ...lease, lostAt: book.clock }] as const);
  return { ...book, leases: { ...book.leases, ...Object.fromEntries(leases) } };
}
