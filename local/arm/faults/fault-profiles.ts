import type { FaultsInput } from './faults-schema.ts';

/** The fault profiles that have a name. Each is what a file with the same content would be. */
export const faultProfiles: Readonly<Record<string, FaultsInput>> = {
  none: {},
  'no-quotas': { quotas: 'off' },
  'no-events': { events: { drop: true } },
  'late-events': { events: { delayMs: 120_000 } },
  'chaotic-events': { events: { drop: 0.2, duplicate: 0.5, reverse: true } },
  'doubled-reversed-events': { events: { duplicate: true, reverse: true } },
  throttled: { arm: { throttleRate: 0.3 } },
  flaky: { arm: { throttleRate: 0.05, serverErrorRate: 0.1, lostAnswerRate: 0.1 } },
  'no-capacity': { capacity: { regionsFull: ['westeurope'] } },
  'no-capacity-late': { capacity: { regionsFull: ['westeurope'], async: true } },
  'trial-subscription': { quotas: { standardCores: 4 } },
};
