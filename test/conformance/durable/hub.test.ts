import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HistoryEventType } from '../../../local/host/durable/replay/history-event.ts';
import { START_MS, df, openTestHub, registeredFunctions } from './fixture.ts';
import type { Answer, TestHub } from './fixture.ts';

df.app.orchestration('waitsHere', function* (context) {
  const event: unknown = yield context.df.waitForExternalEvent('go');
  return event;
});
df.app.activity('identity', { handler: (input: unknown) => input });
df.app.orchestration('callsIdentity', function* (context) {
  const result: unknown = yield context.df.callActivity('identity', { secret: 1 });
  return result;
});
df.app.entity('box', (context) => {
  if (context.df.operationName === 'destruct') context.df.destructOnExit();
  else context.df.setState(context.df.getInput());
});

describe('a hub', () => {
  it('waits for the work under way when it is stopped, and goes on with the rest when it is opened again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'durable-hub-'));
    const databasePath = join(directory, 'hub.sqlite');
    const { promise: called, resolve: call } = Promise.withResolvers<boolean>();
    const { promise: answer, resolve: finish } = Promise.withResolvers<string>();
    df.app.activity('takesLong', {
      handler: () => {
        call(true);
        return answer;
      },
    });
    df.app.orchestration('callsLong', function* (context) {
      const first: unknown = yield context.df.callActivity('takesLong');
      const second: unknown = yield context.df.callActivity('identity', 'after the restart');
      return [first, second];
    });
    const first = openTestHub({ databasePath });
    await first.start('callsLong', null, 'a');
    await called;
    let isStopped = false;
    const stopping = first.hub.stop().then(() => (isStopped = true));
    await setImmediate();
    expect(isStopped).toBe(false);
    finish('done');
    await stopping;
    await using second = openTestHub({ databasePath });
    expect((await second.finish('a')).output).toEqual(['done', 'after the restart']);
    rmSync(directory, { recursive: true });
  });

  it('is idle only when nothing runs and no timer is due', async () => {
    df.app.orchestration('sleepsALittle', function* (context) {
      yield context.df.createTimer(new Date(START_MS + 1000));
      return 'awake';
    });
    await using hub = openTestHub();
    const id = await hub.start('sleepsALittle');
    await hub.hub.whenIdle();
    expect(hub.hub.nextTimerAtMs()).toBe(START_MS + 1000);
    hub.clock.advanceTo(START_MS + 1000);
    await hub.hub.whenIdle();
    expect((await hub.status(id)).output).toBe('awake');
  });

  it('runs as many orchestrators, activities and entities at once as it may', async () => {
    let running = 0;
    let most = 0;
    const invoker = { ...registeredFunctions, activity: watched };
    df.app.orchestration('callsTen', function* (context) {
      yield context.df.Task.all(Array.from({ length: 10 }, () => context.df.callActivity('identity', 1)));
    });
    await using hub = openTestHub({ invoker, maxConcurrentActivityFunctions: 3 });
    await hub.finish(await hub.start('callsTen'));
    expect(most).toBe(3);

    async function watched(...parameters: Parameters<typeof registeredFunctions.activity>): Promise<string | null> {
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      return registeredFunctions.activity(...parameters);
    }
  });
});

describe('the settings of host.json', () => {
  it('keep inputs out of the history unless they are wanted there', async () => {
    for (const storeInputsInOrchestrationHistory of [false, true]) {
      await using hub = openTestHub({ storeInputsInOrchestrationHistory });
      const id = await hub.start('callsIdentity');
      await hub.finish(id);
      const scheduled = hub.hub.client
        .history(id)
        .find(({ EventType }) => EventType === HistoryEventType.TaskScheduled);
      expect(scheduled).toMatchObject({ Input: storeInputsInOrchestrationHistory ? '[{"secret":1}]' : null });
    }
  });

  it('let a running instance be replaced by a new one if they say so', async () => {
    await using hub = openTestHub({ overridableExistingInstanceStates: 'AnyState' });
    await hub.start('waitsHere', 1, 'a');
    await hub.hub.whenIdle();
    const before = hub.hub.client.findInstance('a')?.executionId;
    await hub.start('waitsHere', 2, 'a');
    await hub.hub.whenIdle();
    expect(hub.hub.client.findInstance('a')?.executionId).not.toBe(before);
    expect((await hub.status('a')).input).toBe(2);
  });
});

describe('purging', () => {
  it('an instance in the middle of its work leaves nothing of it', async () => {
    const { promise: called, resolve: call } = Promise.withResolvers<boolean>();
    const { promise: answer, resolve: finish } = Promise.withResolvers<string>();
    df.app.activity('isPurged', {
      handler: () => {
        call(true);
        return answer;
      },
    });
    df.app.orchestration('isPurgedToo', function* (context) {
      yield context.df.callActivity('isPurged');
    });
    await using hub = openTestHub();
    const id = await hub.start('isPurgedToo');
    await called;
    const purged = await purge(hub, '');
    finish('too late');
    expect(purged.json).toEqual({ instancesDeleted: 1 });
    await hub.hub.whenIdle();
    expect((await hub.request('GET', `instances/${id}`)).status).toBe(404);
    expect(hub.hub.client.history(id)).toEqual([]);
  });

  it('by id is for what is finished (row 12; HttpApiHandler.cs, since pull request 3311)', async () => {
    await using hub = openTestHub();
    await hub.start('waitsHere', 1, 'a');
    await hub.hub.whenIdle();
    const refused = (status: string) => ({
      status: 412,
      json: `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID a has status ${status}`,
    });
    expect(await hub.request('DELETE', 'instances/a')).toMatchObject(refused('Running'));
    await hub.request('POST', 'instances/a/suspend?reason=x');
    await hub.hub.whenIdle();
    expect(await hub.request('DELETE', 'instances/a')).toMatchObject(refused('Suspended'));
    await hub.request('POST', 'instances/a/terminate?reason=x');
    await hub.hub.whenIdle();
    expect(await hub.request('DELETE', 'instances/a')).toMatchObject({ status: 200, json: { instancesDeleted: 1 } });
    expect((await hub.request('DELETE', 'instances/a')).status).toBe(404);
    await hub.start('waitsHere', 1, 'pending');
    expect(await hub.request('DELETE', 'instances/pending')).toMatchObject({ status: 412 });
  });

  it('by id erases the row of an entity, living or dead (row 12)', async () => {
    await using hub = openTestHub();
    for (const key of ['living', 'dead']) await hub.request('POST', `entities/box/${key}?op=set`, 1);
    await hub.hub.whenIdle();
    await hub.request('POST', 'entities/box/dead?op=destruct');
    await hub.hub.whenIdle();
    expect((await hub.request('GET', 'entities/box/dead')).status).toBe(404);
    for (const key of ['living', 'dead']) {
      expect((await hub.request('DELETE', `instances/@box@${key}`)).json).toEqual({ instancesDeleted: 1 });
      expect((await hub.request('GET', `instances/@box@${key}`)).status).toBe(404);
    }
    expect((await hub.request('GET', 'entities/box/living')).status).toBe(404);
    expect((await hub.request('DELETE', 'instances/@box@living')).json).toEqual({ instancesDeleted: 0 });
  });

  it('by filter takes the terminal statuses named, and no other', async () => {
    await using hub = openTestHub();
    await startOneOfEach(hub);
    expect((await purge(hub, 'Terminated,Running')).json).toEqual({ instancesDeleted: 1 });
    expect((await purge(hub, 'Failed')).status).toBe(404);
    expect((await purge(hub, 'Completed')).json).toEqual({ instancesDeleted: 1 });
    expect((await hub.status('running')).runtimeStatus).toBe('Running');
    expect((await hub.request('GET', 'entities/box/k')).status).toBe(200);
  });

  it.each(['', 'Running', 'Pending,Suspended', 'Nonsense'])(
    'by filter takes everything when no terminal status is named, but "%s" (row 12; AzureTableTrackingStore.cs)',
    async (statuses) => {
      await using hub = openTestHub();
      await startOneOfEach(hub);
      expect((await purge(hub, statuses)).json).toEqual({ instancesDeleted: 4 });
      expect((await hub.request('GET', 'instances')).json).toEqual([]);
      expect((await hub.request('GET', 'entities/box/k')).status).toBe(404);
    },
  );
});

function purge(hub: TestHub, statuses: string): Promise<Answer> {
  return hub.request('DELETE', `instances?createdTimeFrom=2025-01-01T00:00:00Z&runtimeStatus=${statuses}`);
}

/** One that runs, one that is completed, one that is terminated, and an entity. */
async function startOneOfEach(hub: TestHub): Promise<void> {
  await hub.start('waitsHere', 1, 'running');
  await hub.start('callsIdentity', 1, 'completed');
  await hub.start('waitsHere', 1, 'terminated');
  await hub.request('POST', 'entities/box/k?op=set', 1);
  await hub.hub.whenIdle();
  await hub.request('POST', 'instances/terminated/terminate?reason=x');
  await hub.hub.whenIdle();
}

it('the history shows what failed, what was raised and which timer fired', async () => {
  df.app.orchestration('breaksInside', function* () {
    throw new Error('inside');
  });
  df.app.orchestration('doesMuch', function* (context) {
    yield context.df.waitForExternalEvent('go');
    yield context.df.createTimer(new Date(START_MS + 1000));
    yield context.df.callSubOrchestrator('breaksInside', {}, 'inner');
  });
  await using hub = openTestHub();
  await hub.start('doesMuch', 1, 'a');
  await hub.hub.whenIdle();
  await hub.request('POST', 'instances/a/raiseEvent/go', { z: 1 });
  await hub.finish('a');
  const { historyEvents } = await hub.status('a', 'showHistory=true&showHistoryOutput=true&showInput=false');
  expect(historyEvents).toMatchObject([
    { EventType: 'ExecutionStarted', FunctionName: 'doesMuch' },
    { EventType: 'EventRaised', Name: 'go', Input: '{"z":1}' },
    { EventType: 'TimerCreated', FireAt: '2026-01-01T00:00:01.000Z' },
    { EventType: 'TimerFired', FireAt: '2026-01-01T00:00:01.000Z' },
    {
      EventType: 'SubOrchestrationInstanceFailed',
      FunctionName: 'breaksInside',
      Reason: "Orchestrator function 'breaksInside' failed: inside",
    },
    { EventType: 'ExecutionCompleted', OrchestrationStatus: 'Failed' },
  ]);
});
