import { anyReconciliation, reconcile } from '../contracts/reconciliation.ts';
import { RECONCILE_INSTANCE_ID } from '../domain/group/group-id.ts';
import { resumeReconciling } from '../domain/reconcile/reconciling.ts';

/** The eternal reconciliation. */
export const eternalReconciliation = {
  current: reconcile,
  ofAnyVersion: anyReconciliation,
  instanceId: RECONCILE_INSTANCE_ID,
  resume: resumeReconciling,
};
