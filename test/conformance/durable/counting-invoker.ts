import { z } from 'zod';
import type { DurableFunctionInvoker } from '../../../local/host/durable/work/function-invoker.ts';

const entityPayload = z.object({ state: z.string().nullable(), batch: z.array(z.unknown()) });

/** An app of one entity that counts its operations, without the library. */
export const countingInvoker: DurableFunctionInvoker = {
  has: (kind) => kind === 'entity',
  orchestrator: () => Promise.reject(new Error('There is no orchestrator.')),
  activity: () => Promise.reject(new Error('There is no activity.')),
  entity: (_, payload) => {
    const { state, batch } = entityPayload.parse(JSON.parse(payload));
    return Promise.resolve(
      JSON.stringify({
        results: batch.map(() => ({ isError: false })),
        signals: [],
        entityExists: true,
        entityState: String(Number(state) + batch.length),
      }),
    );
  },
};
