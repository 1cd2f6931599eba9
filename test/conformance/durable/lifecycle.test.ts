import { describe, expect, it } from 'vitest';
import { HistoryEventType } from '../../../local/host/durable/replay/history-event.ts';
import { START_MS, df, openTestHub } from './fixture.ts';

df.app.activity('add', { handler: ({ a, b }: { a: number; b: number }) => a + b });
df.app.orchestration('child', function* (context) {
  const { fails, value } = context.df.getInput<{ fails?: boolean; value: number }>();
  if (fails) throw new Error('the child gave up');
  const sum: unknown = yield context.df.callActivity('add', { a: value, b: 1 });
  return sum;
});
df.app.orchestration('waits', function* (context) {
  const event: unknown = yield context.df.waitForExternalEvent('go');
  return event;
});

describe('sub-orchestrations', () => {
  it('return their output to their parent, and know it', async () => {
    df.app.orchestration('parent', function* (context) {
      const value: unknown = yield context.df.callSubOrchestrator('child', { value: 1 });
      const again: unknown = yield context.df.callSubOrchestrator('child', { value }, 'my-child');
      return again;
    });
    await using hub = openTestHub();
    const id = await hub.start('parent');
    expect((await hub.finish(id)).output).toBe(3);
    expect((await hub.status('my-child')).output).toBe(3);
    const [, started] = hub.hub.client.history('my-child');
    expect(started).toMatchObject({ ParentInstance: { Name: 'parent', TaskScheduleId: 1 } });
  });

  it('get the id {execution of the parent}:{sequence id} when they are given none', async () => {
    df.app.orchestration('parentOfUnnamed', function* (context) {
      yield context.df.callSubOrchestrator('child', { value: 1 });
    });
    await using hub = openTestHub();
    const id = await hub.start('parentOfUnnamed');
    await hub.finish(id);
    const executionId = hub.hub.client.findInstance(id)?.executionId;
    expect((await hub.status(`${executionId}:0`)).runtimeStatus).toBe('Completed');
  });

  it('fail in their parent with their own words', async () => {
    df.app.orchestration('parentOfFailing', function* (context) {
      try {
        yield context.df.callSubOrchestrator('child', { fails: true });
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return 'no failure';
    });
    await using hub = openTestHub();
    const { output } = await hub.finish(await hub.start('parentOfFailing'));
    expect(output).toContain("Orchestrator function 'child' failed: the child gave up");
  });

  it('are retried', async () => {
    df.app.orchestration('parentThatRetries', function* (context) {
      const options = new df.RetryOptions(1000, 2);
      try {
        yield context.df.callSubOrchestratorWithRetry('child', options, { fails: true });
      } catch {
        const sum: unknown = yield context.df.callActivity('add', { a: 1, b: 2 });
        return sum;
      }
      return 'no failure';
    });
    await using hub = openTestHub();
    const id = await hub.start('parentThatRetries');
    expect((await hub.finish(id)).output).toBe(3);
    const created = hub.hub.client
      .history(id)
      .filter(({ EventType }) => EventType === HistoryEventType.SubOrchestrationInstanceCreated);
    expect(created.map(({ EventId }) => EventId)).toEqual([0, 2]);
  });

  it('that are terminated fail in their parent with the reason', async () => {
    df.app.orchestration('parentOfTerminated', function* (context) {
      try {
        yield context.df.callSubOrchestrator('waits', undefined, 'the-child');
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return 'no failure';
    });
    await using hub = openTestHub();
    const id = await hub.start('parentOfTerminated');
    await hub.hub.whenIdle();
    await hub.request('POST', 'instances/the-child/terminate?reason=enough');
    expect((await hub.finish(id)).output).toContain('enough');
    expect((await hub.status('the-child')).runtimeStatus).toBe('Terminated');
  });

  it('whose id is taken by a running instance fail in their parent', async () => {
    df.app.orchestration('parentOfTaken', function* (context) {
      try {
        yield context.df.callSubOrchestrator('waits', undefined, 'taken');
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return 'no failure';
    });
    await using hub = openTestHub();
    await hub.start('waits', undefined, 'taken');
    await hub.hub.whenIdle();
    expect((await hub.finish(await hub.start('parentOfTaken'))).output).toContain('already exists');
  });
});

describe('continueAsNew', () => {
  df.app.orchestration('countsUp', function* (context) {
    const input = context.df.getInput<{ n: number }>();
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 60_000));
    if (input.n === 3) return input;
    context.df.setCustomStatus({ finished: input.n });
    context.df.continueAsNew({ n: input.n + 1 });
    return undefined;
  });

  it('starts over with a new input, an empty history and another execution id', async () => {
    await using hub = openTestHub();
    const id = await hub.start('countsUp', { n: 1 });
    await hub.hub.whenIdle();
    const firstExecutionId = hub.hub.client.findInstance(id)?.executionId;
    expect(await hub.finish(id)).toMatchObject({
      output: { n: 3 },
      input: { n: 3 },
      createdTime: '2026-01-01T00:00:00Z',
    });
    expect(hub.hub.client.findInstance(id)?.executionId).not.toBe(firstExecutionId);
    expect(
      hub.hub.client.history(id).filter(({ EventType }) => EventType === HistoryEventType.TimerFired),
    ).toHaveLength(1);
    expect(hub.clock.now()).toBe(START_MS + 180_000);
  });

  it('gives a string input the quotes that the library leaves on it', async () => {
    df.app.orchestration('continuesWithText', function* (context) {
      const input: unknown = context.df.getInput();
      if (input !== 'first') return input;
      context.df.continueAsNew('second');
      return undefined;
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('continuesWithText', 'first'))).output).toBe('"second"');
  });

  it('waits for a timer that is neither awaited to its end nor cancelled', async () => {
    df.app.orchestration('leavesTimer', function* (context) {
      const { round } = context.df.getInput<{ round: number }>();
      if (round === 2) return context.df.currentUtcDateTime.toISOString();
      const timer = context.df.createTimer(new Date(START_MS + 90_000));
      yield context.df.Task.any([timer, context.df.callActivity('add', { a: 1, b: 1 })]);
      context.df.continueAsNew({ round: 2 });
      return undefined;
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('leavesTimer', { round: 1 }))).output).toBe('2026-01-01T00:01:30.000Z');
  });

  it('drops early events that nobody took, and carries those that came too late for the old execution', async () => {
    df.app.orchestration('carries', function* (context) {
      const input = context.df.getInput<{ round: number }>();
      if (input.round === 2) {
        const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 1000));
        const item = context.df.waitForExternalEvent('item');
        yield context.df.Task.any([item, timer]);
        if (!timer.isCompleted) timer.cancel();
        return item.isCompleted ? item.result : 'nothing';
      }
      yield context.df.waitForExternalEvent('next');
      context.df.continueAsNew({ round: 2 });
      return undefined;
    });
    // Two events that are raised at once would come in any order on azure-storage.
    await using hub = openTestHub({ platform: 'gentle' });
    const early = await hub.start('carries', { round: 1 });
    const late = await hub.start('carries', { round: 1 });
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${early}/raiseEvent/item`, '1');
    await hub.request('POST', `instances/${early}/raiseEvent/next`, 'null');
    const requests = ['next', 'item'].map((name) => hub.request('POST', `instances/${late}/raiseEvent/${name}`, '2'));
    await Promise.all(requests);
    expect((await hub.finish(early)).output).toBe('nothing');
    expect((await hub.finish(late)).output).toBe(2);
  });

  it('is followed by a failure when the orchestrator then throws', async () => {
    df.app.orchestration('continuesAndThrows', function* (context) {
      context.df.continueAsNew({});
      throw new Error('after all');
    });
    await using hub = openTestHub();
    expect(await hub.finish(await hub.start('continuesAndThrows'))).toMatchObject({
      runtimeStatus: 'Failed',
      output: "Orchestrator function 'continuesAndThrows' failed: after all",
    });
  });
});

describe('suspension', () => {
  it('keeps events until the instance is resumed', async () => {
    await using hub = openTestHub();
    const id = await hub.start('waits');
    await hub.hub.whenIdle();
    expect((await hub.request('POST', `instances/${id}/suspend?reason=pause`)).status).toBe(202);
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/raiseEvent/go`, '"now"');
    await hub.hub.whenIdle();
    expect((await hub.status(id)).runtimeStatus).toBe('Suspended');
    expect((await hub.request('POST', `instances/${id}/suspend?reason=again`)).status).toBe(500);
    expect((await hub.request('POST', `instances/${id}/resume?reason=go on`)).status).toBe(202);
    expect(await hub.finish(id)).toMatchObject({ runtimeStatus: 'Completed', output: 'now' });
  });

  it('that is lifted before it is seen stays, since a resume of what runs is refused (DurableClient.cs, ResumeAsync)', async () => {
    await using hub = openTestHub();
    const id = await hub.start('waits');
    await hub.hub.whenIdle();
    const [, , resumed] = await Promise.all([
      hub.request('POST', `instances/${id}/suspend?reason=pause`),
      hub.request('POST', `instances/${id}/raiseEvent/go`, '1'),
      hub.request('POST', `instances/${id}/resume?reason=go on`),
    ]);
    expect(resumed.status).toBe(500);
    await hub.hub.whenIdle();
    expect((await hub.status(id)).runtimeStatus).toBe('Suspended');
    await hub.request('POST', `instances/${id}/resume?reason=go on`);
    expect((await hub.finish(id)).output).toBe(1);
  });

  it('does not keep an instance from being terminated', async () => {
    await using hub = openTestHub();
    const id = await hub.start('waits');
    await hub.request('POST', `instances/${id}/suspend?reason=pause`);
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/terminate?reason=enough`);
    expect(await hub.finish(id)).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
  });

  it('cannot be lifted where there is none', async () => {
    await using hub = openTestHub();
    const id = await hub.start('waits');
    await hub.hub.whenIdle();
    expect((await hub.request('POST', `instances/${id}/resume?reason=x`)).status).toBe(500);
  });
});

it('a result for an execution that is over changes nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  df.app.activity('slow', { handler: () => promise });
  df.app.orchestration('callsSlow', function* (context) {
    const result: unknown = yield context.df.callActivity('slow');
    return result;
  });
  await using hub = openTestHub();
  const id = await hub.start('callsSlow');
  while (hub.hub.client.history(id).length === 0) await new Promise(setImmediate);
  await hub.request('POST', `instances/${id}/terminate?reason=enough`);
  while ((await hub.status(id)).runtimeStatus !== 'Terminated') await new Promise(setImmediate);
  await hub.start('waits', undefined, id);
  resolve('too late');
  await hub.hub.whenIdle();
  expect((await hub.status(id)).runtimeStatus).toBe('Running');
  await hub.request('POST', `instances/${id}/raiseEvent/go`, '1');
  expect((await hub.finish(id)).output).toBe(1);
});
