import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { z } from 'zod';
import type {
  ActivityContract,
  EntityContract,
  OperationContracts,
  OrchestratorContract,
} from '../contracts/contract.ts';
import type { ActivityTools } from '../contracts/durable-api.ts';
import { durableApiOf, durableClientInput } from './client.ts';
import { runOperation, type EntityOperations } from './entity.ts';
import { orchestrationOf, type Orchestration, type Step } from './steps.ts';

/** Registers an activity; its input and output are parsed by its contract. */
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

/** Registers an orchestrator, which gets its typed context. */
export function registerOrchestrator<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
  contract: OrchestratorContract<Input, Output, Status>,
  orchestrate: (context: Orchestration<z.infer<Input>, z.infer<Status>>) => Step<z.infer<Output>>,
): void {
  df.app.orchestration(contract.name, function* (context) {
    const output = yield* orchestrate(orchestrationOf(context.df, contract));
    return contract.output.parse(output);
  });
}

/** Registers an entity, a table of pure functions. */
export function registerEntity<State extends z.ZodType, Operations extends OperationContracts>(
  contract: EntityContract<State, Operations>,
  operations: EntityOperations<z.infer<State>, Operations>,
): void {
  df.app.entity(contract.name, (context) => runOperation(contract, operations, context));
}
