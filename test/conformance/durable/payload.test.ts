import { expect, it } from 'vitest';
import { z } from 'zod';
import { df, openTestHub, registeredFunctions } from './fixture.ts';

df.app.activity('sayHello', { handler: (name: string) => `Hello ${name}!` });
df.app.orchestration('hello', function* (context) {
  const greeting: unknown = yield context.df.callActivity('sayHello', 'Tokyo');
  return greeting;
});
df.app.entity('tally', (context) => {
  context.df.setState(Number(context.df.getState(() => 0)) + 1);
  context.df.return(context.df.getState());
});

const Timestamp = '2026-01-01T00:00:00.000Z';

// On azure-storage an episode or a batch may run twice, which is not what the payloads are compared for: hence `gentle`.

it('an orchestrator gets its whole history, of which the last episode is new', async () => {
  const payloads: unknown[] = [];
  const invoker = { ...registeredFunctions, orchestrator: recording };
  await using hub = openTestHub({ platform: 'gentle', invoker });
  await hub.finish(await hub.start('hello', { any: 'json' }, 'abc'));
  const executionId = hub.hub.client.findInstance('abc')?.executionId;
  const first = (IsPlayed: boolean) => [
    { EventType: 12, EventId: -1, Timestamp, IsPlayed },
    {
      EventType: 0,
      EventId: -1,
      Timestamp,
      IsPlayed,
      OrchestrationInstance: { InstanceId: 'abc', ExecutionId: executionId },
      ParentInstance: null,
      Name: 'hello',
      Version: null,
      Input: '{"any":"json"}',
      Tags: null,
    },
  ];
  const settings = {
    input: { any: 'json' },
    instanceId: 'abc',
    parentInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  };
  expect(payloads).toEqual([
    { history: first(false), isReplaying: false, ...settings },
    {
      history: [
        ...first(true),
        { EventType: 4, EventId: 0, Timestamp, IsPlayed: true, Name: 'sayHello', Version: '', Input: null },
        { EventType: 13, EventId: -1, Timestamp, IsPlayed: true },
        { EventType: 12, EventId: -1, Timestamp, IsPlayed: false },
        { EventType: 5, EventId: -1, Timestamp, IsPlayed: false, TaskScheduledId: 0, Result: '"Hello Tokyo!"' },
      ],
      isReplaying: true,
      ...settings,
    },
  ]);

  function recording(...parameters: Parameters<typeof registeredFunctions.orchestrator>): Promise<string> {
    payloads.push(JSON.parse(parameters[1]));
    return registeredFunctions.orchestrator(...parameters);
  }
});

it('an entity gets its state and the operations that wait, each as JSON text', async () => {
  const payloads: unknown[] = [];
  const invoker = { ...registeredFunctions, entity: recording };
  await using hub = openTestHub({ platform: 'gentle', invoker });
  await Promise.all([
    hub.request('POST', 'entities/Tally/K?op=count', { by: 1 }),
    hub.request('POST', 'entities/Tally/K?op=count'),
  ]);
  await hub.hub.whenIdle();
  await hub.request('POST', 'entities/Tally/K?op=count', 3);
  await hub.hub.whenIdle();
  const self = { name: 'tally', key: 'K' };
  expect(payloads).toEqual([
    {
      self,
      exists: false,
      state: null,
      batch: [
        { name: 'count', input: '{"by":1}', isSignal: true },
        { name: 'count', input: null, isSignal: true },
      ],
    },
    { self, exists: true, state: '2', batch: [{ name: 'count', input: '3', isSignal: true }] },
  ]);

  function recording(...parameters: Parameters<typeof registeredFunctions.entity>): Promise<string> {
    payloads.push(JSON.parse(parameters[1]));
    return registeredFunctions.entity(...parameters);
  }
});

it('an entity call and its answer meet in history by the id of the request', async () => {
  df.app.orchestration('asksTally', function* (context) {
    const count: unknown = yield context.df.callEntity(new df.EntityId('tally', 'K'), 'count', { by: 1 });
    return count;
  });
  await using hub = openTestHub();
  await hub.finish(await hub.start('asksTally', null, 'abc'));
  const history = hub.hub.client.history('abc');
  const sent = history.find((event) => 'InstanceId' in event && event.InstanceId === '@tally@K');
  expect(sent).toMatchObject({ EventType: 14, EventId: 0, Name: 'op' });
  const request = requestMessage.parse(sent && 'Input' in sent ? JSON.parse(String(sent.Input)) : undefined);
  expect(request).toEqual({
    op: 'count',
    input: '{"by":1}',
    id: request.id,
    parent: 'abc',
    parentExecution: hub.hub.client.findInstance('abc')?.executionId,
  });
  const raised = history.find(({ EventType }) => EventType === 15);
  expect(raised).toMatchObject({ Name: request.id, Input: '{"result":"1"}' });
});

const requestMessage = z.looseObject({ id: z.string().regex(/^[0-9a-f-]{36}$/) });
