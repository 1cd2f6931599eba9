import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { HttpRequest, InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { durableClientPayload } from '../../../local/host/durable/http/client-binding.ts';
import { createManagementApi } from '../../../local/host/durable/http/management-api.ts';
import { START_MS, df, openTestHub } from './fixture.ts';
import type { TestHub } from './fixture.ts';

df.app.orchestration('returnsInput', function* (context) {
  const input: unknown = context.df.getInput();
  return { input };
});
df.app.orchestration('waitsForGo', function* (context) {
  const event: unknown = yield context.df.waitForExternalEvent('go');
  return { event };
});
df.app.orchestration('breaksAtOnce', function* () {
  throw new Error('broken');
});
df.app.entity('list', (context) => {
  const items = z.array(z.unknown()).parse(context.df.getState(() => []));
  context.df.setState([...items, context.df.getInput()]);
});

/** The client of the library, over a real socket, as an app has it. */
let client: DurableClient;
let hub: TestHub;
const server = createServer();

beforeAll(async () => {
  hub = openTestHub();
  const port = await listen(createManagementApi(hub.hub));
  process.env['WEBSITE_HOSTNAME'] = '127.0.0.1:7071';
  const input = df.input.durableClient();
  const context = new InvocationContext({ functionName: 'test', invocationId: '1', options: { extraInputs: [input] } });
  const origin = 'http://127.0.0.1:7071';
  const rpcBaseUrl = `http://127.0.0.1:${port}/rpc/`;
  const payload = durableClientPayload({ hubName: 'TestHub', origin, systemKey: 'the key', rpcBaseUrl });
  context.extraInputs.set(input, JSON.parse(payload));
  client = df.getClient(context);
});

async function listen(api: ReturnType<typeof createManagementApi>): Promise<number> {
  const answer: RequestListener = (request, response) => {
    void handle(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  };
  server.on('request', answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;

  async function handle(request: IncomingMessage) {
    const url = new URL(request.url ?? '/', 'http://host');
    return api({
      method: request.method ?? 'GET',
      path: url.pathname.replace('/rpc/', ''),
      query: url.searchParams,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: await buffer(request),
      origin: 'http://127.0.0.1:7071',
      systemKey: 'the key',
    });
  }
}

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await hub.hub.stop();
});

describe('the durable client', () => {
  it('starts an orchestration with an input and reads its status', async () => {
    const id = await client.startNew('returnsInput', { input: { z: 1 } });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await hub.hub.whenIdle();
    const status = await client.getStatus(id);
    expect(status).toMatchObject({ name: 'returnsInput', instanceId: id, runtimeStatus: 'Completed', input: { z: 1 } });
    expect(status.output).toEqual({ input: { z: 1 } });
    expect(new Date(status.createdTime).getTime()).toBe(START_MS);
  });

  it('starts without an input as the library does: with the empty string', async () => {
    const id = await client.startNew('returnsInput', { instanceId: 'no input: at all' });
    await hub.hub.whenIdle();
    expect((await client.getStatus(id)).output).toEqual({ input: '' });
  });

  it('cannot start what has no valid id, or what runs already', async () => {
    await expect(client.startNew('returnsInput', { instanceId: '@a@b' })).rejects.toThrow(/must not start with @/);
    await client.startNew('waitsForGo', { instanceId: 'singleton' });
    await expect(client.startNew('waitsForGo', { instanceId: 'singleton' })).rejects.toThrow(/already exists/);
  });

  it('replaces an instance that is finished', async () => {
    await client.startNew('returnsInput', { instanceId: 'again', input: 1 });
    await hub.hub.whenIdle();
    await client.startNew('returnsInput', { instanceId: 'again', input: 2 });
    await hub.hub.whenIdle();
    expect((await client.getStatus('again')).output).toEqual({ input: 2 });
  });

  it('throws for the status of an instance that is not there', async () => {
    await expect(client.getStatus('absent')).rejects.toThrow(/404/);
  });

  it('raises events, and finds out who cannot take one', async () => {
    const id = await client.startNew('waitsForGo');
    await client.raiseEvent(id, 'go', { z: 1 });
    await hub.hub.whenIdle();
    expect((await client.getStatus(id)).output).toEqual({ event: { z: 1 } });
    await expect(client.raiseEvent(id, 'go', null)).resolves.toBeUndefined();
    await expect(client.raiseEvent('absent', 'go', 1)).rejects.toThrow(/No instance with ID 'absent' found/);
    const other = await client.startNew('waitsForGo');
    await expect(client.raiseEvent(other, 'go', undefined)).rejects.toThrow(/400/);
  });

  it('terminates, suspends and resumes', async () => {
    const id = await client.startNew('waitsForGo');
    await hub.hub.whenIdle();
    await client.suspend(id, 'pause');
    await hub.hub.whenIdle();
    expect((await client.getStatus(id)).runtimeStatus).toBe('Suspended');
    await expect(client.suspend(id, 'pause')).rejects.toThrow();
    await client.resume(id, 'go on');
    await hub.hub.whenIdle();
    expect((await client.getStatus(id)).runtimeStatus).toBe('Running');
    await client.terminate(id, 'enough');
    await hub.hub.whenIdle();
    expect(await client.getStatus(id)).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
    await expect(client.terminate(id, 'enough')).resolves.toBeUndefined();
    await expect(client.terminate('absent', 'enough')).rejects.toThrow(/absent/);
  });

  it('rewinds what failed, and nothing else', async () => {
    const id = await client.startNew('breaksAtOnce');
    await hub.hub.whenIdle();
    await expect(client.rewind(id, 'try again')).resolves.toBeUndefined();
    await hub.hub.whenIdle();
    expect((await client.getStatus(id)).runtimeStatus).toBe('Failed');
    const waiting = await client.startNew('waitsForGo');
    await expect(client.rewind(waiting, 'try again')).rejects.toThrow();
    await expect(client.rewind('absent', 'try again')).rejects.toThrow(/absent/);
  });

  it('purges one instance, or all of the statuses named', async () => {
    const id = await client.startNew('returnsInput');
    await hub.hub.whenIdle();
    expect((await client.purgeInstanceHistory(id)).instancesDeleted).toBe(1);
    expect((await client.purgeInstanceHistory(id)).instancesDeleted).toBe(0);
    const waiting = await client.startNew('waitsForGo');
    await client.startNew('returnsInput');
    await hub.hub.whenIdle();
    const { instancesDeleted } = await client.purgeInstanceHistoryBy({
      createdTimeFrom: new Date(START_MS - 1000),
      runtimeStatus: [df.OrchestrationRuntimeStatus.Completed],
    });
    expect(instancesDeleted).toBeGreaterThan(0);
    expect((await client.getStatus(waiting)).runtimeStatus).toBe('Running');
  });

  it('lists all instances, page by page, and those of some statuses', async () => {
    const ids = await Promise.all(Array.from({ length: 230 }, () => client.startNew('breaksAtOnce')));
    await hub.hub.whenIdle();
    const failed = await client.getStatusBy({ runtimeStatus: [df.OrchestrationRuntimeStatus.Failed] });
    expect(failed.map(({ instanceId }) => instanceId)).toEqual(expect.arrayContaining(ids));
    expect(failed.every(({ runtimeStatus }) => runtimeStatus === df.OrchestrationRuntimeStatus.Failed)).toBe(true);
    const all = await client.getStatusAll();
    expect(new Set(all.map(({ instanceId }) => instanceId)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(failed.length);
  });

  it('signals entities and reads them', async () => {
    const id = new df.EntityId('list', 'My Key');
    expect(await client.readEntityState(id)).toMatchObject({ entityExists: false });
    await client.signalEntity(id, 'append', { z: 1 });
    await hub.hub.whenIdle();
    const { entityExists, entityState } = await client.readEntityState(id);
    // A client's signal may come twice (row 1 of the unkind host).
    expect([entityExists, entityState]).toEqual([true, expect.arrayContaining([{ z: 1 }])]);
    await expect(client.signalEntity(new df.EntityId('nowhere', 'k'), 'op')).rejects.toThrow(/doesn't exist/);
  });

  it('makes management URLs that lead back to the host', async () => {
    const payload = client.createHttpManagementPayload('some-id');
    expect(payload.statusQueryGetUri).toBe(
      'http://127.0.0.1:7071/runtime/webhooks/durabletask/instances/some-id?taskHub=TestHub&connection=Storage&code=the%20key',
    );
    expect(payload.sendEventPostUri).toContain('/instances/some-id/raiseEvent/{eventName}?');
    const request = new HttpRequest({ method: 'POST', url: 'https://public.example/api/start' });
    const response = client.createCheckStatusResponse(request, 'some-id');
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/public\.example\/runtime\/webhooks\/durabletask\/instances/,
    );
  });

  it('waits for the outcome, or hands out the URLs', async () => {
    const request = new HttpRequest({ method: 'POST', url: 'http://127.0.0.1:7071/api/start' });
    const id = await client.startNew('returnsInput', { input: 5 });
    await hub.hub.whenIdle();
    const response = await client.waitForCompletionOrCreateCheckStatusResponse(request, id);
    expect(response).toMatchObject({ status: 200 });
    expect(await response.json()).toEqual({ input: 5 });
  });
});
