import type { EntityContext } from 'durable-functions';
import type { z } from 'zod';
import type { EntityContract, OperationContracts } from '../contracts/contract.ts';
import { readState, writeState } from './stored-state.ts';

/** What an operation makes of the state: undefined deletes the entity. */
export interface OperationResult<State, Reply> {
  state: State | undefined;
  reply: Reply;
  /** A line for the log, when something happened that an operator wants to see. */
  log?: string;
}

/** An entity as a table of pure functions, one for each operation of its contract. */
export type EntityOperations<State, Operations extends OperationContracts> = {
  [Name in keyof Operations]: (
    state: State | undefined,
    input: z.infer<Operations[Name]['input']>,
  ) => OperationResult<State, z.infer<Operations[Name]['reply']>>;
};

/**
 * Runs the operation that a batch asks for; the handler that durable-functions calls once per operation. Nothing is written where
 * nothing changed, and no state that a newer version of the app wrote is touched: the answer is then `replyToNewer`.
 */
export function runOperation<State extends z.ZodType, Operations extends OperationContracts>(
  contract: EntityContract<State, Operations>,
  operations: EntityOperations<z.infer<State>, Operations>,
  replyToNewer: (key: string) => z.infer<Operations[keyof Operations]['reply']>,
  context: EntityContext<unknown>,
): void {
  const { df } = context;
  try {
    const name = operationName(contract, df.operationName);
    const stored = df.getState();
    const read = stored === undefined || stored === null ? undefined : readState(contract, stored);
    if (read?.is === 'newer') {
      df.return(replyToNewer(df.entityId.key));
      return;
    }
    const input = contract.operations[name]?.input.parse(df.getInput());
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript does not see that the input of an indexed operation is what its own schema parses
    const result = operations[name](read?.state, input as z.infer<Operations[typeof name]['input']>);
    if (result.log !== undefined) {
      context.log(result.log);
    }
    if (result.state === undefined) {
      // In this order: a return after destructOnExit would bring the entity back.
      df.return(result.reply);
      df.destructOnExit();
    } else {
      if (result.state !== read?.state) {
        df.setState(writeState(contract, result.state));
      }
      df.return(result.reply);
    }
  } catch (error) {
    // oxlint-disable-next-line typescript/only-throw-error -- durable-functions loses the message of a thrown Error on its way to the caller, and keeps a thrown string (issue 642)
    throw `Entity '${contract.name}', operation '${df.operationName ?? ''}': ${messageOf(error)}`;
  }
}

function operationName<Operations extends OperationContracts>(
  contract: EntityContract<z.ZodType, Operations>,
  name: string | undefined,
): keyof Operations & string {
  if (name === undefined || !Object.hasOwn(contract.operations, name)) {
    throw new Error(`there is no such operation; there are ${Object.keys(contract.operations).join(', ')}`);
  }
  return name;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause === undefined ? error.message : `${error.message} ${messageOf(error.cause)}`;
}
