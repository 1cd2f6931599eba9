import { type Faults, noFaults } from '../../../local/arm/faults/faults.ts';
import type { FaultsInput } from '../../../local/arm/faults/faults-schema.ts';
import { parseIncidents } from '../../../local/arm/faults/parse-faults.ts';

/** No fault but these incidents, and no quotas; what an incident does not say is filled in. */
export function faultsWith(...incidents: NonNullable<FaultsInput['incidents']>): Faults {
  return { ...noFaults, quotas: 'off', incidents: parseIncidents({ name: 'the test', input: { incidents } }) };
}
