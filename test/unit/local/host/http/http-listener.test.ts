import { once } from 'node:events';
import { Agent, request as sendRequest } from 'node:http';
import { expect, test } from 'vitest';
import { createWorkCounter } from '../../../../../local/host/functions/work-counter.ts';
import { guardHandler } from '../../../../../local/host/http/request-dispatcher.ts';
import { listen } from '../../../../../local/host/http/http-listener.ts';

/** Sends a request over a kept connection; resolves with the status. */
function ask(port: number, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = sendRequest({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('draining waits for the open request, and not for its kept connection', async () => {
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<undefined>();
  const { promise: received, resolve: receive } = Promise.withResolvers<undefined>();
  const listener = await listen({
    port: 0,
    handle: async (_, response) => {
      receive(undefined);
      await mayAnswer;
      response.end();
    },
  });
  const agent = new Agent({ keepAlive: true });
  const asked = ask(listener.port, agent);
  await received;
  let isDrained = false;
  const drained = listener.drain(60_000).then(() => (isDrained = true));
  expect(isDrained).toBe(false);
  answer(undefined);
  expect(await asked).toBe(200);
  await drained;
  await expect(ask(listener.port, agent)).rejects.toThrow();
});

test('who waits for longer than the host does is answered 503, and what comes too late is no error', async () => {
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<undefined>();
  const { promise: received, resolve: receive } = Promise.withResolvers<undefined>();
  const counter = createWorkCounter();
  const lines: string[] = [];
  const listener = await listen({
    port: 0,
    handle: guardHandler(
      async (_, response) => {
        receive(undefined);
        await mayAnswer;
        response.setHeader('content-type', 'text/plain').end('late');
      },
      counter,
      ({ message }) => lines.push(message),
    ),
  });
  const asked = fetch(`http://127.0.0.1:${listener.port}`);
  await received;
  await listener.drain(1);
  const { status, headers } = await asked;
  expect([status, headers.get('connection'), headers.get('retry-after')]).toEqual([503, 'close', '1']);
  answer(undefined);
  await counter.whenIdle();
  expect(lines).toEqual([]);
});

test('an upload that nobody waits for any more is answered 503', async () => {
  const { promise: received, resolve: receive } = Promise.withResolvers<undefined>();
  const listener = await listen({
    port: 0,
    handle: async (request) => {
      receive(undefined);
      await once(request, 'close');
    },
  });
  const sent = sendRequest({
    port: listener.port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { 'content-length': 9 },
  });
  sent.write('part');
  await received;
  const answered = new Promise((resolve) => void sent.on('response', ({ statusCode }) => resolve(statusCode)));
  await listener.drain(1);
  expect(await answered).toBe(503);
});

test('a port that is taken is named', async () => {
  const listener = await listen({ port: 0, handle: async () => undefined });
  await expect(listen({ port: listener.port, handle: async () => undefined })).rejects.toThrow(
    `Port ${listener.port} on 127.0.0.1 is in use by another process; choose another one.`,
  );
  listener.close();
});
