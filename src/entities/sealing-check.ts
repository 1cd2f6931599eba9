import type { z } from 'zod';
import type { sealingCheckEntity } from '../contracts/sealing-check.ts';
import type { EntityOperations } from '../durable/entity.ts';

/** The entity keeps what it was given last. */
export const sealingCheckOperations: EntityOperations<
  z.infer<typeof sealingCheckEntity.state>,
  typeof sealingCheckEntity.operations
> = {
  keep: (state, { sealed }) => ({ state: { ...state, sealed }, reply: {} }),
};
