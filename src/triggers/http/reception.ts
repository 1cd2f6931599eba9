import type { Receipt } from '../../domain/group/container-group.ts';
import { toInstant, type Instant } from '../../domain/time.ts';

/** When this process received a report, and which of its reports it is. */
export interface Received {
  at: Instant;
  receipt: Receipt;
}

/** Makes what notes each report that comes in, in the order in which it is asked. */
export function createReception(now: () => number, process: string = crypto.randomUUID()): () => Received {
  let number = 0;
  return () => {
    number += 1;
    return { at: toInstant(now()), receipt: { process, number } };
  };
}
