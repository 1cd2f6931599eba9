import type { OrchestrationContext } from 'durable-functions';
import { describe, expect, it } from 'vitest';
import { START_MS, df, openTestHub } from './fixture.ts';
import { steps } from './steps.ts';

/** Fails the first `failures` times it is called for a key. */
const callCounts = new Map<string, number>();
df.app.activity('failFirst', {
  handler: ({ key, failures }: { key: string; failures: number }) => {
    const count = (callCounts.get(key) ?? 0) + 1;
    callCounts.set(key, count);
    if (count <= failures) throw new Error(`attempt ${count} failed`);
    return `done at attempt ${count}`;
  },
});
df.app.activity('fail', {
  handler: (text: string) => {
    throw new Error(text);
  },
});

describe('activities', () => {
  it('run in sequence, and the orchestration returns what they did', async () => {
    df.app.orchestration('sequence', function* (context) {
      const first: unknown = yield context.df.callActivity('greet', 'Tokyo');
      const second: unknown = yield context.df.callActivity('greet', 'Seattle');
      return [first, second];
    });
    await using hub = openTestHub();
    const id = await hub.start('sequence');
    expect(await hub.finish(id)).toMatchObject({
      runtimeStatus: 'Completed',
      output: ['Hello Tokyo!', 'Hello Seattle!'],
    });
    expect(steps(hub, id)).toEqual(['TaskScheduled 0', 'TaskCompleted 0', 'TaskScheduled 1', 'TaskCompleted 1']);
  });

  it('fan out and in, in any order of completion', async () => {
    df.app.orchestration('fanOut', function* (context) {
      const tasks = Array.from({ length: 20 }, (_, index) => context.df.callActivity('echo', { index }));
      const results: unknown = yield context.df.Task.all(tasks);
      return results;
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start('fanOut'));
    expect(status.output).toEqual(Array.from({ length: 20 }, (_, index) => ({ index })));
  });

  it('fail with a message that names them, which the orchestrator can catch', async () => {
    df.app.orchestration('catches', function* (context) {
      try {
        yield context.df.callActivity('fail', 'no luck');
      } catch (error) {
        return error instanceof Error ? error.message.split('\n')[0] : 'not an error';
      }
      return 'no failure';
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start('catches'));
    expect(status.output).toBe("Activity function 'fail' failed: no luck ");
  });

  it('fail the orchestration when nobody catches', async () => {
    df.app.orchestration('lets fail', function* (context) {
      yield context.df.callActivity('fail', 'no luck');
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start('lets fail'));
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(
      /^Orchestrator function 'lets fail' failed: Activity function 'fail' failed: no luck/,
    );
  });

  it.each([
    [
      'activity',
      (context: OrchestrationContext) => context.df.callActivity('nowhere'),
      /The activity function 'nowhere' doesn't exist/,
    ],
    [
      'orchestrator',
      (context: OrchestrationContext) => context.df.callSubOrchestrator('nowhere'),
      /The orchestrator function 'nowhere'/,
    ],
    [
      'entity',
      (context: OrchestrationContext) => context.df.callEntity(new df.EntityId('nowhere', 'k'), 'op'),
      /The entity function 'nowhere'/,
    ],
    [
      'http',
      (context: OrchestrationContext) => context.df.callHttp({ method: 'GET', url: 'http://x/' }),
      /callHttp is not built/,
    ],
    ['lock', (context: OrchestrationContext) => context.df.lock(new df.EntityId('a', 'k')), /locks .* are not built/],
  ])('a call that cannot be served (%s) fails the orchestration with its name', async (what, call, message) => {
    df.app.orchestration(`calls missing ${what}`, function* (context) {
      yield call(context);
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start(`calls missing ${what}`));
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(message);
  });
});

describe('retries', () => {
  df.app.orchestration('retry', function* (context) {
    const { key, failures, attempts } = context.df.getInput<{ key: string; failures: number; attempts: number }>();
    const options = new df.RetryOptions(1000, attempts);
    options.backoffCoefficient = 2;
    let outcome: unknown;
    try {
      outcome = yield context.df.callActivityWithRetry('failFirst', options, { key, failures });
    } catch {
      outcome = 'gave up';
    }
    const after: unknown = yield context.df.callActivity('greet', 'after');
    return { outcome, after, tookMs: context.df.currentUtcDateTime.getTime() - START_MS };
  });

  it('number attempts and timers alternately', async () => {
    // Attempts are counted, and on azure-storage an activity may run twice.
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await hub.start('retry', { key: 'third', failures: 2, attempts: 3 });
    expect((await hub.finish(id)).output).toEqual({
      outcome: 'done at attempt 3',
      after: 'Hello after!',
      tookMs: 3000,
    });
    expect(steps(hub, id).slice(0, 10)).toEqual([
      'TaskScheduled 0',
      'TaskFailed 0',
      'TimerCreated 1',
      'TimerFired 1',
      'TaskScheduled 2',
      'TaskFailed 2',
      'TimerCreated 3',
      'TimerFired 3',
      'TaskScheduled 4',
      'TaskCompleted 4',
    ]);
  });

  it('wait for one more timer after the last attempt', async () => {
    // Attempts are counted, and on azure-storage an activity may run twice.
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await hub.start('retry', { key: 'never', failures: 9, attempts: 2 });
    expect((await hub.finish(id)).output).toMatchObject({ outcome: 'gave up', after: 'Hello after!' });
    expect(steps(hub, id).slice(4)).toEqual([
      'TaskScheduled 2',
      'TaskFailed 2',
      'TimerCreated 3',
      'TimerFired 3',
      'TaskScheduled 4',
      'TaskCompleted 4',
    ]);
  });

  it('keep their ids in step when a Task.all fails while a sibling still retries', async () => {
    df.app.orchestration('failsFast', function* (context) {
      const retried = context.df.callActivityWithRetry('failFirst', new df.RetryOptions(1000, 5), {
        key: 'sibling',
        failures: 3,
      });
      try {
        yield context.df.Task.all([context.df.callActivity('fail', 'at once'), retried]);
      } catch {
        const clean: unknown = yield context.df.callActivity('greet', 'clean');
        return clean;
      }
      return 'no failure';
    });
    // Attempts are counted, and on azure-storage an activity may run twice.
    await using hub = openTestHub({ platform: 'gentle' });
    const status = await hub.finish(await hub.start('failsFast'));
    expect(status).toMatchObject({ runtimeStatus: 'Completed', output: 'Hello clean!' });
    expect(callCounts.get('sibling')).toBe(4);
  });

  it('fail loudly when their time is over, where the library would wait for ever', async () => {
    df.app.orchestration('retryTimeout', function* (context) {
      const options = new df.RetryOptions(1000, 50);
      options.retryTimeoutInMilliseconds = 2500;
      yield context.df.callActivityWithRetry('fail', options, 'x');
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('retryTimeout'))).output).toMatch(/retryTimeoutInMilliseconds of 2500/);
  });
});
