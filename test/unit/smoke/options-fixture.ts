import type { SmokeOptions } from '../../../smoke/smoke-options.ts';

/** Options of a run against this address, with a key. */
export function optionsFor(origin: string, more: Partial<SmokeOptions> = {}): SmokeOptions {
  return {
    origin,
    resourceGroup: 'games',
    location: 'westeurope',
    image: undefined,
    credential: { kind: 'key', value: 'hunter2' },
    patienceMinutes: 1,
    record: false,
    ...more,
  };
}
