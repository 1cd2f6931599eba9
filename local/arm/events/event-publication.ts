import type { EventOutbox } from './event-outbox.ts';
import type { Faults } from '../faults/faults.ts';
import type { JsonObject } from '../wire/json.ts';
import type { SeededRandom } from '../faults/seeded-random.ts';
import type { TimingProfile } from '../groups/lifecycle/timing-profile.ts';

/** What becomes of one event: each entry is a delivery, at the time at which it falls due. None: it is lost. */
export interface PlannedDelivery {
  dueMs: number;
  isReversed: boolean;
}

/** Decides when, how often and in what order an event will arrive. */
export function planDeliveries(
  nowMs: number,
  faults: Faults['events'],
  timing: TimingProfile,
  random: SeededRandom,
  key: string,
): PlannedDelivery[] {
  if (random.draw(key, 'drop') < faults.drop) return [];
  const latencyMs = (copy: number): number =>
    Math.round(random.between(timing.eventLatency.fromMs, timing.eventLatency.toMs, key, 'latency', copy)) +
    faults.delayMs;
  const copies = random.draw(key, 'duplicate') < faults.duplicate ? [0, 1] : [0];
  return copies.map((copy) => {
    const dueMs = nowMs + latencyMs(copy);
    if (!faults.reverse) return { dueMs, isReversed: false };
    return { dueMs: (Math.floor(dueMs / timing.reverseWindowMs) + 1) * timing.reverseWindowMs, isReversed: true };
  });
}

/** Puts an event into the outbox as often as it will arrive. */
export function publishEvent(
  outbox: EventOutbox,
  event: JsonObject,
  publishedMs: number,
  deliveries: readonly PlannedDelivery[],
): void {
  for (const { dueMs, isReversed } of deliveries) outbox.add(event, { publishedMs, dueMs }, isReversed);
}
