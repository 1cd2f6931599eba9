import { collectGarbage } from '../../src/contracts/garbage-collection.ts';
import { deleteContainerGroup, rememberDeletion } from '../../src/contracts/deletion.ts';
import { provisionContainerGroup } from '../../src/contracts/provisioning.ts';
import { inspect } from '../../src/contracts/inspection.ts';
import { reconcile } from '../../src/contracts/reconciliation.ts';
import type { Path } from './path.ts';
import { inspectionPaths } from './paths/inspect.ts';
import { sweepPaths } from './paths/collect-garbage.ts';
import { deletionPaths, rememberedDeletionPaths } from './paths/delete-container-group.ts';
import { provisioningPaths } from './paths/provision-container-group.ts';
import { reconciliationPaths } from './paths/reconcile.ts';

/** Every orchestrator. */
export const contracts = [
  provisionContainerGroup,
  deleteContainerGroup,
  rememberDeletion,
  collectGarbage,
  reconcile,
  inspect,
];

/** Every path of every orchestrator. */
export const paths: readonly Path[] = [
  ...provisioningPaths,
  ...deletionPaths,
  ...rememberedDeletionPaths,
  ...sweepPaths,
  ...reconciliationPaths,
  ...inspectionPaths,
];
