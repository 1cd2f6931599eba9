import { type FaultTarget, isAimedAt } from './fault-target.ts';
import type { Incident, IncidentKind, IncidentOf } from './incident-schema.ts';
import type { SeededRandom } from './seeded-random.ts';

/** An incident with its times by the clock. */
export interface TimedIncident<I extends Incident = Incident> {
  /** Part of what its random numbers are drawn by. */
  number: number;
  fromMs: number;
  /** Absent when it does not end. */
  untilMs?: number | undefined;
  incident: I;
}

/** The incidents that were set, over or still to come among them. */
export interface Incidents {
  all(): readonly TimedIncident[];
  ofKind<K extends IncidentKind>(kind: K): TimedIncident<IncidentOf<K>>[];
  /** Those that are set from now on; their times count from `nowMs`. */
  replace(incidents: readonly Incident[], nowMs: number): void;
  /** Adds to those that are set. */
  add(incidents: readonly Incident[], nowMs: number): void;
  /** The first incident of a kind that hits a target at a time; the same key is always hit or spared alike. */
  hit<K extends IncidentKind>(kind: K, target: FaultTarget, key: string, atMs: number): IncidentOf<K> | undefined;
  /** Tells whether an incident would hit, whatever its time. */
  isAimedAt(timed: TimedIncident, target: FaultTarget, key: string): boolean;
}

/** Creates a list without an incident. */
export function createIncidents(random: SeededRandom): Incidents {
  let timed: TimedIncident[] = [];
  return {
    all: () => timed,
    ofKind,
    replace: (incidents, nowMs) => {
      timed = incidents.map((incident, index) => withTimes(incident, index, nowMs));
    },
    add: (incidents, nowMs) => {
      const next = timed.length;
      timed = [...timed, ...incidents.map((incident, index) => withTimes(incident, next + index, nowMs))];
    },
    hit: (kind, target, key, atMs) =>
      ofKind(kind).find((each) => isOn(each, atMs) && hits(each, target, key))?.incident,
    isAimedAt: hits,
  };

  function ofKind<K extends IncidentKind>(kind: K): TimedIncident<IncidentOf<K>>[] {
    return timed.filter((each): each is TimedIncident<IncidentOf<K>> => each.incident.kind === kind);
  }

  function hits({ incident, number }: TimedIncident, target: FaultTarget, key: string): boolean {
    if (!isAimedAt(incident, target)) return false;
    return !('rate' in incident) || random.draw('incident', number, incident.kind, key) < incident.rate;
  }
}

/** Tells whether it is the time of an incident. */
export function isOn({ fromMs, untilMs }: Pick<TimedIncident, 'fromMs' | 'untilMs'>, atMs: number): boolean {
  return atMs >= fromMs && (untilMs === undefined || atMs < untilMs);
}

function withTimes(incident: Incident, number: number, nowMs: number): TimedIncident {
  const fromMs = nowMs + incident.fromSeconds * 1000;
  const untilMs = endOf(incident, nowMs, fromMs);
  return { number, fromMs, ...(untilMs === undefined ? {} : { untilMs }), incident };
}

function endOf(incident: Incident, nowMs: number, fromMs: number): number | undefined {
  if (incident.kind === 'createdOutside') return undefined;
  const { untilSeconds, forSeconds } = incident;
  if (untilSeconds !== undefined) return nowMs + untilSeconds * 1000;
  return forSeconds === undefined ? undefined : fromMs + forSeconds * 1000;
}
