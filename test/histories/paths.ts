import type { Path } from './path.ts';
import { sweepPaths } from './paths/collect-garbage.ts';
import { deletionPaths } from './paths/delete-container-group.ts';
import { provisioningPaths } from './paths/provision-container-group.ts';

/** Every path of every orchestrator. */
export const paths: readonly Path[] = [...provisioningPaths, ...deletionPaths, ...sweepPaths];
