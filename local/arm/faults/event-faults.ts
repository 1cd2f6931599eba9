import { type FaultTarget, groupTarget } from './fault-target.ts';
import type { Faults } from './faults.ts';
import type { Incidents } from './incidents.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What goes wrong with one event about a group that is published at a time: what always does, and the incidents that are on. */
export function eventFaults(
  { faults, incidents, random }: { faults: () => Faults; incidents: Incidents; random: SeededRandom },
  group: Parameters<typeof groupTarget>[0],
  key: string,
  atMs: number,
): Faults['events'] {
  const { events } = faults();
  if (incidents.all().length === 0) return events;
  const target: FaultTarget = groupTarget(group);
  const lateMs = (incidents.hit('eventsLate', target, key, atMs)?.delaySeconds ?? 0) * 1000;
  const spreadMs = (incidents.hit('eventsReordered', target, key, atMs)?.spreadSeconds ?? 0) * 1000;
  return {
    ...events,
    drop: incidents.hit('eventsLost', target, key, atMs) ? 1 : events.drop,
    duplicate: incidents.hit('eventsDoubled', target, key, atMs) ? 1 : events.duplicate,
    delayMs: Math.round(events.delayMs + lateMs + random.between(0, spreadMs, key, 'spread')),
  };
}
