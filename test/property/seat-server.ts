import type { ContainerGroup } from '../../src/domain/group/container-group.ts';
import { seatFactsOf, type SeatFacts } from '../../src/domain/seat/seat-facts.ts';

/** A server with players on it, and its group as the entity has it. */
export interface Server {
  seats: number;
  /** Whether its reports name leases, or only count. */
  names: boolean;
  incarnation: string;
  bootId: string;
  sequence: number;
  /** By lease: who sits where. */
  players: Map<string, number>;
  group: ContainerGroup | undefined;
  /** Earlier states, which a stale read may still show. */
  past: { atMs: number; group: ContainerGroup | undefined }[];
}

/** What a look at the group shows that may be as old as that: the facts of it, if it has any. */
export function shownFacts({ past, group }: Server, asOfMs: number): SeatFacts[] {
  const older = past.find(({ atMs }) => atMs > asOfMs);
  const shown = older === undefined ? group : older.group;
  const facts = shown === undefined ? undefined : seatFactsOf(shown);
  return facts === undefined ? [] : [facts];
}
