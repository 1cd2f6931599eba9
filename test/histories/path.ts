import type { DurableHub } from '../../local/host/durable/durable-hub.ts';
import { containerGroupEntity } from '../../src/contracts/container-group.ts';
import type { OrchestratorContract } from '../../src/contracts/contract.ts';
import type { CommandInput, CommandName } from '../../src/domain/group/group-command.ts';
import type { z } from 'zod';

/** One way through an orchestrator, as the world that leads it there. */
export interface Path {
  orchestrator: string;
  /** Of the file, too. */
  name: string;
  instanceId: string;
  input: unknown;
  /** What the activities answer, by name: the first call gets the first, and the last is for all calls after. */
  activities: Record<string, readonly Answer[]>;
  /** What the entities are told before it starts. */
  before: readonly Happening[];
  /** What happens while it runs, by the milliseconds after its start. */
  meanwhile: readonly { afterMs: number; happening: Happening }[];
  /** Which of its executions is kept, counted from 1: each turn of an eternal orchestration is one. */
  turn: number;
  /** The stored state of every entity is of no shape that the app knows. */
  entitiesAreUnreadable: boolean;
}

/** Something that comes from outside. */
export type Happening = (hub: DurableHub) => Promise<unknown>;

/** What an activity does: it returns or throws; `first` is what happens while it runs. */
export interface Answer {
  first?: Happening;
  outcome: { output: object } | { error: Error };
}

/** Makes the paths of one orchestrator; what a path doesn't say is as in `usual`. */
export function pathsOf<Input extends z.ZodType>(
  { name: orchestrator, input: schema }: OrchestratorContract<Input, z.ZodType, z.ZodType>,
  instanceId: string,
  usual: { input: z.infer<Input>; activities: Path['activities']; before?: readonly Happening[] },
  paths: Record<
    string,
    Partial<Omit<Path, 'orchestrator' | 'name' | 'instanceId' | 'input'>> & { input?: z.infer<Input> }
  >,
): Path[] {
  return Object.entries(paths).map(([name, { input, activities, ...path }]) => ({
    orchestrator,
    name,
    instanceId,
    before: usual.before ?? [],
    meanwhile: [],
    turn: 1,
    entitiesAreUnreadable: false,
    ...path,
    input: schema.parse(input ?? usual.input),
    activities: { ...usual.activities, ...activities },
  }));
}

/** Tells the entity of a group something. */
export function tell<Name extends CommandName>(key: string, operation: Name, input: CommandInput<Name>): Happening {
  return (hub) => hub.client.signalEntity({ name: containerGroupEntity.name, key }, operation, JSON.stringify(input));
}

/** Raises an event. */
export function raise(instanceId: string, { name }: { name: string }, data: object = {}): Happening {
  return (hub) => hub.client.raiseEvent(instanceId, name, JSON.stringify(data));
}

/** An activity that returns. */
export function output(value: object): Answer {
  return { outcome: { output: value } };
}

/** An activity that throws. */
export function throws(message: string): Answer {
  return { outcome: { error: new Error(message) } };
}

/** An activity during which something happens. */
export function after(first: Happening, answer: Answer): Answer {
  return { ...answer, first };
}
