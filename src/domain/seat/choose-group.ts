import { z } from 'zod';

/** Which of the groups that fit is taken: the fullest, so that others empty and can go, or the emptiest. */
export const packingSchema = z.enum(['packed', 'spread']);

/** What a request asks of the group that it gets a seat on. */
export const seatWishSchema = z.object({
  seats: z.int().min(1),
  strategy: packingSchema,
  /** In lower case, the dearest first; a group elsewhere is taken when there is none there. */
  preferredLocations: z.array(z.string()).exactOptional(),
});
export type SeatWish = z.infer<typeof seatWishSchema>;

/** A group on which there may be room. */
export interface Candidate {
  key: string;
  location: string;
  /** Seats that nobody has. */
  free: number;
}

/** The group that a request gets its seats on; undefined when it fits on none. */
export function chooseGroup<Group extends Candidate>(groups: readonly Group[], wish: SeatWish): Group | undefined {
  return groups
    .filter(({ free }) => free >= wish.seats)
    .reduce<Group | undefined>(
      (best, each) => (best === undefined || compare(each, best, wish) < 0 ? each : best),
      undefined,
    );
}

/** The groups on which a request fits, the one that it gets first. */
export function rankGroups<Group extends Candidate>(groups: readonly Group[], wish: SeatWish): Group[] {
  return groups.filter(({ free }) => free >= wish.seats).toSorted((one, other) => compare(one, other, wish));
}

function compare(one: Candidate, other: Candidate, { strategy, preferredLocations = [] }: SeatWish): number {
  const place = ({ location }: Candidate): number => {
    const index = preferredLocations.indexOf(location.toLowerCase());
    return index === -1 ? preferredLocations.length : index;
  };
  const emptier = one.free - other.free;
  return place(one) - place(other) || (strategy === 'packed' ? emptier : -emptier) || (one.key < other.key ? -1 : 1);
}
