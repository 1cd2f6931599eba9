import http from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askExtension } from '../../../src/durable/ask-extension.ts';
import { createDurableWebApi } from '../../../src/durable/web-api.ts';

let server: http.Server;
let origin = '';
let isSilent = false;

beforeEach(async () => {
  isSilent = false;
  server = http.createServer((_request, response) => {
    if (!isSilent) {
      response.writeHead(202).end('{}');
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
});

afterEach(() => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

test('an extension that does not answer is waited for no longer than the caller says', async () => {
  isSilent = true;
  const asked = askExtension(new URL(origin), { timeoutMs: 20 });
  await expect(asked).rejects.toThrow('The durable extension has not answered in 20 ms.');
});

test('a signal is given up sooner than a read, since what comes after it waits for it', async () => {
  const request = vi.spyOn(http, 'request');
  const api = createDurableWebApi({ rpcBaseUrl: `${origin}/`, baseUrl: origin, requiredQueryStringParameters: '' });
  await api.signalEntity('containerGroup', 'games:game-1', 'reportSessions', {});
  await api.readEntity('containerGroup', 'games:game-1');
  expect(request.mock.calls.map(([, options]) => options)).toMatchObject([{ timeout: 30_000 }, { timeout: 240_000 }]);
});
