import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryDirectory } from '../host/process.ts';
import { START_MS, df, openTestHub } from './fixture.ts';
import { steps } from './steps.ts';

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

  // In Azure a timer is a message that is hidden for the time that was left when it was sent (TaskHubQueue.cs, GetVisibilityDelay).
  it('come after the time that was left, and so does the next turn, when the clock is set back meanwhile', async () => {
    const turns: string[] = [];
    df.app.orchestration('everyMinute', function* ({ df: api }) {
      turns.push(api.currentUtcDateTime.toISOString());
      yield api.createTimer(new Date(api.currentUtcDateTime.getTime() + 60_000));
      api.continueAsNew(null);
    });
    await using hub = openTestHub();
    await hub.start('everyMinute');
    await hub.hub.whenIdle();
    hub.clock.setBack(2 * 3_600_000);
    turns.length = 0;
    for (let minute = 0; minute < 3; minute += 1) {
      hub.clock.advanceTo(hub.clock.now() + 60_000);
      await hub.hub.whenIdle();
    }
    expect([...new Set(turns)].filter((each) => each < '2026')).toEqual([
      '2025-12-31T22:01:00.000Z',
      '2025-12-31T22:02:00.000Z',
      '2025-12-31T22:03:00.000Z',
    ]);
  });

  it('of one turn keep their distance when the clock is set back between them', async () => {
    df.app.orchestration('twice', function* ({ df: api }) {
      yield api.createTimer(new Date(api.currentUtcDateTime.getTime() + 60_000));
      yield api.createTimer(new Date(api.currentUtcDateTime.getTime() + 60_000));
      return 'done';
    });
    await using hub = openTestHub();
    const id = await hub.start('twice');
    await hub.hub.whenIdle();
    hub.clock.setBack(2 * 3_600_000);
    const setBackTo = hub.clock.now();
    expect((await hub.finish(id)).output).toBe('done');
    expect(hub.clock.now() - setBackTo).toBe(120_000);
  });

  it('come after the time that was left when the clock was set back while nothing ran', async () => {
    df.app.orchestration('once', function* ({ df: api }) {
      yield api.createTimer(new Date(api.currentUtcDateTime.getTime() + 60_000));
      return 'done';
    });
    const databasePath = join(makeTemporaryDirectory(), 'hub.sqlite');
    const first = openTestHub({ databasePath, platform: 'gentle' });
    const id = await first.start('once');
    await first.hub.whenIdle();
    await first.hub.stop();
    first.clock.setBack(2 * 3_600_000);
    await using second = openTestHub({ databasePath, platform: 'gentle', clock: first.clock });
    const setBackTo = first.clock.now();
    expect((await second.finish(id)).output).toBe('done');
    expect(second.clock.now() - setBackTo).toBe(60_000);
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

  it('that are cancelled keep no orchestration from its end', async () => {
    await using hub = openTestHub();
    const id = await hub.start('race', { cancels: true });
    await hub.hub.whenIdle();
    expect(hub.hub.nextTimerAtMs()).toBe(START_MS + 3_600_000);
    await hub.request('POST', `instances/${id}/raiseEvent/go`, { n: 1 });
    await hub.hub.whenIdle();
    expect(await hub.status(id)).toMatchObject({ runtimeStatus: 'Completed', output: { event: { n: 1 } } });
    expect(hub.hub.nextTimerAtMs()).toBeUndefined();
  });

  it('that are cancelled keep their step and fire all the same, and nobody notices', async () => {
    df.app.orchestration('raceThenWork', function* (context) {
      const timer = context.df.createTimer(new Date(START_MS + 60_000));
      yield context.df.Task.any([context.df.waitForExternalEvent('go'), timer]);
      timer.cancel();
      yield context.df.callActivity('greet', 'after');
      const last: unknown = yield context.df.waitForExternalEvent('end');
      return last;
    });
    await using hub = openTestHub();
    const id = await hub.start('raceThenWork');
    await hub.hub.whenIdle();
    hub.clock.advanceTo(START_MS + 1000);
    await hub.request('POST', `instances/${id}/raiseEvent/go`, 'null');
    await hub.hub.whenIdle();
    expect(hub.hub.nextTimerAtMs()).toBe(START_MS + 60_000);
    hub.clock.advanceTo(START_MS + 60_000);
    await hub.hub.whenIdle();
    expect(steps(hub, id)).toEqual(['TimerCreated 0', 'TaskScheduled 1', 'TaskCompleted 1', 'TimerFired 0']);
    const scheduled = hub.hub.client.history(id).find(({ EventId }) => EventId === 1);
    expect(scheduled?.Timestamp).toBe('2026-01-01T00:00:01.000Z');
    await hub.request('POST', `instances/${id}/raiseEvent/end`, '1');
    expect((await hub.finish(id)).output).toBe(1);
  });

  // OutOfProcOrchestrationShim.cs, InvokeAPIFromAction: the token is cancelled before the first piece has fired, in every replay.
  it('that are cancelled after their first piece of three days break their orchestration, as in the extension', async () => {
    df.app.orchestration('longRace', function* (context) {
      const timer = context.df.createTimer(new Date(START_MS + 10 * 86_400_000));
      yield context.df.Task.any([context.df.waitForExternalEvent('go'), timer]);
      timer.cancel();
      yield context.df.callActivity('greet', 'after');
    });
    await using hub = openTestHub();
    const id = await hub.start('longRace');
    await hub.hub.whenIdle();
    hub.clock.advanceTo(START_MS + 4 * 86_400_000);
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/raiseEvent/go`, 'null');
    const { runtimeStatus, output } = await hub.finish(id);
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Non-Deterministic workflow detected');
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
