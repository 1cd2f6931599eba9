import type { DurableOrchestrationContext, Task } from 'durable-functions';
import type { z } from 'zod';
import type { OrchestratorContract } from '../../../src/contracts/contract.ts';
import { addMs, type Instant } from '../../../src/domain/time.ts';
import {
  continued,
  orchestrationOf,
  type Continued,
  type Orchestration,
  type Step,
} from '../../../src/durable/steps.ts';
import { BORN } from '../domain/group/group-fixture.ts';

/** What an activity or an operation of an entity answers: always the same, or by its input and how often it was asked before. */
export type Answer = object | ((input: unknown, count: number, at: Instant) => unknown);

/** The world around one run of an orchestrator. */
export interface World {
  /** By the name of the activity, or `entity.<operation>`; asking for what is not here is an error. */
  answers: Record<string, Answer>;
  /**
   * Whether an event comes before the time of a wait is over, and the data of one that has some; `count` is that of waits for events
   * before. Default: never.
   */
  isRaised?: (event: string, count: number) => boolean | object;
}

/** What came of a run. */
export interface Run<Output, Status> {
  output: Output;
  /** Every status that was published, oldest first. */
  published: Status[];
  /** What was asked for, and its input. */
  asked: { name: string; input: unknown }[];
  /** The waits for timers and events, in milliseconds. */
  waitsMs: number[];
  /** Timers that were left open, which would keep an orchestration running after its end. */
  openTimers: number;
  continuedWith: unknown;
  endedAt: Instant;
  /** Of each execution, how many events its history has. */
  historyLengths: number[];
}

/** Runs an orchestrator to its end, through every execution, at once: its clock only moves with its own waits. */
export function drive<Input extends z.ZodType, Output extends z.ZodType, Status extends z.ZodType>(
  contract: OrchestratorContract<Input, Output, Status>,
  orchestrate: (context: Orchestration<z.infer<Input>, z.infer<Status>>) => Step<z.infer<Output> | Continued>,
  input: z.infer<Input>,
  world: World,
  startedAt: Instant = BORN,
): Run<z.infer<Output>, z.infer<Status>> {
  const stage = new Stage(input, world, startedAt);
  const published: z.infer<Status>[] = [];
  const historyLengths: number[] = [];
  const execute = (): z.infer<Output> | Continued => {
    const context = orchestrationOf(stage.context(), contract);
    const publish = (status: z.infer<Status>): void => {
      context.publish(status);
      published.push(status);
    };
    let historyLength = EVENTS_OF_BEGINNING_AND_END;
    const steps = orchestrate({ ...context, publish });
    let step = steps.next();
    while (step.done !== true) {
      const outcome = stage.complete(step.value);
      historyLength += EVENTS_OF_A_STEP;
      step = 'error' in outcome ? steps.throw(outcome.error) : steps.next(outcome.result);
    }
    historyLengths.push(historyLength);
    return step.value;
  };
  let result = execute();
  while (result === continued) {
    stage.input = JSON.parse(JSON.stringify(stage.continuedWith));
    result = execute();
  }
  const { asked, waitsMs, continuedWith } = stage;
  const facts = { asked, waitsMs, continuedWith, historyLengths, openTimers: stage.openTimers.size };
  return { output: contract.output.parse(result), published, ...facts, endedAt: stage.at };
}

/** ExecutionStarted and ExecutionCompleted, between OrchestratorStarted and OrchestratorCompleted. */
const EVENTS_OF_BEGINNING_AND_END = 4;

/** That it was asked for and that it was done, and OrchestratorCompleted and OrchestratorStarted in between. */
const EVENTS_OF_A_STEP = 4;

type Outcome = { result: unknown } | { error: unknown };

class Stage {
  at: Instant;
  readonly asked: { name: string; input: unknown }[] = [];
  readonly waitsMs: number[] = [];
  readonly openTimers = new Set<unknown>();
  continuedWith: unknown;
  private readonly timesAsked = new Map<string, number>();
  private readonly tasks = new Map<unknown, () => unknown>();
  input: unknown;
  private readonly world: World;
  private eventWaits = 0;

  constructor(input: unknown, world: World, at: Instant) {
    this.at = at;
    this.input = input;
    this.world = world;
  }

  complete(task: Task): Outcome {
    const run = this.tasks.get(task);
    if (run === undefined) {
      throw new Error('The orchestrator waits for a task that it did not get from its context.');
    }
    try {
      return { result: run() };
    } catch (error) {
      return { error };
    }
  }

  context(): DurableOrchestrationContext {
    const now = (): Date => new Date(this.at);
    const context = {
      get currentUtcDateTime(): Date {
        return now();
      },
      getInput: () => this.input,
      setCustomStatus: () => undefined,
      continueAsNew: (input: unknown) => {
        this.continuedWith = input;
      },
      callActivity: (name: string, input: unknown) => this.task({}, () => this.ask(name, input)),
      callEntity: (_id: unknown, operation: string, input: unknown) =>
        this.task({}, () => this.ask(`entity.${operation}`, input)),
      createTimer: (fireAt: Date) => this.timer(fireAt),
      waitForExternalEvent: (event: string) => this.task({ event }, () => this.unexpected('an event without a timer')),
      Task: { any: ([event, timer]: [{ event: string }, Timer]) => this.task({}, () => this.race(event, timer)) },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the real context is a class with a history inside; the steps use these members of it
    return context as unknown as DurableOrchestrationContext;
  }

  private task<T extends object>(task: T, run: () => unknown): T {
    this.tasks.set(task, run);
    return task;
  }

  private ask(name: string, input: unknown): unknown {
    const count = this.timesAsked.get(name) ?? 0;
    this.timesAsked.set(name, count + 1);
    this.asked.push({ name, input });
    const answer = this.world.answers[name];
    if (answer === undefined) {
      return this.unexpected(name);
    }
    return typeof answer === 'function' ? answer(input, count, this.at) : answer;
  }

  private timer(fireAt: Date): Timer {
    const timer: Timer = { fireAt, cancel: () => void this.openTimers.delete(timer) };
    this.openTimers.add(timer);
    return this.task(timer, () => this.elapse(timer));
  }

  private elapse(timer: Timer): void {
    const waitMs = timer.fireAt.getTime() - Date.parse(this.at);
    this.waitsMs.push(waitMs);
    this.at = addMs(this.at, Math.max(0, waitMs));
    this.openTimers.delete(timer);
  }

  private race(event: { event: string; result?: object }, timer: Timer): unknown {
    const raised = this.world.isRaised?.(event.event, this.eventWaits) ?? false;
    this.eventWaits += 1;
    if (raised !== false) {
      Object.assign(event, { isCompleted: true, result: raised === true ? {} : raised });
      this.waitsMs.push(0);
      return event;
    }
    this.elapse(timer);
    return timer;
  }

  private unexpected(what: string): never {
    throw new Error(`This world has no answer for ${what}.`);
  }
}

interface Timer {
  fireAt: Date;
  cancel: () => void;
}
