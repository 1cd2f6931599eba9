import { app } from '@azure/functions';
import * as df from 'durable-functions';

df.app.activity('shout', {
  handler: (input: unknown, context) => ({
    input: input ?? null,
    type: typeof input,
    instanceId: context.triggerMetadata?.['instanceId'],
  }),
});
df.app.activity('text', { handler: (input: string) => `{"text":"${input}"}` });
df.app.activity('nothing', { handler: () => undefined });
df.app.activity('fails', {
  handler: () => {
    throw new Error('the activity failed');
  },
});

df.app.orchestration('inputs', function* (context) {
  const outputs: unknown[] = [];
  for (const input of ['s', 5, true, false, { a: 1 }, [1], null]) {
    outputs.push(yield context.df.callActivity('shout', input));
  }
  const text: unknown = yield context.df.callActivity('text', 'x');
  const nothing: unknown = yield context.df.callActivity('nothing');
  return [...outputs, text, nothing];
});
df.app.orchestration('broken', function* (context) {
  yield context.df.callActivity('fails');
});
df.app.orchestration('waits', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 3_600_000));
  const event: unknown = yield context.df.waitForExternalEvent('go');
  return event;
});

df.app.entity('counter', (context: df.EntityContext<number>) => {
  const state = context.df.getState(() => 0) ?? 0;
  const { amount } = context.df.getInput<{ amount: number }>() ?? { amount: 0 };
  context.df.setState(state + amount);
});

app.post('start', {
  route: 'start/{name}',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const id = await client.startNew(request.params['name'] ?? '', { input: { from: 'client' } });
    return client.createCheckStatusResponse(request, id);
  },
});
app.post('add', {
  extraInputs: [df.input.durableClient()],
  handler: async (_, context) => {
    const client = df.getClient(context);
    await client.signalEntity(new df.EntityId('counter', 'one'), 'add', { amount: 2 });
    return { status: 202 };
  },
});
app.get('count', {
  extraInputs: [df.input.durableClient()],
  handler: async (_, context) => {
    const { entityExists, entityState } = await df
      .getClient(context)
      .readEntityState(new df.EntityId('counter', 'one'));
    return { jsonBody: { entityExists, entityState: entityState ?? null } };
  },
});
