import { type Faults, noFaults } from '../../../local/arm/faults/faults.ts';
import { parseIncidents } from '../../../local/arm/faults/parse-faults.ts';
import { type Chance, createChance } from '../chance.ts';
import { keyOf } from '../group-key.ts';
import { SERVER_KINDS, type ServerKind } from '../world/game-servers.ts';
import { drawFaults, drawStrangers } from './fault-schedule.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a run is, and how much of it, at its end, without faults and commands. */
export interface Length {
  totalMs: number;
  quietMs: number;
}

/** A whole run: six hours, the last one and a half of which are quiet. */
export const WHOLE_RUN: Length = { totalMs: 6 * HOUR_MS, quietMs: 1.5 * HOUR_MS };

/** A run for every change: two hours, one of them quiet. */
export const SHORT_RUN: Length = { totalMs: 2.25 * HOUR_MS, quietMs: 1.25 * HOUR_MS };

/** A name that the matchmaker may use, and what runs under it. */
export interface PlannedName {
  key: string;
  resourceGroup: string;
  name: string;
  location: string;
}

/** Something that happens to the host. */
export interface HostTurn {
  atMs: number;
  /** It comes back as the next version. */
  isUpgrade: boolean;
  /** Turns of the event loop after the moment, so that it hits in the middle of something. */
  afterTurns: number;
}

/** All of a run that is decided before it begins. Times are counted from its start. */
export interface Plan extends Length {
  seed: number;
  settings: Record<string, string>;
  names: PlannedName[];
  /** Groups that the matchmaker wants to have at a time. */
  wantedCount: number;
  faults: Faults;
  /** What is left of the faults in the quiet time. */
  quiet: Faults;
  hostTurns: HostTurn[];
  /** The run goes on with what version 0.1.0 left behind. */
  isFrom010: boolean;
  sessionsStaleAfterMs: number;
  /** The installation, as its resources name it. */
  owner: string;
  kindOf: (key: string, sequence: number) => ServerKind;
}

const REGIONS = ['westeurope', 'northeurope'];
const RESOURCE_GROUPS = ['Arena', 'arcade'];
const OWNER = 'campaign';

/** Draws a run from its seed. */
export function makePlan(seed: number, length: Length = WHOLE_RUN): Plan {
  const chance = createChance(seed, 1);
  const names = drawNames(chance);
  const untilSeconds = (length.totalMs - length.quietMs) / SECOND_MS;
  const ground = {
    chance: createChance(seed, 2),
    regions: REGIONS,
    resourceGroups: RESOURCE_GROUPS,
    names: names.map(({ name }) => name),
    untilSeconds,
  };
  const incidents = parseIncidents({
    name: `the faults of seed ${seed}`,
    input: {
      incidents: [
        ...drawFaults(ground),
        ...drawStrangers(ground),
        // ACI gives another address where a group is started anew, on good days, too.
        ...(chance.happens(0.6) ? [{ kind: 'ipChanges' as const }] : []),
      ],
    },
  });
  const hasNoTokens = incidents.some(({ kind }) => kind === 'noTokens');
  const quiet: Faults = {
    ...noFaults,
    arm: { ...noFaults.arm, pageSize: chance.whole(2, 10) },
    // A token that is good for a day would outlast every failure of the endpoint that issues them.
    identity: hasNoTokens ? { tokenLifetimeSeconds: 60 } : noFaults.identity,
  };
  const staleMinutes = chance.pick([20, 45, 24 * 60]) ?? 45;
  return {
    ...length,
    seed,
    names,
    wantedCount: Math.max(5, Math.round(names.length * chance.between(0.5, 0.9))),
    faults: { ...quiet, incidents },
    quiet,
    hostTurns: drawHostTurns(chance, length),
    isFrom010: chance.happens(0.1),
    owner: OWNER,
    sessionsStaleAfterMs: staleMinutes * MINUTE_MS,
    settings: {
      ACI_OWNER: OWNER,
      ACI_ALLOWED_RESOURCE_GROUPS: [...RESOURCE_GROUPS, 'Games'].join(','),
      ACI_SESSIONS_STALE_AFTER: `PT${staleMinutes}M`,
      ACI_FAILED_RETENTION: chance.pick(['PT10M', 'PT1H']) ?? 'PT1H',
      ACI_HISTORY_RETENTION: chance.pick(['PT1H', 'P7D']) ?? 'P7D',
      ...(chance.happens(0.3) && { ACI_TOKEN_ROTATION: 'PT30M', ACI_TOKEN_GRACE: 'PT10M' }),
    },
    kindOf: (_, sequence) => createChance(seed, 5_000 + sequence).pick(SERVER_KINDS) ?? 'steady',
  };
}

/** 10 to 40, more often few than many. */
function drawNames(chance: Chance): PlannedName[] {
  const count = 10 + Math.floor(chance.share() ** 2 * 31);
  return Array.from({ length: count }, (_, index) => {
    const resourceGroup = chance.pick(RESOURCE_GROUPS) ?? '';
    const name = `game-${index}`;
    return { key: keyOf(resourceGroup, name), resourceGroup, name, location: chance.pick(REGIONS) ?? '' };
  });
}

function drawHostTurns(chance: Chance, { totalMs, quietMs }: Length): HostTurn[] {
  const isUpgraded = chance.happens(0.25);
  const count = Math.max(isUpgraded ? 1 : 0, chance.whole(0, 2));
  return Array.from({ length: count }, (_, index) => ({
    atMs: Math.round(chance.between(10 * MINUTE_MS, totalMs - quietMs)),
    isUpgrade: isUpgraded && index === 0,
    afterTurns: chance.whole(0, 200),
  })).toSorted((one, other) => one.atMs - other.atMs);
}
