import { anyInspection, inspect } from '../contracts/inspection.ts';
import { INSPECT_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeInspecting } from '../domain/inspect/inspecting.ts';

/** The eternal inspection. */
export const eternalInspection = {
  current: inspect,
  ofAnyVersion: anyInspection,
  instanceId: INSPECT_INSTANCE_ID,
  resume: resumeInspecting,
};
