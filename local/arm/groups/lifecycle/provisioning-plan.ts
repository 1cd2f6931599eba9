import type { GroupProperties } from '../../wire/container-group-body.ts';
import { imagesOf, isImage } from '../../faults/fault-target.ts';
import type { Faults } from '../../faults/faults.ts';
import type { PlannedStep } from './provisioning-step.ts';
import type { SeededRandom } from '../../faults/seeded-random.ts';
import type { TimingProfile } from './timing-profile.ts';

/** ACI gives a group half an hour to become ready (`provisioningTimeoutInSeconds` in its answers). */
export const PROVISIONING_TIMEOUT_SECONDS = 1_800;

/**
 * No group fails before this. The SDK asks about the operation as soon as it has begun and throws when it has failed already, which Azure
 * never lets happen: with an instant failure, a client would see an error that it can't get from Azure.
 */
const EARLIEST_FAILURE_MS = 250;

/** Images that always misbehave, so that nobody needs a fault file to see it. */
export const BUILT_IN_IMAGES = {
  pullFails: 'local/does-not-exist',
  inaccessible: 'local/not-accessible',
  neverReady: 'local/never-ready',
} as const;

/** What a plan depends on besides the spec. */
export interface PlanContext {
  timing: TimingProfile;
  faults: Faults;
  random: SeededRandom;
  /** Where in the random numbers this plan is. */
  key: string;
  startMs: number;
  /** The region has no room, which shows only now. */
  lacksCapacity: boolean;
  /** How much longer the images' pull takes than it would. */
  pullDelayMs?: number;
  /** It goes no further than the images, and nobody gives it up. */
  isStuck?: boolean;
}

/** Decides what will happen to a group that is created or started at `startMs`, to its end, in order of time. */
export function planProvisioning(properties: GroupProperties, context: PlanContext): PlannedStep[] {
  const { timing, random, startMs, key } = context;
  const at = (name: 'pulling' | 'started' | 'finished'): number =>
    startMs + Math.round(random.between(timing[name].fromMs, timing[name].toMs, key, name));
  const pullingMs = at('pulling');
  const delayMs = context.pullDelayMs ?? 0;
  const timeoutMs = startMs + PROVISIONING_TIMEOUT_SECONDS * 1000;
  const startedMs = Math.max(at('started'), pullingMs) + delayMs;
  const finishedMs = Math.max(at('finished') + delayMs, startedMs);
  const failedMs = Math.max(finishedMs, startMs + EARLIEST_FAILURE_MS);
  const steps: PlannedStep[] = [{ kind: 'creating', atMs: startMs + Math.round((pullingMs - startMs) / 2) }];
  if (context.lacksCapacity) {
    const atMs = Math.max(startedMs, startMs + EARLIEST_FAILURE_MS);
    return [...steps, { kind: 'failed', reason: 'capacity', atMs }];
  }

  const images = imagesOf(properties);
  for (const [container, image] of images.entries()) {
    steps.push(...planContainer({ container, image }, { pullingMs, startedMs, finishedMs }, context.faults));
  }
  const happening = context.isStuck
    ? steps.filter(({ kind }) => UNTIL_PULLED.has(kind))
    : [...steps, endOf(images, context.faults, { finishedMs, failedMs, timeoutMs })];
  return happening.toSorted((one, other) => one.atMs - other.atMs);
}

/** What happens to a group that is stuck. */
const UNTIL_PULLED: ReadonlySet<PlannedStep['kind']> = new Set(['creating', 'pulling', 'pulled']);

function endOf(
  images: readonly string[],
  faults: Faults,
  { finishedMs, failedMs, timeoutMs }: { finishedMs: number; failedMs: number; timeoutMs: number },
): PlannedStep {
  if (images.some((image) => isNamed(image, BUILT_IN_IMAGES.pullFails, faults.images.pullFails))) {
    return { kind: 'failed', reason: 'imagePull', atMs: failedMs };
  }
  if (images.some((image) => isNamed(image, BUILT_IN_IMAGES.neverReady, faults.images.neverReady))) {
    return { kind: 'failed', reason: 'timeout', atMs: timeoutMs };
  }
  // What failed by time goes on all the same (learn.microsoft.com/azure/container-instances/container-state#provisioning).
  if (finishedMs > timeoutMs) return { kind: 'failed', reason: 'timeout', atMs: timeoutMs };
  return { kind: 'succeeded', atMs: finishedMs };
}

/** Tells whether an image, with or without a tag, is one of those named. */
export function isNamed(image: string, builtIn: string, named: readonly string[]): boolean {
  return [builtIn, ...named].some((name) => isImage(image, name));
}

function planContainer(
  { container, image }: { container: number; image: string },
  { pullingMs, startedMs, finishedMs }: { pullingMs: number; startedMs: number; finishedMs: number },
  faults: Faults,
): PlannedStep[] {
  const pulling: PlannedStep = { kind: 'pulling', container, atMs: pullingMs };
  if (isNamed(image, BUILT_IN_IMAGES.pullFails, faults.images.pullFails)) {
    const retryMs = Math.round((startedMs + finishedMs) / 2);
    return [
      pulling,
      { kind: 'pullFailed', container, atMs: startedMs },
      { kind: 'pulling', container, atMs: retryMs },
      { kind: 'pullFailed', container, atMs: retryMs },
    ];
  }
  const pulledMs = Math.round((pullingMs + startedMs) / 2);
  const pulled: PlannedStep[] = [pulling, { kind: 'pulled', container, atMs: pulledMs }];
  if (isNamed(image, BUILT_IN_IMAGES.neverReady, faults.images.neverReady)) return pulled;
  pulled.push({ kind: 'created', container, atMs: startedMs }, { kind: 'started', container, atMs: startedMs });
  const exits = faults.images.exits.find((exit) => isNamed(image, exit.image, []));
  if (exits) {
    const { exitCode, afterMs } = exits;
    pulled.push({ kind: 'exited', container, exitCode, ranMs: afterMs, atMs: startedMs + afterMs });
  }
  return pulled;
}
