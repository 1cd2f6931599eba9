import { collectGarbage } from '../../src/contracts/garbage-collection.ts';
import { deleteContainerGroup, rememberDeletion } from '../../src/contracts/deletion.ts';
import { provisionContainerGroup } from '../../src/contracts/provisioning.ts';
import type { Path } from './path.ts';
import { sweepPaths } from './paths/collect-garbage.ts';
import { deletionPaths, rememberedDeletionPaths } from './paths/delete-container-group.ts';
import { provisioningPaths } from './paths/provision-container-group.ts';

/** Every orchestrator. */
export const contracts = [provisionContainerGroup, deleteContainerGroup, rememberDeletion, collectGarbage];

/** Every path of every orchestrator. */
export const paths: readonly Path[] = [
  ...provisioningPaths,
  ...deletionPaths,
  ...rememberedDeletionPaths,
  ...sweepPaths,
];
