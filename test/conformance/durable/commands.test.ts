import { describe, expect, it } from 'vitest';
import { df, openTestHub } from './fixture.ts';
import { steps } from './steps.ts';

df.app.orchestration('idles', function* (context) {
  yield context.df.waitForExternalEvent('go');
});

/** Row 12, as 3.19.0 was seen to do; azure-functions-durable-extension, HttpApiHandler.cs and DurableClient.cs. */
describe('an instance', () => {
  it.each(['terminate', 'suspend', 'resume'])(
    'that is finished answers 410 to %s, and an absent one 404',
    async (command) => {
      await using hub = openTestHub();
      await hub.start('idles', 1, 'a');
      await hub.hub.whenIdle();
      expect((await hub.request('POST', 'instances/a/terminate?reason=x')).status).toBe(202);
      await hub.hub.whenIdle();
      expect((await hub.request('POST', `instances/a/${command}?reason=x`)).status).toBe(410);
      expect((await hub.request('POST', `instances/absent/${command}?reason=x`)).status).toBe(404);
    },
  );

  it('that is suspended is not suspended again, and one that runs is not resumed', async () => {
    await using hub = openTestHub();
    await hub.start('idles', 1, 'a');
    await hub.hub.whenIdle();
    const refused = (command: string, status: string) => ({
      status: 500,
      json: {
        Message: 'Something went wrong while processing your request',
        ExceptionMessage: `Cannot ${command} the orchestration instance a because instance is in the ${status} state.`,
      },
    });
    expect(await hub.request('POST', 'instances/a/resume?reason=x')).toMatchObject(refused('resume', 'Running'));
    expect((await hub.request('POST', 'instances/a/suspend?reason=x')).status).toBe(202);
    await hub.hub.whenIdle();
    expect(await hub.request('POST', 'instances/a/suspend?reason=x')).toMatchObject(refused('suspend', 'Suspended'));
    expect((await hub.request('POST', 'instances/a/resume?reason=x')).status).toBe(202);
    await hub.hub.whenIdle();
    expect((await hub.status('a')).runtimeStatus).toBe('Running');
  });
});

/** Row 12; DurableTask.AzureStorage, AzureTableTrackingStore.cs, RewindHistoryAsync. */
describe('rewinding', () => {
  let isBroken = true;
  const runs: string[] = [];
  df.app.activity('mayBreak', {
    handler: (step: string) => {
      runs.push(step);
      if (isBroken && step === 'second') throw new Error('broken');
      return step;
    },
  });
  df.app.orchestration('twoSteps', function* (context) {
    const first: unknown = yield context.df.callActivity('mayBreak', 'first');
    const second: unknown = yield context.df.callActivity('mayBreak', 'second');
    return [first, second];
  });
  df.app.orchestration('parentOfTwoSteps', function* (context) {
    const output: unknown = yield context.df.callSubOrchestrator('twoSteps', null, 'child');
    return { output };
  });

  it('runs a failed activity again, and no other', async () => {
    isBroken = true;
    runs.length = 0;
    await using hub = openTestHub();
    await hub.start('twoSteps', undefined, 'a');
    expect((await hub.finish('a')).runtimeStatus).toBe('Failed');
    isBroken = false;
    expect((await hub.request('POST', 'instances/a/rewind?reason=fixed')).status).toBe(202);
    expect(await hub.status('a')).toMatchObject({ runtimeStatus: 'Pending' });
    expect(await hub.finish('a')).toMatchObject({ runtimeStatus: 'Completed', output: ['first', 'second'] });
    expect(runs).toEqual(['first', 'second', 'second']);
    expect(steps(hub, 'a')).toEqual(['TaskScheduled 0', 'TaskCompleted 0', 'TaskScheduled 1', 'TaskCompleted 1']);
    const { historyEvents } = await hub.status('a', 'showHistory=true');
    expect(historyEvents).toMatchObject([
      { EventType: 'ExecutionStarted' },
      { EventType: 'TaskCompleted' },
      { EventType: 'GenericEvent', Data: 'fixed' },
      { EventType: 'TaskCompleted' },
      { EventType: 'ExecutionCompleted', OrchestrationStatus: 'Completed' },
    ]);
  });

  it('reaches into the sub-orchestration that failed', async () => {
    isBroken = true;
    await using hub = openTestHub();
    await hub.start('parentOfTwoSteps', undefined, 'parent');
    expect((await hub.finish('parent')).runtimeStatus).toBe('Failed');
    isBroken = false;
    await hub.request('POST', 'instances/parent/rewind?reason=fixed');
    expect((await hub.finish('parent')).output).toEqual({ output: ['first', 'second'] });
    expect((await hub.status('child')).runtimeStatus).toBe('Completed');
  });

  it('is for what has failed', async () => {
    await using hub = openTestHub();
    await hub.start('idles', 1, 'a');
    await hub.hub.whenIdle();
    expect(await hub.request('POST', 'instances/a/rewind?reason=x')).toMatchObject({
      status: 412,
      json: 'This orchestration has status Running, but only orchestrations in the "Failed" state can be rewound.',
    });
    expect(await hub.request('POST', 'instances/b/rewind?reason=x')).toMatchObject({
      status: 404,
      json: 'No orchestration with instance ID "$b" found.',
    });
  });
});
