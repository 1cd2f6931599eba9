import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { z } from 'zod';
import type {
  ActivityContract,
  EntityContract,
  OperationContracts,
  OrchestratorContract,
} from '../contracts/contract.ts';
import { createDurableApi, type DurableApi } from './client.ts';
import { runOperation, type EntityOperations } from './entity.ts';
import { orchestrationOf, type Orchestration, type Step } from './steps.ts';
import { createDurableWebApi } from './web-api.ts';

/** The binding through which a function gets its durable client; add it to `extraInputs`. */
export const durableClientInput = df.input.durableClient();

/** The durable client of an invocation whose function has `durableClientInput`. */
export function durableApiOf(context: InvocationContext): DurableApi {
  return createDurableApi(df.getClient(context), createDurableWebApi(context.extraInputs.get(durableClientInput)));
}

/** What an activity gets beside its input. */
export interface ActivityTools {
  client: DurableApi;
  log: (message: string) => void;
}

export type ActivityHandler<Contract> =
  Contract extends ActivityContract<infer Input, infer Output>
    ? (input: z.infer<Input>, tools: ActivityTools) => Promise<z.infer<Output>>
    : never;

export function registerActivity<Input extends z.ZodType, Output extends z.ZodType>(
  contract: ActivityContract<Input, Output>,
  handler: (input: z.infer<Input>, tools: ActivityTools) => Promise<z.infer<Output>>,
): void {
  df.app.activity(contract.name, {
    extraInputs: [durableClientInput],
    handler: async (input: unknown, context: InvocationContext) => {
      const tools = { client: durableApiOf(context), log: (message: string) => context.log(message) };
      return contract.output.parse(await handler(contract.input.parse(input), tools));
    },
  });
}

export function registerOrchestrator<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
  contract: OrchestratorContract<Input, Output, Status>,
  orchestrate: (context: Orchestration<z.infer<Input>, z.infer<Status>>) => Step<z.infer<Output>>,
): void {
  df.app.orchestration(contract.name, function* (context) {
    const output = yield* orchestrate(orchestrationOf(context.df, contract));
    return contract.output.parse(output);
  });
}

export function registerEntity<State extends z.ZodType, Operations extends OperationContracts>(
  contract: EntityContract<State, Operations>,
  operations: EntityOperations<z.infer<State>, Operations>,
): void {
  df.app.entity<unknown>(contract.name, (context) => runOperation(contract, operations, context));
}
