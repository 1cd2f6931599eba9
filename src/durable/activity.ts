import type { z } from 'zod';
import type { ActivityContract } from '../contracts/contract.ts';
import type { DurableClient } from './durable-client.ts';

/** What an activity gets beside its input. */
export interface ActivityTools {
  client: DurableClient;
  log: (message: string) => void;
}

/** An implementation of an activity's contract. */
export type ActivityHandler<Contract> =
  Contract extends ActivityContract<infer Input, infer Output>
    ? (input: z.infer<Input>, tools: ActivityTools) => Promise<z.infer<Output>>
    : never;
