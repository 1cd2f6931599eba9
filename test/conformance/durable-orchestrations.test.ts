import { describe, expect, it } from 'vitest';
import { HistoryEventType } from '../../local/host/durable/history-event.ts';
import { START_MS, df, openTestHub } from './durable-fixture.ts';
import type { TestHub } from './durable-fixture.ts';

const EVENT_NAMES = new Map(Object.entries(HistoryEventType).map(([name, number]) => [number as number, name]));

/** What an orchestration scheduled and what came of it: "TaskScheduled 0", "TimerFired 1". */
function steps({ hub }: TestHub, instanceId: string): string[] {
  return hub.client.history(instanceId).flatMap((event) => {
    const name = EVENT_NAMES.get(event.EventType) ?? '?';
    if ('TaskScheduledId' in event) return [`${name} ${event.TaskScheduledId}`];
    if ('TimerId' in event) return [`${name} ${event.TimerId}`];
    return event.EventId >= 0 ? [`${name} ${event.EventId}`] : [];
  });
}

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
df.app.activity('greet', { handler: (name: string) => `Hello ${name}!` });
df.app.activity('echo', { handler: (input: unknown) => input });
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
      (context: Context) => context.df.callActivity('nowhere'),
      /The activity function 'nowhere' doesn't exist/,
    ],
    [
      'orchestrator',
      (context: Context) => context.df.callSubOrchestrator('nowhere'),
      /The orchestrator function 'nowhere'/,
    ],
    [
      'entity',
      (context: Context) => context.df.callEntity(new df.EntityId('nowhere', 'k'), 'op'),
      /The entity function 'nowhere'/,
    ],
    ['http', (context: Context) => context.df.callHttp({ method: 'GET', url: 'http://x/' }), /callHttp is not built/],
    ['lock', (context: Context) => context.df.lock(new df.EntityId('a', 'k')), /locks .* are not built/],
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

type Context = import('durable-functions').OrchestrationContext;

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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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

describe('timers', () => {
  it('fire at their time and not before', async () => {
    df.app.orchestration('timer', function* (context) {
      yield context.df.createTimer(new Date(START_MS + 60_000));
      return context.df.currentUtcDateTime.toISOString();
    });
    await using hub = openTestHub();
    const id = await hub.start('timer');
    await hub.hub.whenIdle();
    hub.clock.advanceTo(START_MS + 59_999);
    await hub.hub.whenIdle();
    expect((await hub.status(id)).runtimeStatus).toBe('Running');
    hub.clock.advanceTo(START_MS + 60_000);
    await hub.hub.whenIdle();
    expect(await hub.status(id)).toMatchObject({ runtimeStatus: 'Completed', output: '2026-01-01T00:01:00.000Z' });
  });

  it('longer than six days are cut into pieces of three', async () => {
    df.app.orchestration('longTimer', function* (context) {
      yield context.df.createTimer(new Date(START_MS + 10 * 86_400_000));
      const after: unknown = yield context.df.callActivity('greet', 'after');
      return after;
    });
    await using hub = openTestHub();
    const id = await hub.start('longTimer');
    expect((await hub.finish(id)).output).toBe('Hello after!');
    expect(steps(hub, id)).toEqual([
      'TimerCreated 0',
      'TimerFired 0',
      'TimerCreated 1',
      'TimerFired 1',
      'TimerCreated 2',
      'TimerFired 2',
      'TaskScheduled 3',
      'TaskCompleted 3',
    ]);
    expect(hub.clock.now()).toBe(START_MS + 10 * 86_400_000);
  });

  df.app.orchestration('race', function* (context) {
    const { cancels } = context.df.getInput<{ cancels: boolean }>();
    const timer = context.df.createTimer(new Date(START_MS + 3_600_000));
    const event = context.df.waitForExternalEvent('go');
    const winner: unknown = yield context.df.Task.any([event, timer]);
    if (winner === timer) return 'timer';
    if (cancels) timer.cancel();
    return { event: event.result };
  });

  it('win a race against an event that does not come', async () => {
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('race', { cancels: true }))).output).toBe('timer');
  });

  it('that are cancelled are forgotten, and the orchestration ends at once', async () => {
    await using hub = openTestHub();
    const id = await hub.start('race', { cancels: true });
    await hub.hub.whenIdle();
    expect(hub.hub.nextTimerAtMs()).toBe(START_MS + 3_600_000);
    await hub.request('POST', `instances/${id}/raiseEvent/go`, { n: 1 });
    await hub.hub.whenIdle();
    expect(await hub.status(id)).toMatchObject({ runtimeStatus: 'Completed', output: { event: { n: 1 } } });
    expect(hub.hub.nextTimerAtMs()).toBeUndefined();
  });

  it('that are not cancelled keep the orchestration running until they fire', async () => {
    await using hub = openTestHub();
    const id = await hub.start('race', { cancels: false });
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/raiseEvent/go`, 'null');
    await hub.hub.whenIdle();
    expect((await hub.status(id)).runtimeStatus).toBe('Running');
    hub.clock.advanceTo(START_MS + 3_600_000);
    await hub.hub.whenIdle();
    expect((await hub.status(id)).runtimeStatus).toBe('Completed');
  });
});

describe('events', () => {
  it('that come before anyone waits are kept, the earliest first', async () => {
    df.app.orchestration('takesThree', function* (context) {
      yield context.df.waitForExternalEvent('begin');
      const first: unknown = yield context.df.waitForExternalEvent('item');
      const second: unknown = yield context.df.waitForExternalEvent('item');
      const third: unknown = yield context.df.waitForExternalEvent('item');
      return [first, second, third];
    });
    await using hub = openTestHub();
    const id = await hub.start('takesThree');
    await hub.hub.whenIdle();
    for (const item of [1, 2, 3]) await hub.request('POST', `instances/${id}/raiseEvent/item`, String(item));
    await hub.request('POST', `instances/${id}/raiseEvent/begin`, 'null');
    expect((await hub.finish(id)).output).toEqual([1, 2, 3]);
  });

  it('go to the newest of those who wait for one name', async () => {
    df.app.orchestration('waitsTwice', function* (context) {
      const older = context.df.waitForExternalEvent('item');
      const newer = context.df.waitForExternalEvent('item');
      yield context.df.Task.all([older, newer]);
      return { older: older.result, newer: newer.result };
    });
    await using hub = openTestHub();
    const id = await hub.start('waitsTwice');
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/raiseEvent/item`, '1');
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/raiseEvent/item`, '2');
    expect((await hub.finish(id)).output).toEqual({ older: 2, newer: 1 });
  });
});

describe('the end', () => {
  it('of an orchestrator that throws is Failed with its words', async () => {
    df.app.orchestration('throws', function* () {
      throw new Error('oops');
    });
    await using hub = openTestHub();
    expect(await hub.finish(await hub.start('throws'))).toMatchObject({
      runtimeStatus: 'Failed',
      output: "Orchestrator function 'throws' failed: oops",
    });
  });

  it('of an orchestrator that throws without a message is Failed too, instead of Running for ever', async () => {
    df.app.orchestration('throwsNothing', function* () {
      throw new Error();
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('throwsNothing'))).output).toMatch(/threw a value without a message/);
  });

  it('is Failed when the code no longer does what history says', async () => {
    let isChanged = false;
    df.app.orchestration('changed', function* (context) {
      yield context.df.callActivity(isChanged ? 'greet' : 'echo', 'x');
      yield context.df.createTimer(new Date(START_MS + 1000));
    });
    await using hub = openTestHub();
    const id = await hub.start('changed');
    await hub.hub.whenIdle();
    isChanged = true;
    const status = await hub.finish(id);
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(/Non-Deterministic workflow detected.*'echo'.*'greet'/);
  });

  it('is Failed when the custom status is longer than 16 KB', async () => {
    df.app.orchestration('talks', function* (context) {
      context.df.setCustomStatus('x'.repeat(8191));
      return 'done';
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start('talks'));
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(/must not exceed 16 KB/);
  });

  it('keeps the last custom status', async () => {
    df.app.orchestration('reports', function* (context) {
      context.df.setCustomStatus({ at: 1 });
      yield context.df.callActivity('echo', 1);
      context.df.setCustomStatus({ at: 2 });
      return 'done';
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('reports'))).customStatus).toEqual({ at: 2 });
  });
});
