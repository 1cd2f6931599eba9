import type { FaultsInput } from '../../../local/arm/faults/faults-schema.ts';
import type { Chance } from '../chance.ts';

type IncidentInput = NonNullable<FaultsInput['incidents']>[number];
type Window = { fromSeconds: number; forSeconds: number };

/** What the faults of a run may be aimed at. */
export interface FaultGround {
  chance: Chance;
  regions: readonly string[];
  resourceGroups: readonly string[];
  names: readonly string[];
  /** Faults are switched on and off until then, counted from the start. */
  untilSeconds: number;
}

/** Draws the faults of a run, each with its moments, its aim and its share. */
export function drawFaults(ground: FaultGround): IncidentInput[] {
  const { chance, untilSeconds } = ground;
  const kinds = Object.keys(draws).filter(isKind);
  const count = chance.whole(4, 11);
  return Array.from({ length: count }, () => {
    const kind = chance.pick(kinds) ?? 'eventsLost';
    const fromSeconds = chance.whole(0, untilSeconds - 600);
    const forSeconds = Math.min(chance.whole(180, 2_400), untilSeconds - fromSeconds);
    return draws[kind](ground, { fromSeconds, forSeconds });
  });
}

/** In the words of docs/faults.md, but for `createdOutside`, which `drawStrangers` draws, and `ipChanges`, which is none. */
const draws = {
  noCapacity: (ground, window) => ({ kind: 'noCapacity', ...window, late: ground.chance.happens(0.5), ...aim(ground) }),
  quotaReached: (ground, window) => ({ kind: 'quotaReached', ...window, ...aim(ground) }),
  pullFails: (ground, window) => ({ kind: 'pullFails', ...window, ...aim(ground), rate: 0.4 }),
  slowPull: (ground, window) => ({
    kind: 'slowPull',
    ...window,
    ...aim(ground),
    delaySeconds: ground.chance.whole(60, 2_000),
  }),
  stuckCreating: (ground, window) => ({ kind: 'stuckCreating', ...window, ...aim(ground), rate: 0.4 }),
  failsAfterSuccess: (ground, window) => ({ kind: 'failsAfterSuccess', ...window, ...after(ground), rate: 0.3 }),
  deleteHangs: (ground, window) => ({
    kind: 'deleteHangs',
    ...window,
    ...aim(ground),
    ...(ground.chance.happens(0.5) && { hangSeconds: ground.chance.whole(60, 1_200) }),
  }),
  throttled: (ground, window) => ({
    kind: 'throttled',
    ...window,
    rate: ground.chance.between(0.1, 0.9),
    retryAfterSeconds: ground.chance.pick([null, 1, 5, 60]) ?? null,
  }),
  serverErrors: (ground, window) => ({ kind: 'serverErrors', ...window, rate: ground.chance.between(0.1, 1) }),
  lostAnswers: (ground, window) => ({ kind: 'lostAnswers', ...window, rate: ground.chance.between(0.2, 1) }),
  connectionResets: (ground, window) => ({
    kind: 'connectionResets',
    ...window,
    rate: ground.chance.between(0.1, 0.7),
    afterEffect: ground.chance.happens(0.5),
  }),
  slowArm: (ground, window) => ({
    kind: 'slowArm',
    ...window,
    rate: ground.chance.between(0.1, 0.5),
    delaySeconds: ground.chance.whole(2, 40),
  }),
  listsLag: (ground, window) => ({ kind: 'listsLag', ...window, lagSeconds: ground.chance.whole(10, 600) }),
  silentRestarts: (ground, window) => ({ kind: 'silentRestarts', ...window, ...after(ground), rate: 0.4 }),
  crashLoops: (ground, window) => ({ kind: 'crashLoops', ...window, ...aim(ground), afterSeconds: 120, rate: 0.2 }),
  outOfMemory: (ground, window) => ({ kind: 'outOfMemory', ...window, ...after(ground), rate: 0.2 }),
  deletedOutside: (ground, window) => ({ kind: 'deletedOutside', ...window, ...after(ground), rate: 0.2 }),
  tagsReplaced: (ground, window) => ({
    kind: 'tagsReplaced',
    ...window,
    ...after(ground),
    rate: 0.2,
    tags: ground.chance.happens(0.5) ? {} : { costCentre: '42' },
  }),
  noTokens: (ground, window) => ({ kind: 'noTokens', ...window, rate: ground.chance.pick([1, 0.5]) ?? 1 }),
  eventsLost: (ground, window) => ({ kind: 'eventsLost', ...window, rate: ground.chance.between(0.3, 1) }),
  eventsDoubled: (_, window) => ({ kind: 'eventsDoubled', ...window }),
  eventsLate: (ground, window) => ({ kind: 'eventsLate', ...window, delaySeconds: ground.chance.whole(30, 900) }),
  eventsReordered: (_, window) => ({ kind: 'eventsReordered', ...window }),
} satisfies Record<string, (ground: FaultGround, window: Window) => IncidentInput>;

function isKind(name: string): name is keyof typeof draws {
  return name in draws;
}

/** Everything, a region, a resource group, or some of the groups. */
function aim({ chance, regions, resourceGroups, names }: FaultGround) {
  switch (chance.whole(0, 3)) {
    case 0:
      return { regions: chance.some(regions, 1) };
    case 1:
      return { resourceGroups: chance.some(resourceGroups, 1) };
    case 2:
      return { names: chance.some(names, Math.ceil(names.length / 4)) };
    default:
      return {};
  }
}

function after(ground: FaultGround) {
  return { ...aim(ground), afterSeconds: ground.chance.whole(10, 300) };
}

/** Container groups that somebody else creates beside those of the app, one of them now and then under a name that the app would take. */
export function drawStrangers({ chance, regions, resourceGroups, names, untilSeconds }: FaultGround): IncidentInput[] {
  const tags = [
    {},
    { 'aci-owner': 'somebody', 'aci-incarnation': 'a-group-of-theirs' },
    { 'aci-incarnation': 'nobody-says-whose' },
    { team: 'payments' },
  ];
  return tags
    .filter(() => chance.happens(0.5))
    .map((each, index) => ({
      kind: 'createdOutside',
      fromSeconds: chance.whole(0, untilSeconds),
      resourceGroup: chance.pick(resourceGroups) ?? '',
      region: chance.pick(regions) ?? '',
      name: chance.happens(0.3) ? (chance.pick(names) ?? '') : `stranger-${index}`,
      tags: each,
    }));
}
