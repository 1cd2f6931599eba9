import { anySweep, collectGarbage } from '../contracts/garbage-collection.ts';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeSweeping } from '../domain/sweep/sweeping.ts';

/** The eternal sweep. */
export const eternalSweep = {
  current: collectGarbage,
  ofAnyVersion: anySweep,
  instanceId: COLLECT_GARBAGE_INSTANCE_ID,
  resume: resumeSweeping,
};
