import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noFaults } from '../../../../../../local/arm/faults/faults.ts';
import { planProvisioning } from '../../../../../../local/arm/groups/lifecycle/provisioning-plan.ts';
import type { ProvisioningStep } from '../../../../../../local/arm/groups/lifecycle/provisioning-step.ts';
import { createSeededRandom } from '../../../../../../local/arm/faults/seeded-random.ts';
import { type ProfileName, timingProfiles } from '../../../../../../local/arm/groups/lifecycle/timing-profile.ts';

const START_MS = 1_000_000;

function plan(images: string[], profile: ProfileName, seed = 1, lacksCapacity = false): ProvisioningStep[] {
  const containers = images.map((image, index) => ({ name: `c${index}`, properties: { image } }));
  return planProvisioning(
    { containers },
    {
      timing: timingProfiles[profile],
      faults: noFaults,
      random: createSeededRandom(seed),
      key: 'group',
      startMs: START_MS,
      lacksCapacity,
    },
  );
}

const anyImages = fc.array(fc.constantFrom('game:1', 'local/does-not-exist', 'local/never-ready', 'other'), {
  minLength: 1,
  maxLength: 5,
});
const anyProfile = fc.constantFrom<ProfileName>('realistic', 'fast', 'instant');

test('every plan is in order of time, begins in the present and ends exactly once', () => {
  fc.assert(
    fc.property(anyImages, anyProfile, fc.nat(), fc.boolean(), (images, profile, seed, lacksCapacity) => {
      const steps = plan(images, profile, seed, lacksCapacity);
      const times = steps.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times.every((ms) => Number.isSafeInteger(ms) && ms >= START_MS)).toBe(true);
      const ends = steps.filter(({ kind }) => kind === 'succeeded' || kind === 'failed');
      expect(ends).toHaveLength(1);
    }),
  );
});

test('a group succeeds exactly when every image can be had, and then only after every container runs', () => {
  fc.assert(
    fc.property(anyImages, anyProfile, fc.nat(), (images, profile, seed) => {
      const steps = plan(images, profile, seed);
      const isGood = images.every((image) => !image.startsWith('local/'));
      const end = steps.findIndex(({ kind }) => kind === 'succeeded');
      expect(end !== -1).toBe(isGood);
      const started = steps.slice(0, end).filter(({ kind }) => kind === 'started');
      if (isGood) expect(started).toHaveLength(images.length);
    }),
  );
});

test.each([
  { profile: 'realistic', started: [9_000, 17_000], finished: [30_000, 35_000] },
  { profile: 'fast', started: [250, 500], finished: [700, 1_000] },
  { profile: 'instant', started: [0, 0], finished: [0, 0] },
] as const)(
  'with the $profile profile containers start and operations end within its spans',
  ({ profile, started, finished }) => {
    for (let seed = 0; seed < 50; seed++) {
      const steps = plan(['game:1'], profile, seed);
      const after = (kind: string): number => (steps.find((step) => step.kind === kind)?.atMs ?? 0) - START_MS;
      expect(after('started')).toBeGreaterThanOrEqual(started[0]);
      expect(after('started')).toBeLessThanOrEqual(started[1]);
      expect(after('succeeded')).toBeGreaterThanOrEqual(finished[0]);
      expect(after('succeeded')).toBeLessThanOrEqual(finished[1]);
    }
  },
);

test('a pull that is slow puts off what follows, and past half an hour fails the group, which starts all the same', () => {
  const slow = (pullDelayMs: number): ProvisioningStep[] => planWith({ pullDelayMs });
  const at = (steps: ProvisioningStep[], kind: string): number | undefined =>
    steps.find((step) => step.kind === kind)?.atMs;
  const plain = slow(0);
  const late = slow(600_000);
  expect(at(late, 'pulling')).toBe(at(plain, 'pulling'));
  for (const kind of ['started', 'succeeded']) expect(at(late, kind)).toBe((at(plain, kind) ?? 0) + 600_000);
  const tooLate = slow(3_600_000);
  expect(at(tooLate, 'failed')).toBe(START_MS + 1_800_000);
  expect(at(tooLate, 'started')).toBeGreaterThan(START_MS + 3_600_000);
  expect(at(tooLate, 'succeeded')).toBeUndefined();
});

test('nothing happens to a group that is stuck once its images are there', () => {
  const kinds = planWith({ isStuck: true }).map(({ kind }) => kind);
  expect(kinds).toEqual(['creating', 'pulling', 'pulled']);
});

function planWith(context: { pullDelayMs?: number; isStuck?: boolean }): ProvisioningStep[] {
  return planProvisioning(
    { containers: [{ name: 'c0', properties: { image: 'game:1' } }] },
    {
      timing: timingProfiles.realistic,
      faults: noFaults,
      random: createSeededRandom(1),
      key: 'group',
      startMs: START_MS,
      lacksCapacity: false,
      ...context,
    },
  );
}

test('no group fails before the SDK has asked about its operation for the first time', () => {
  for (const steps of [plan(['local/does-not-exist'], 'instant'), plan(['game'], 'instant', 1, true)]) {
    expect((steps.at(-1)?.atMs ?? 0) - START_MS).toBeGreaterThanOrEqual(250);
  }
});
