import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { df, openTestHub } from './fixture.ts';

df.app.activity('double', { handler: (n: number) => 2 * n });
df.app.orchestration('doubles', function* (context) {
  const n: unknown = context.df.getInput();
  const result: unknown = yield context.df.callActivity('double', n);
  return result;
});
df.app.orchestration('sleeps', function* (context) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 10_000));
  return 'slept';
});
df.app.orchestration('breaks', function* () {
  throw new Error('broken');
});

describe('starting', () => {
  it('answers 202 with the management URLs', async () => {
    await using hub = openTestHub();
    const answer = await hub.request('POST', 'orchestrators/doubles/my-id', 21);
    expect(answer.status).toBe(202);
    expect(answer.headers['Retry-After']).toBe('10');
    expect(answer.headers['Location']).toContain('/instances/my-id?');
    expect(Object.keys(z.record(z.string(), z.string()).parse(answer.json))).toEqual([
      'id',
      'statusQueryGetUri',
      'sendEventPostUri',
      'terminatePostUri',
      'rewindPostUri',
      'purgeHistoryDeleteUri',
      'restartPostUri',
      'suspendPostUri',
      'resumePostUri',
    ]);
  });

  it('encodes the id in its URLs and in Location (row 11; HttpApiHandler.cs, GetClientResponseLinks)', async () => {
    await using hub = openTestHub();
    const started = await hub.request('POST', 'orchestrators/sleeps/a%3Ab', 1);
    expect(started.headers['Location']).toContain('/instances/a%3Ab?');
    expect(started.body).toContain('/instances/a%3Ab/rewind?reason={text}&');
    const status = await hub.request('GET', 'instances/a:b');
    expect(status.headers['Location']).toContain('/instances/a%3Ab?');
  });

  it.each([
    ['a body that is not JSON', 'orchestrators/doubles', '{oops', 400, /Invalid JSON content/],
    ['an id that begins with @', 'orchestrators/doubles/%40a%40b', '1', 400, /must not start with @/],
    ['an id with a slash', 'orchestrators/doubles/a%2fb', '1', 400, /must not contain/],
    ['an id of more than 256 characters', `orchestrators/doubles/${'x'.repeat(257)}`, '1', 400, /this one has 257/],
    ['another task hub', 'orchestrators/doubles?taskHub=Other', '1', 400, /'TestHub', not 'Other'/],
  ])('refuses %s', async (what, path, body, status, message) => {
    await using hub = openTestHub();
    await hub.start('sleeps', 1, 'taken');
    await hub.hub.whenIdle();
    const answer = await hub.request('POST', path, body);
    expect(answer.status, what).toBe(status);
    expect(answer.body).toMatch(message);
    expect(answer.json).toHaveProperty('Message');
  });

  it('waits for the end when asked to, and answers with the output', async () => {
    await using hub = openTestHub();
    expect(await hub.request('POST', 'orchestrators/breaks?timeout=10&pollingInterval=11', 'null')).toMatchObject({
      status: 400,
    });
    const waiting = hub.request('POST', 'orchestrators/doubles?timeout=10&pollingInterval=1', 4);
    while (hub.clock.nextAtMs() === undefined) await new Promise(setImmediate);
    await hub.hub.whenIdle();
    hub.clock.advanceTo(hub.clock.now() + 1000);
    expect(await waiting).toMatchObject({ status: 200, json: 8 });
  });

  it('answers 202 when the wait is over before the orchestration is', async () => {
    await using hub = openTestHub();
    const waiting = hub.request('POST', 'orchestrators/sleeps/slow?timeout=2&pollingInterval=1', 'null');
    for (let second = 1; second <= 2; second++) {
      while (hub.clock.nextAtMs() === undefined) await new Promise(setImmediate);
      await hub.hub.whenIdle();
      await new Promise(setImmediate);
      hub.clock.advanceTo(hub.clock.now() + 1000);
      await new Promise(setImmediate);
    }
    expect(await waiting).toMatchObject({ status: 202, json: { id: 'slow' } });
  });
});

describe('the status query', () => {
  it('answers 202 with Location while the instance runs, and 200 after', async () => {
    await using hub = openTestHub();
    await hub.start('sleeps', 1, 'a');
    await hub.hub.whenIdle();
    const running = await hub.request('GET', 'instances/a?taskHub=TestHub&code=k');
    expect(running.status).toBe(202);
    expect(running.headers).toMatchObject({
      'Retry-After': '5',
      Location: 'http://127.0.0.1:7071/runtime/webhooks/durabletask/instances/a?taskHub=TestHub&code=k',
    });
    await hub.finish('a');
    const finished = await hub.request('GET', 'instances/a?SHOWINPUT=false');
    expect(finished).toMatchObject({ status: 200, json: { output: 'slept', input: null, runtimeStatus: 'Completed' } });
    expect(finished.json).not.toHaveProperty('historyEvents');
    expect((await hub.request('GET', 'instances/absent')).status).toBe(404);
  });

  it('answers 500 for a failed instance only when asked to', async () => {
    await using hub = openTestHub();
    await hub.start('breaks', 1, 'a');
    await hub.finish('a');
    expect((await hub.request('GET', 'instances/a')).status).toBe(200);
    expect((await hub.request('GET', 'instances/a?returnInternalServerErrorOnFailure=true')).status).toBe(500);
  });

  it('shows a history made for people', async () => {
    await using hub = openTestHub();
    await hub.start('doubles', 21, 'a');
    await hub.finish('a');
    const Timestamp = '2026-01-01T00:00:00.000Z';
    const { historyEvents } = await hub.status('a', 'showHistory=true&showHistoryOutput=true');
    expect(historyEvents).toEqual([
      { EventType: 'ExecutionStarted', Timestamp, FunctionName: 'doubles', Input: 21 },
      expect.objectContaining({
        EventType: 'TaskCompleted',
        Result: 42,
        ScheduledTime: Timestamp,
        FunctionName: 'double',
      }),
      expect.objectContaining({ EventType: 'ExecutionCompleted', OrchestrationStatus: 'Completed', Result: 42 }),
    ]);
    const without = await hub.status('a', 'showHistory=true');
    expect(without.historyEvents?.[1]).not.toHaveProperty('Result');
  });

  it('lists instances and entities in pages, by prefix, time and status', async () => {
    df.app.entity('thing', (context) => context.df.setState(1));
    // What a page holds is compared, and on azure-storage one may end early.
    await using hub = openTestHub({ platform: 'gentle' });
    for (const id of ['b', 'a', '1', 'a2']) await hub.start('doubles', 1, id);
    await hub.request('POST', 'entities/thing/k?op=set');
    await hub.hub.whenIdle();
    hub.clock.advanceTo(hub.clock.now() + 60_000);
    await hub.start('sleeps', 1, 'late');
    await hub.hub.whenIdle();
    expect(await ids('instances')).toEqual(['1', '@thing@k', 'a', 'a2', 'b', 'late']);
    expect(await ids('instances?instanceIdPrefix=a')).toEqual(['a', 'a2']);
    expect(await ids('instances?createdTimeFrom=2026-01-01T00:00:30Z')).toEqual(['late']);
    expect(await ids('instances?createdTimeTo=2026-01-01T00:00:30Z&runtimeStatus=Completed')).toHaveLength(4);
    expect(await ids('instances?runtimeStatus=Running,Nonsense')).toEqual(['@thing@k', 'late']);
    const pages: string[][] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      const answer = await hub.request('GET', 'instances?top=4', undefined, { 'x-ms-continuation-token': token });
      pages.push(idsOf(answer.json));
      token = answer.headers['x-ms-continuation-token'];
    }
    expect(pages).toEqual([
      ['1', '@thing@k', 'a', 'a2'],
      ['b', 'late'],
    ]);

    async function ids(path: string): Promise<string[]> {
      return idsOf((await hub.request('GET', path)).json);
    }
  });

  it('ignores parameters that it cannot read, but for a purge without a beginning (HttpApiHandler.cs, TryGet…QueryParameterValue)', async () => {
    // What a page holds is compared, and on azure-storage one may end early.
    await using hub = openTestHub({ platform: 'gentle' });
    expect((await hub.request('GET', 'instances?top=none')).status).toBe(200);
    expect((await hub.request('GET', 'instances?createdTimeFrom=yesterday')).status).toBe(200);
    for (const query of ['', '?createdTimeFrom=yesterday']) {
      expect(await hub.request('DELETE', `instances${query}`)).toMatchObject({
        status: 400,
        json: "Please provide value for 'createdTimeFrom' parameter.",
      });
    }
    expect((await hub.request('DELETE', 'instances?createdTimeFrom=2026-01-01T00:00:00Z')).status).toBe(404);
    expect((await hub.request('PATCH', 'instances/a')).status).toBe(404);
    expect((await hub.request('GET', 'nonsense')).status).toBe(404);
  });
});

function idsOf(json: unknown): string[] {
  return z
    .array(z.object({ instanceId: z.string() }))
    .parse(json)
    .map(({ instanceId }) => instanceId);
}

describe('restarting', () => {
  it('starts a new instance with the old name and input', async () => {
    await using hub = openTestHub();
    await hub.start('doubles', 21, 'a');
    await hub.finish('a');
    const answer = await hub.request('POST', 'instances/a/restart');
    expect(answer.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(answer.json);
    expect(id).not.toBe('a');
    expect((await hub.finish(id)).output).toBe(42);
    const same = await hub.request('POST', 'instances/a/restart?restartWithNewInstanceId=false');
    expect(same.json).toMatchObject({ id: 'a' });
    expect((await hub.request('POST', 'instances/absent/restart')).status).toBe(400);
  });
});

describe('event requests', () => {
  it('are refused unless they are JSON for an instance that can still take them', async () => {
    await using hub = openTestHub();
    await hub.start('sleeps', 1, 'a');
    const raise = (body: string | undefined, type: string) =>
      hub.request('POST', 'instances/a/raiseEvent/x', body, { 'content-type': type });
    expect((await raise('1', 'text/plain')).body).toContain('Only application/json request content is supported');
    expect((await raise('', 'application/json')).status).toBe(400);
    expect((await raise('1', 'application/json; charset=utf-8')).status).toBe(202);
    await hub.finish('a');
    expect((await raise('1', 'application/json')).status).toBe(410);
    expect((await hub.request('POST', 'instances/b/raiseEvent/x', '1')).status).toBe(404);
  });
});
