import type { DurableOrchestrationContext, Task } from 'durable-functions';
import { EntityId } from 'durable-functions';
import type { z } from 'zod';
import type {
  ActivityContract,
  EntityContract,
  EventContract,
  OperationContracts,
  OrchestratorContract,
} from '../contracts/contract.ts';
import type { Instant } from '../domain/time.ts';

/** A wait in an orchestrator: run it with `yield*`, and its result has a type. */
export type Step<T> = Generator<Task, T, unknown>;

/** What an orchestrator may touch: its input, its clock, its status; every wait is a step of this module. */
export interface Orchestration<Input, Status> {
  readonly df: DurableOrchestrationContext;
  readonly input: Input;
  /** The time of the replayed history, the only clock an orchestrator has. */
  now(): Instant;
  /** Shows how far it is in the status query; at most 16 KB as JSON. */
  publish(status: Status): void;
  /** Starts over with this input and an empty history, once the orchestrator returns what this returns; ends when a newer version is to go on. */
  continueAsNew(input: Input): Continued;
}

/** What an orchestrator returns whose next execution goes on: it has no output yet. */
export const continued = Symbol('continued');
export type Continued = typeof continued;

/** Any orchestration, for steps that need neither its input nor its status. */
export type Waiting = Pick<Orchestration<unknown, never>, 'df' | 'now'>;

/** The orchestration of one contract. */
export type OrchestrationOf<Contract> =
  Contract extends OrchestratorContract<infer Input, z.ZodType, infer Status>
    ? Orchestration<z.infer<Input>, z.infer<Status>>
    : never;

/** Runs an activity. Throws what it throws; expected failures are part of its output. */
export function* call<Input extends z.ZodType, Output extends z.ZodType>(
  { df }: Waiting,
  activity: ActivityContract<Input, Output>,
  input: z.infer<Input>,
): Step<z.infer<Output>> {
  const output = yield df.callActivity(activity.name, activity.input.parse(input));
  return activity.output.parse(output);
}

/** Runs one operation of an entity and waits for its reply: the unit of atomicity. */
export function* ask<
  State extends z.ZodType,
  Operations extends OperationContracts,
  Name extends keyof Operations & string,
>(
  { df }: Waiting,
  entity: EntityContract<State, Operations>,
  key: string,
  operation: Name,
  input: z.infer<Operations[Name]['input']>,
): Step<z.infer<Operations[Name]['reply']>> {
  const shapes = shapesOf(entity, operation);
  const reply = yield df.callEntity(new EntityId(entity.name, key), operation, shapes.input.parse(input));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript does not see that the reply of an indexed operation is what its own schema parses
  return shapes.reply.parse(reply) as z.infer<Operations[Name]['reply']>;
}

/** Waits, durably. */
export function* delay(context: Waiting, ms: number): Step<void> {
  yield context.df.createTimer(fireAt(context, ms));
}

/**
 * Waits until the event is raised or the time is over, whichever is first, and leaves no timer behind: an open one would
 * keep the orchestration running after its end. An event that arrives while nothing waits may be lost to an earlier,
 * abandoned wait (durable-functions 3.5, openEvents), so look at the truth after either answer.
 */
export function* eventOrDelay<Data extends z.ZodType>(
  context: Waiting,
  event: EventContract<Data>,
  ms: number,
): Step<'raised' | 'elapsed'> {
  const timer = context.df.createTimer(fireAt(context, ms));
  const raised = context.df.waitForExternalEvent(event.name);
  const winner = yield context.df.Task.any([raised, timer]);
  if (winner === timer) {
    return 'elapsed';
  }
  timer.cancel();
  return 'raised';
}

/** Waits for an event again and again, for so long each time; what was raised while nothing waited is there at the next wait. */
export interface Listener<Data> {
  within(ms: number): Step<'elapsed' | { data: Data | undefined }>;
}

/**
 * Listens for an event as long as a turn lasts. The same wait goes on until it has its event: durable-functions 3.5 gives what is raised
 * between two waits to the one before, where it is looked for here and not lost. Data of another shape is undefined.
 */
export function listenFor<Data extends z.ZodType>(
  context: Waiting,
  event: EventContract<Data>,
): Listener<z.infer<Data>> {
  let wait = context.df.waitForExternalEvent(event.name);
  return {
    *within(ms) {
      if (!wait.isCompleted) {
        const timer = context.df.createTimer(fireAt(context, ms));
        const winner = yield context.df.Task.any([wait, timer]);
        if (winner === timer) {
          return 'elapsed';
        }
        timer.cancel();
      }
      const { data } = event.data.safeParse(wait.result);
      wait = context.df.waitForExternalEvent(event.name);
      return { data };
    },
  };
}

/** The typed view of a durable orchestration context. */
export function orchestrationOf<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
  df: DurableOrchestrationContext,
  contract: OrchestratorContract<Input, Output, Status>,
): Orchestration<z.infer<Input>, z.infer<Status>> {
  return {
    df,
    input: contract.input.parse(df.getInput()),
    now: () => df.currentUtcDateTime.toISOString(),
    publish: (status) => df.setCustomStatus(contract.status.parse(status)),
    continueAsNew: (input) => {
      df.continueAsNew(contract.input.parse(input));
      return continued;
    },
  };
}

function fireAt(context: Waiting, ms: number): Date {
  return new Date(Date.parse(context.now()) + ms);
}

function shapesOf<Operations extends OperationContracts, Name extends keyof Operations & string>(
  entity: EntityContract<z.ZodType, Operations>,
  operation: Name,
): Operations[Name] {
  return entity.operations[operation];
}
