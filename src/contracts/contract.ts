import type { z } from 'zod';

/** An activity's name and the shapes of what goes in and comes out. */
export interface ActivityContract<Input extends z.ZodType, Output extends z.ZodType> {
  kind: 'activity';
  name: string;
  input: Input;
  output: Output;
}

/** An orchestrator's name, versions and shapes; the status is what it publishes of its progress. */
export interface OrchestratorContract<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Status extends z.ZodType,
  Version extends string = string,
> {
  kind: 'orchestrator';
  name: string;
  /** The versions of the app in which it began to take other steps, oldest first; the shapes are those of all of them. */
  versions: readonly [Version, ...Version[]];
  /** It never ends by itself, and is started anew when it has ended. */
  isEternal?: true;
  input: Input;
  output: Output;
  status: Status;
}

/** An entity's name, the shape of its state and which it is in a row, and the shape of each operation's input and reply. */
export interface EntityContract<State extends z.ZodType, Operations extends OperationContracts> {
  kind: 'entity';
  /** Lower case: the host compares it so, and it is part of URLs. */
  name: string;
  /** Counts from 1, the shape of 0.1.0, whenever what an older version wrote has to be migrated. */
  schemaVersion: number;
  migrations: Migrations;
  state: State;
  operations: Operations;
}

/** By the version of a schema, what makes the next one of a state of it. */
export type Migrations = Readonly<Record<number, (state: unknown) => unknown>>;

/** Every input is an object: a falsy scalar gets lost on the way to an entity (durable-functions 3.5, Signal). */
export type OperationContracts = Record<string, { input: z.ZodObject; reply: z.ZodType }>;

/** An external event's name and the shape of its data. */
export interface EventContract<Data extends z.ZodType> {
  kind: 'event';
  name: string;
  data: Data;
}

/** States an activity's contract. */
export function defineActivity<Input extends z.ZodType, Output extends z.ZodType>(
  name: string,
  shapes: { input: Input; output: Output },
): ActivityContract<Input, Output> {
  return { kind: 'activity', name, ...shapes };
}

/** States an orchestrator's contract. */
export function defineOrchestrator<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Status extends z.ZodType,
  const Version extends string,
>(
  name: string,
  shapes: Omit<OrchestratorContract<Input, Output, Status, Version>, 'kind' | 'name'>,
): OrchestratorContract<Input, Output, Status, Version> {
  return { kind: 'orchestrator', name, ...shapes };
}

/** States an entity's contract. Throws when a version of the schema can't be migrated to the next. */
export function defineEntity<State extends z.ZodType, Operations extends OperationContracts>(
  name: string,
  shapes: { schemaVersion: number; migrations: Migrations; state: State; operations: Operations },
): EntityContract<State, Operations> {
  for (let version = 1; version < shapes.schemaVersion; version += 1) {
    if (shapes.migrations[version] === undefined) {
      throw new Error(`The entity ${name} has no migration from version ${version} of its schema.`);
    }
  }
  return { kind: 'entity', name: name.toLowerCase(), ...shapes };
}

/** States an event's contract. */
export function defineEvent<Data extends z.ZodType>(name: string, data: Data): EventContract<Data> {
  return { kind: 'event', name, data };
}
