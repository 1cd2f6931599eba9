import type { ContainerGroup } from '../group/container-group.ts';
import type { Restarts } from '../group/container-end.ts';
import { elapsedMs, type Instant } from '../time.ts';
import type { InspectedContainer } from './inspected-resource.ts';

/** When a look is made, and when those of the inspection before began; undefined of the first. */
export interface LookTimes {
  at: Instant;
  lastLookAt?: Instant;
  intervalMs: number;
}

/** What a look says of the restarts of a group. */
export interface CountedRestarts {
  /** To be kept from now on; absent where nothing is new. */
  restarts?: Restarts;
  /** Containers that were restarted since the look before, and how often. */
  restarted: { container: InspectedContainer; by: number }[];
  /** How often a container was restarted within the window, by its name. */
  within: ReadonlyMap<string, number>;
}

/**
 * How long restarts are counted together: a container that has run for ten minutes begins its back-off anew, which is five minutes after as many
 * short runs (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#restart-policy, whose words ACI's containers show).
 */
export const RESTART_WINDOW_MS = 900_000;

/** Counts the restarts of a group by what was known of them. A look that shows no other counts than the one before has nothing to be kept. */
export function countRestarts(
  group: ContainerGroup,
  containers: readonly InspectedContainer[],
  times: LookTimes,
): CountedRestarts {
  const past = pastOf(group, times);
  const isGoingOn = past !== undefined && isWithin(past.since, times);
  const counted = containers.flatMap((container) => {
    const { name, restartCount: count } = container;
    if (count === undefined) {
      return [];
    }
    const known = past?.containers.find((each) => each.name === name);
    // A count that went back is that of another instance of the container: it begins at nothing.
    const last = known !== undefined && known.count <= count ? known : { before: 0, count: 0 };
    const seen = past === undefined ? count : last.count;
    // Whoever ends in order does not crash all the time: the ends before that are no part of a loop.
    const isOrderly = container.lastEnd?.exitCode === 0;
    const before = isGoingOn && !isOrderly ? last.before : count;
    const isNew = count !== (known?.count ?? 0) || (isOrderly && count !== last.before);
    return [{ container, by: count - seen, kept: { name, before, count }, isNew }];
  });
  // A container whose count is not shown this once has not begun anew.
  const unseen = (past?.containers ?? [])
    .filter(({ name }) => containers.some((each) => each.name === name && each.restartCount === undefined))
    .map((each) => (isGoingOn ? each : { ...each, before: each.count }));
  const kept = [...counted.map((each) => each.kept).filter(({ count }) => count > 0), ...unseen];
  // Of a group that was found in Azure the first look tells what is old, if it shows every count.
  const isToBeKept = past === undefined ? counted.length === containers.length : counted.some(({ isNew }) => isNew);
  return {
    ...(isToBeKept && {
      restarts: { since: isGoingOn ? past.since : times.at, containers: kept },
    }),
    restarted: counted.filter(({ by }) => by > 0).map(({ container, by }) => ({ container, by })),
    within: new Map(counted.map(({ kept: { name, before, count } }) => [name, count - before])),
  };
}

/** What was known until now; undefined of a group that was found in Azure, whose containers may be old. */
function pastOf(group: ContainerGroup, times: LookTimes): Pick<Restarts, 'since' | 'containers'> | undefined {
  const { restarts, createdAt, stateSince, timeline } = group;
  const { lastLookAt } = times;
  if (restarts !== undefined) {
    // The counts that were seen last were true at the last look.
    return isWithin(restarts.since, times) || lastLookAt === undefined
      ? restarts
      : { since: lastLookAt, containers: restarts.containers.map((each) => ({ ...each, before: each.count })) };
  }
  // The first entry is never forgotten.
  if (timeline[0]?.event === 'adopted') {
    return undefined;
  }
  const wasLookedAt = lastLookAt !== undefined && elapsedMs(stateSince, lastLookAt) > 0;
  return { since: wasLookedAt ? lastLookAt : createdAt, containers: [] };
}

function isWithin(since: Instant, { at, intervalMs }: LookTimes): boolean {
  return elapsedMs(since, at) <= Math.max(RESTART_WINDOW_MS, 2 * intervalMs);
}
