import type { AciProvider } from '../aci-provider.ts';
import { replanIncidents } from '../groups/lifecycle/replan-incidents.ts';
import type { JsonObject } from '../wire/json.ts';
import type { FaultInjector } from './fault-injector.ts';
import type { Faults } from './faults.ts';
import type { Incident } from './incident-schema.ts';
import { isOn, type TimedIncident } from './incidents.ts';
import { createSomebodyElse } from './somebody-else.ts';

/** Sets faults and says which are on. */
export interface FaultControl {
  /** Sets these in place of all others; the times of their incidents count from now. */
  set(faults: Faults): void;
  /** Adds incidents, whose times count from now, to what is set. */
  add(incidents: readonly Incident[]): void;
  /** What is set, and whether each incident is `coming`, `on` or `over`. */
  describe(): JsonObject;
  isDue(): boolean;
  stop(): void;
}

/** Creates what holds together all that has to change with the faults; nothing is set by it. */
export function createFaultControl(provider: AciProvider, injector: FaultInjector): FaultControl {
  const { incidents, clock } = provider;
  const somebodyElse = createSomebodyElse(provider);
  return {
    set: (faults) => {
      injector.setFaults(faults);
      incidents.replace(faults.incidents, clock.now());
      follow();
    },
    add: (added) => {
      incidents.add(added, clock.now());
      follow();
    },
    describe: () => ({
      ...asJson(injector.faults()),
      incidents: incidents.all().map((timed) => describeIncident(timed, clock.now())),
    }),
    isDue: somebodyElse.isDue,
    stop: somebodyElse.stop,
  };

  function follow(): void {
    replanIncidents(provider);
    somebodyElse.reschedule();
    provider.changed();
  }
}

function describeIncident(timed: TimedIncident, nowMs: number): JsonObject {
  const { incident, fromMs, untilMs } = timed;
  const state = nowMs < fromMs ? 'coming' : 'over';
  return {
    ...asJson(incident),
    state: isOn(timed, nowMs) ? 'on' : state,
    from: new Date(fromMs).toISOString(),
    ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
  };
}

function asJson(value: object): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what was made from an object is one
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
