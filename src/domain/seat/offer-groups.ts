import type { ContainerGroup } from '../group/container-group.ts';
import type { Instant } from '../time.ts';
import { rankGroups, type SeatWish } from './choose-group.ts';
import { candidatesOf } from './take-batch.ts';
import { emptyBook, type SeatBook } from './seat-book.ts';
import { seatFactsOf, type SeatFacts } from './seat-facts.ts';
import { takeFacts } from './take-facts.ts';

/** What was sold since the book was read may have filled some of the groups. */
const SPARE_GROUPS = 8;

/**
 * The groups that a batch tells the book of, by what is known before it is asked: for each kind of request the best ones, as many as there are requests of
 * the kind and some to spare. A message stays small that way, however many groups a fleet has.
 */
export function offerGroups(
  groups: readonly ContainerGroup[],
  requests: readonly SeatWish[],
  book: SeatBook | undefined,
  asOf: Instant,
): SeatFacts[] {
  const told = groups.flatMap((group) => seatFactsOf(group) ?? []);
  // What the book will know once it is told: that a server has named a lease frees a seat.
  const candidates = candidatesOf(takeFacts(book ?? emptyBook(asOf), told, asOf), told);
  const kinds = Map.groupBy(requests, ({ seats, strategy, preferredLocations }) =>
    JSON.stringify([seats, strategy, preferredLocations]),
  );
  const offered = [...kinds.values()].flatMap((alike) =>
    alike.slice(0, 1).flatMap((wish) => rankGroups(candidates, wish).slice(0, alike.length + SPARE_GROUPS)),
  );
  const keys = new Set(offered.map(({ key }) => key));
  return told.filter(({ key }) => keys.has(key));
}
