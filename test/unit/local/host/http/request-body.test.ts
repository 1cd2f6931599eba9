import { once } from 'node:events';
import { request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HttpListener, listen } from '../../../../../local/host/http/http-listener.ts';
import { readBody } from '../../../../../local/host/http/request-body.ts';

let listener: HttpListener;
afterEach(() => listener.close());

/** Listens, and resolves with what the first request's body was read as. */
async function readFirst(maxBytes: number): Promise<{ port: number; outcome: Promise<string | undefined> }> {
  const { promise: outcome, resolve, reject } = Promise.withResolvers<string | undefined>();
  listener = await listen({
    port: 0,
    handle: async (request, response) => {
      try {
        resolve((await readBody(request, maxBytes))?.toString());
      } catch (error) {
        reject(error);
      }
      response.end();
    },
  });
  return { port: listener.port, outcome };
}

test('a body in pieces is put together', async () => {
  const { port, outcome } = await readFirst(100);
  const sent = sendRequest({ port, host: '127.0.0.1', method: 'POST' });
  sent.write('one ');
  sent.end('two');
  expect(await outcome).toBe('one two');
});

test('a body of exactly the limit passes', async () => {
  const { port, outcome } = await readFirst(4);
  sendRequest({ port, host: '127.0.0.1', method: 'POST' }).end('1234');
  expect(await outcome).toBe('1234');
});

test('a body that grows beyond the limit without having announced it is refused', async () => {
  const { port, outcome } = await readFirst(4);
  const sent = sendRequest({ port, host: '127.0.0.1', method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
  sent.on('error', () => undefined);
  sent.write('123');
  sent.write('45');
  expect(await outcome).toBeUndefined();
  sent.destroy();
});

test('a sender that breaks off is an error, not a shorter body', async () => {
  const { port, outcome } = await readFirst(100);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n123');
  socket.resetAndDestroy();
  await expect(outcome).rejects.toThrow();
});
