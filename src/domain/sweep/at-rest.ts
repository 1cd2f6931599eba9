import { elapsedMs, type Instant } from '../time.ts';

/** The row that the backend keeps of an orchestration or of an entity, also after its end. */
export interface KeptRow {
  /** Whether the orchestration has ended, in whatever way, or the entity was deleted and nothing waits for it. */
  isOver: boolean;
  lastUpdatedTime: Instant;
}

/**
 * How long a name lies still before its row is purged. A purge that meets a running turn makes others wait (up to 21 s, seen on extension
 * 3.19), and names that come back do so soon; at what ACI creates at the most, 300 groups in an hour, as many rows lie around.
 */
export const DEAD_ROW_REST_MS = 3_600_000;

/**
 * How long a look at rows is good for. A purge has to be on its way before a creation that began after the look can have come to its end, which
 * takes a container group several seconds: until then the provisioning finds out that its entity was purged, and creates it again.
 */
export const LOOK_GOOD_FOR_MS = 2_000;

/** Whether everything that was seen is over and has not changed for a while. What is absent does not count. */
export function isAtRest(seen: readonly (KeptRow | undefined)[], at: Instant, restMs: number): boolean {
  return seen.every((row) => row === undefined || (row.isOver && elapsedMs(row.lastUpdatedTime, at) >= restMs));
}
