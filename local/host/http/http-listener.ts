import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StartError } from '../start-error.ts';
import { answerEmpty } from './answer.ts';

/** As long as Kestrel's default, so that a client's pooled connection isn't closed under its hands (learn.microsoft.com/dotnet/api/microsoft.aspnetcore.server.kestrel.core.kestrelserverlimits.keepalivetimeout). */
const KEEP_ALIVE_TIMEOUT_MS = 130_000;

/** Answers one request; it must not reject. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server on loopback. */
export interface HttpListener {
  port: number;
  /**
   * Takes no new connection and ends the idle ones; resolves once the open requests are answered. What is still open after `graceMs` is answered
   * 503: whoever waits learns more from that than from a connection that breaks.
   */
  drain(graceMs: number): Promise<void>;
  /** Takes no new connection and cuts whatever connection is left. */
  close(): void;
}

/** Listens on 127.0.0.1; port 0 means any. Throws a `StartError` when the port is taken or not allowed. */
export async function listen({ port, handle }: { port: number; handle: HttpHandler }): Promise<HttpListener> {
  let isDraining = false;
  const open = new Set<ServerResponse>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, noDelay: true }, (request, response) => {
    // A kept connection is idle once its answer is out; nobody would close it before its time is up.
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (isDraining) setImmediate(() => server.closeIdleConnections());
    });
    void handle(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new StartError(messageOf(error, port), { cause: error })));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`A TCP server has the address ${String(address)}.`);
  }
  return {
    port: address.port,
    async drain(graceMs) {
      isDraining = true;
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      const timeout = setTimeout(() => {
        for (const response of open) giveUp(response);
      }, graceMs);
      await closed;
      clearTimeout(timeout);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An answer that has begun can only be cut. */
function giveUp(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else answerEmpty(response, 503, { connection: 'close', 'retry-after': '1' });
}

function messageOf(error: Error, port: number): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} on 127.0.0.1 is in use by another process; choose another one.`;
  if (code === 'EACCES') return `Port ${port} on 127.0.0.1 may not be used by this user; choose one above 1023.`;
  return `Can't listen on 127.0.0.1:${port}: ${error.message}`;
}
