import { expect, test } from 'vitest';
import { planDeliveries, type PlannedDelivery } from '../../../../../local/arm/events/event-publication.ts';
import { noFaults } from '../../../../../local/arm/faults/faults.ts';
import { createSeededRandom } from '../../../../../local/arm/faults/seeded-random.ts';
import { timingProfiles } from '../../../../../local/arm/groups/lifecycle/timing-profile.ts';

const NOW_MS = 1_000_500;

function plan(events: Partial<typeof noFaults.events>, key = 'event'): PlannedDelivery[] {
  const faults = { ...noFaults.events, ...events };
  return planDeliveries(NOW_MS, faults, timingProfiles.realistic, createSeededRandom(1), key);
}

test('without faults an event is delivered once, within seconds', () => {
  for (let index = 0; index < 100; index++) {
    const deliveries = plan({}, `event ${index}`);
    expect(deliveries).toHaveLength(1);
    const latencyMs = (deliveries[0]?.dueMs ?? 0) - NOW_MS;
    expect(latencyMs).toBeGreaterThanOrEqual(500);
    expect(latencyMs).toBeLessThanOrEqual(3_000);
  }
});

test('rates of loss and doubling are kept, and a delay is added to every event', () => {
  const all = Array.from({ length: 2_000 }, (_, index) =>
    plan({ drop: 0.25, duplicate: 0.5, delayMs: 60_000 }, `event ${index}`),
  );
  const share = (count: number): number => all.filter((deliveries) => deliveries.length === count).length / all.length;
  expect(share(0)).toBeCloseTo(0.25, 1);
  expect(share(2)).toBeCloseTo(0.375, 1);
  expect(all.flat().every(({ dueMs }) => dueMs >= NOW_MS + 60_500)).toBe(true);
});

test('reversed events wait for the end of their window', () => {
  const { reverseWindowMs } = timingProfiles.realistic;
  for (const { dueMs, isReversed } of plan({ reverse: true, duplicate: 1 })) {
    expect(isReversed).toBe(true);
    expect(dueMs % reverseWindowMs).toBe(0);
    expect(dueMs).toBeGreaterThan(NOW_MS);
  }
});
