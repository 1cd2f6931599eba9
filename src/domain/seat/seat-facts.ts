import { z } from 'zod';
import type { ContainerGroup } from '../group/container-group.ts';
import { groupKey } from '../group/group-id.ts';
import { instantSchema, laterOf, type Instant } from '../time.ts';

/** What a book has to know of a group to sell a seat on it, as of one look at the group. */
export const seatFactsSchema = z.object({
  key: z.string(),
  incarnation: z.string(),
  location: z.string(),
  /** How many it has. */
  seats: z.int().min(1),
  /** How many of them its server, or a matchmaker, has reported to be taken. */
  sessions: z.int().min(0),
  /** When the newest report came that it has taken, or since when it is Running: the state that was read is not older. */
  knownAt: instantSchema,
  /** Leases that its server has named. */
  seen: z.array(z.string()),
});
export type SeatFacts = z.infer<typeof seatFactsSchema>;

/** A group whose creator said nothing of sessions is there for one. */
const SEATS_UNLESS_TOLD = 1;

/** The facts of a group, if seats on it can be sold: it runs, and how many play on it is known. */
export function seatFactsOf(group: ContainerGroup): SeatFacts | undefined {
  if (group.state !== 'Running' || group.sessionsUnknownSince !== undefined) {
    return undefined;
  }
  return {
    key: groupKey(group),
    incarnation: group.incarnation,
    location: group.location,
    seats: seatsOf(group),
    sessions: group.activeSessions,
    knownAt: knownAtOf(group),
    seen: (group.leases ?? []).flatMap(({ id, seen }) => (seen === true ? [id] : [])),
  };
}

/** How many seats a group has. */
export function seatsOf({ maxSessions = SEATS_UNLESS_TOLD }: Pick<ContainerGroup, 'maxSessions'>): number {
  return maxSessions;
}

function knownAtOf({ stateSince, lastReport }: ContainerGroup): Instant {
  return laterOf(stateSince, lastReport?.at ?? stateSince);
}
