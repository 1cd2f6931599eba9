import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { z } from 'zod';
import type {
  ActivityContract,
  EntityContract,
  OperationContracts,
  OrchestratorContract,
} from '../contracts/contract.ts';
import type { ActivityTools } from './activity.ts';
import { durableClientOf, durableClientInput } from './create-durable-client.ts';
import { runOperation, type EntityOperations } from './entity.ts';
import { continued, orchestrationOf, type Continued, type Orchestration, type Step } from './steps.ts';
import { newestVersion, versionFor } from './version.ts';

/** Registers an activity; its input and output are parsed by its contract. */
export function registerActivity<Input extends z.ZodType, Output extends z.ZodType>(
  contract: ActivityContract<Input, Output>,
  handler: (input: z.infer<Input>, tools: ActivityTools) => Promise<z.infer<Output>>,
): void {
  df.app.activity(contract.name, {
    extraInputs: [durableClientInput],
    handler: async (input: unknown, context: InvocationContext) => {
      const tools = { client: durableClientOf(context), log: (message: string) => context.log(message) };
      return contract.output.parse(await handler(contract.input.parse(input), tools));
    },
  });
}

/**
 * Registers an orchestrator, with one implementation for each of its versions; each gets its typed context. An instance keeps
 * the version that it was started with, also when it continues as new. So an eternal one whose version is not the newest ends
 * where it would continue, and whoever restarts what has ended starts it anew on the newest. One that has an end goes on to it.
 */
export function registerOrchestrator<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Status extends z.ZodType,
  Version extends string,
>(
  contract: OrchestratorContract<Input, Output, Status, Version>,
  implementations: Record<
    Version,
    (context: Orchestration<z.infer<Input>, z.infer<Status>>) => Step<z.infer<Output> | Continued>
  >,
): void {
  df.app.orchestration(contract.name, function* (context) {
    const version = versionFor(contract, context.df.version);
    const orchestration = orchestrationOf(context.df, contract);
    const isToEnd = contract.isEternal === true && version !== newestVersion(contract);
    const output = yield* implementations[version](
      isToEnd ? { ...orchestration, continueAsNew: () => continued } : orchestration,
    );
    return output === continued ? undefined : contract.output.parse(output);
  });
}

/** Registers an entity, a table of pure functions, and what all of them answer when a newer version of the app wrote its state. */
export function registerEntity<State extends z.ZodType, Operations extends OperationContracts>(
  contract: EntityContract<State, Operations>,
  operations: EntityOperations<z.infer<State>, Operations>,
  replyToNewer: (key: string) => z.infer<Operations[keyof Operations]['reply']>,
): void {
  df.app.entity(contract.name, (context) => runOperation(contract, operations, replyToNewer, context));
}
