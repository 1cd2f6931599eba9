import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIncidents, type Incidents } from '../../../../../local/arm/faults/incidents.ts';
import { parseIncidents } from '../../../../../local/arm/faults/parse-faults.ts';
import { createSeededRandom } from '../../../../../local/arm/faults/seeded-random.ts';

const NOW_MS = 1_000_000;

function incidentsOf(...inputs: object[]): Incidents {
  const incidents = createIncidents(createSeededRandom(1));
  incidents.replace(parseIncidents({ name: 'the test', input: { incidents: inputs } }), NOW_MS);
  return incidents;
}

test.each([
  { says: 'no times', times: {}, on: [0, 1e9], off: [] },
  { says: 'a beginning', times: { fromSeconds: 5 }, on: [5_000, 1e9], off: [0, 4_999] },
  { says: 'an end', times: { untilSeconds: 5 }, on: [0, 4_999], off: [5_000] },
  { says: 'both', times: { fromSeconds: 5, untilSeconds: 7.5 }, on: [5_000, 7_499], off: [4_999, 7_500] },
  { says: 'a length', times: { fromSeconds: 5, forSeconds: 2 }, on: [5_000, 6_999], off: [4_999, 7_000] },
])('an incident with $says is on in between, and not at its end', ({ times, on, off }) => {
  const incidents = incidentsOf({ kind: 'noTokens', ...times });
  const isOn = (ms: number): boolean => incidents.hit('noTokens', {}, 'key', NOW_MS + ms) !== undefined;
  expect(on.map(isOn)).not.toContain(false);
  expect(off.map(isOn)).not.toContain(true);
});

test('the times of what is added count from when it was added, and leave those of the others alone', () => {
  const incidents = incidentsOf({ kind: 'noTokens', forSeconds: 10 });
  incidents.add(
    parseIncidents({ name: 'the test', input: { incidents: [{ kind: 'listsLag', forSeconds: 10 }] } }),
    NOW_MS + 5_000,
  );
  expect(incidents.all().map(({ fromMs, untilMs }) => [fromMs - NOW_MS, (untilMs ?? 0) - NOW_MS])).toEqual([
    [0, 10_000],
    [5_000, 15_000],
  ]);
});

test('a share is hit, the same keys each time, and others by another incident of the kind', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (rate) => {
      const incidents = incidentsOf({ kind: 'eventsLost', rate }, { kind: 'eventsLost', rate: 0 });
      const keys = Array.from({ length: 1_000 }, (_, index) => `event ${index}`);
      const hit = keys.filter((key) => incidents.hit('eventsLost', {}, key, NOW_MS));
      expect(Math.abs(hit.length / keys.length - rate)).toBeLessThan(0.08);
      expect(keys.filter((key) => incidents.hit('eventsLost', {}, key, NOW_MS + 1))).toEqual(hit);
    }),
    { numRuns: 20 },
  );
  const half = incidentsOf({ kind: 'eventsLost', rate: 0.5 }, { kind: 'eventsLost', rate: 0.5 });
  const both = half.all().map((each) => Array.from({ length: 20 }, (_, key) => half.isAimedAt(each, {}, String(key))));
  expect(both[0]).not.toEqual(both[1]);
});
