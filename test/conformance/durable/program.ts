import type { OrchestrationContext, Task } from 'durable-functions';
import fc from 'fast-check';
import { df } from './fixture.ts';

/** A small orchestration as data, so that random ones can be made. */
export type Step =
  | { kind: 'activity'; value: number }
  | { kind: 'failing' }
  | { kind: 'retried'; attempts: number }
  | { kind: 'timer'; seconds: number }
  | { kind: 'all'; values: number[]; includesFailing: boolean }
  | { kind: 'any'; value: number; cancels: boolean }
  | { kind: 'call'; value: number }
  | { kind: 'signal'; value: number }
  | { kind: 'child'; program: Step[] };

/** The input of the orchestration that runs a program. */
export interface ProgramInput {
  /** The key of the entity that the steps of this run talk to. */
  key: string;
  /** Programs, one for each execution of an orchestration that continues as new. */
  rounds: Step[][];
  log: unknown[];
}

const value = fc.integer({ min: 0, max: 99 });

/** Any sequence of executions, each a sequence of steps. */
export const anyProgram: fc.Arbitrary<Step[][]> = fc.array(
  fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
    steps: fc.array(tie('step'), { minLength: 1, maxLength: 5, depthIdentifier: 'program' }),
    step: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'program' },
      fc.record({ kind: fc.constant('activity' as const), value }),
      fc.record({ kind: fc.constant('failing' as const) }),
      fc.record({ kind: fc.constant('retried' as const), attempts: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('timer' as const), seconds: fc.constantFrom(0, 1, 30, 700_000) }),
      fc.record({
        kind: fc.constant('all' as const),
        values: fc.array(value, { minLength: 1, maxLength: 4 }),
        includesFailing: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('any' as const), value, cancels: fc.boolean() }),
      fc.record({ kind: fc.constant('call' as const), value }),
      fc.record({ kind: fc.constant('signal' as const), value }),
      fc.record({ kind: fc.constant('child' as const), program: tie('steps') }),
    ),
  })).steps,
  { minLength: 1, maxLength: 3 },
);

df.app.activity('programAdd', { handler: ({ value: given }: { value: number }) => given + 1 });
df.app.activity('programFail', {
  handler: () => {
    throw new Error('as planned');
  },
});
df.app.entity('programSum', (context) => {
  const sum = Number(context.df.getState(() => 0)) + Number(context.df.getInput<{ value: number }>()?.value);
  context.df.setState(sum);
  context.df.return(sum);
});
df.app.orchestration('program', function* (context) {
  const { key, rounds, log } = context.df.getInput<ProgramInput>();
  const [steps = [], ...laterRounds] = rounds;
  for (const step of steps) log.push(yield* run(context, step, key));
  context.df.setCustomStatus({ roundsLeft: laterRounds.length });
  if (laterRounds.length > 0) context.df.continueAsNew({ key, rounds: laterRounds, log });
  return log;
});

type Running = Generator<Task, unknown, unknown>;

function* run({ df: api }: OrchestrationContext, step: Step, key: string): Running {
  const after = (seconds: number) => api.createTimer(new Date(api.currentUtcDateTime.getTime() + 1000 * seconds));
  const entity = new df.EntityId('programSum', key);
  switch (step.kind) {
    case 'activity':
      return yield api.callActivity('programAdd', { value: step.value });
    case 'failing':
      return yield* caught(api.callActivity('programFail'));
    case 'retried':
      return yield* caught(api.callActivityWithRetry('programFail', new df.RetryOptions(1000, step.attempts)));
    case 'timer':
      yield after(step.seconds);
      return 'timer';
    case 'all': {
      const tasks = step.values.map((each) => api.callActivity('programAdd', { value: each }));
      if (step.includesFailing) tasks.push(api.callActivity('programFail'));
      return yield* caught(api.Task.all(tasks));
    }
    case 'any': {
      const timer = after(5);
      const task = api.callActivity('programAdd', { value: step.value });
      const winner: unknown = yield api.Task.any([task, timer]);
      if (step.cancels && !timer.isCompleted) timer.cancel();
      return winner === task ? task.result : 'timer';
    }
    case 'call':
      return yield api.callEntity(entity, 'add', { value: step.value });
    case 'signal':
      api.signalEntity(entity, 'add', { value: step.value });
      return 'signalled';
    case 'child':
      return yield api.callSubOrchestrator('program', { key, rounds: [step.program], log: [] });
  }
}

function* caught(task: Task): Running {
  try {
    return yield task;
  } catch (error) {
    return error instanceof Error ? `caught: ${error.message.split('\n')[0]}` : 'not an error';
  }
}
