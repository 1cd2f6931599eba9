import { Agent, request as sendRequest } from 'node:http';
import { expect, test } from 'vitest';
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
  const drained = listener.drain().then(() => (isDrained = true));
  expect(isDrained).toBe(false);
  answer(undefined);
  expect(await asked).toBe(200);
  await drained;
  await expect(ask(listener.port, agent)).rejects.toThrow();
});

test('a port that is taken is named', async () => {
  const listener = await listen({ port: 0, handle: async () => undefined });
  await expect(listen({ port: listener.port, handle: async () => undefined })).rejects.toThrow(
    `Port ${listener.port} on 127.0.0.1 is in use by another process; choose another one.`,
  );
  listener.close();
});
