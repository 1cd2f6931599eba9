import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Clock } from '../../clock/clock.ts';
import type { Activity } from './activity.ts';
import type { ArmDispatcher, IncomingArmRequest } from './arm-dispatcher.ts';
import { requestContentTooLarge } from '../wire/arm-errors.ts';
import { StorageUnavailable } from '../../sqlite/storage-error.ts';
import { type ArmReply, errorReply } from '../wire/arm-reply.ts';
import type { Certificates } from './certificates.ts';
import { listenOnLoopback } from './loopback.ts';
import type { SeededRandom } from '../faults/seeded-random.ts';

/** learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-request-entity-too-large */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** ARM keeps a client's connection for minutes; one that is closed under a pooled request breaks it. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

/** A listening server; requests wait until it has a dispatcher. */
export interface ArmServer {
  port: number;
  serve(dispatcher: ArmDispatcher): void;
  stop(): Promise<void>;
  /** How many answers wait for the clock. */
  heldAnswers(): number;
}

/** What the server is started with. */
export interface ArmServerOptions {
  port: number;
  certificates: Certificates;
  clock: Clock;
  random: SeededRandom;
  activity: Activity;
  log: (line: string) => void;
}

/** Starts the TLS server on 127.0.0.1. Its answers take as long as the dispatcher says, by the clock. */
export async function startArmServer(options: ArmServerOptions): Promise<ArmServer> {
  const { clock, random, activity } = options;
  const ready = Promise.withResolvers<ArmDispatcher>();
  // Part of what makes ids unique: a second run with the same seed must not give its operations the ids of the first.
  const startedMs = clock.now();
  let requestNumber = 0;
  let heldCount = 0;
  const { key, certificate: cert } = options.certificates;
  const server = createServer({ key, cert, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, (request, response) => {
    void answer(request, response).catch((error: unknown) => {
      // A client that went away in the middle of its request is nothing to tell.
      if (request.destroyed && !request.complete) return;
      options.log(`ARM request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      response.destroy();
    });
  });
  const port = await listenOnLoopback(server, options.port);
  return { port, serve: ready.resolve, stop, heldAnswers: () => heldCount };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = activity.begin();
    try {
      const dispatcher = await ready.promise;
      const body = await readBody(request);
      const requestId = random.uuid('request', startedMs, requestNumber++);
      const correlationId = random.uuid('correlation', requestId);
      const reply =
        body === undefined
          ? errorReply(requestContentTooLarge(MAX_BODY_BYTES))
          : await dispatch(dispatcher, {
              method: request.method ?? 'GET',
              url: new URL(request.url ?? '/', `https://127.0.0.1:${port}`),
              authorization: request.headers.authorization,
              body,
              requestId,
              correlationId,
              clientRequestId: headerOf(request, 'x-ms-client-request-id'),
            });
      const send = (): void => {
        if (reply.isReset) response.destroy();
        else sendReply(response, reply, requestId, correlationId, clock.now());
      };
      if (reply.delayMs) {
        heldCount += 1;
        clock.schedule(clock.now() + reply.delayMs, () => {
          heldCount -= 1;
          send();
        });
      } else {
        send();
      }
    } finally {
      // An answer that waits for the clock is nothing to wait for in real time.
      end();
    }
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

/** While the emulator can't keep what it does, it does nothing; the SDK tries again after a 503. */
async function dispatch(dispatcher: ArmDispatcher, request: IncomingArmRequest): Promise<ArmReply> {
  try {
    return await dispatcher.dispatch(request);
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    const message = 'The service is temporarily unavailable.';
    return errorReply({ status: 503, code: 'ServiceUnavailable', message, retryAfterSeconds: 1 });
  }
}

/** Reads the body; undefined when it is too large, and then the rest is thrown away. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a request without an encoding gives buffers
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** The headers of every answer (recordings of Azure's SDK tests). */
function sendReply(
  response: ServerResponse,
  reply: ArmReply,
  requestId: string,
  correlationId: string,
  nowMs: number,
): void {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  response.writeHead(reply.status, {
    'Cache-Control': 'no-cache',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': correlationId,
    'x-ms-routing-request-id': `LOCAL:${time}:${requestId}`,
    ...(reply.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    ...reply.headers,
  });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}
