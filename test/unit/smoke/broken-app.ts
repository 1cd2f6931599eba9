import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { optionsFor } from './options-fixture.ts';
import { runSmoke } from '../../../smoke/run-smoke.ts';

/** What a stand-in for an app answers to a function, as status, body and headers. */
export type Reply = (name: string, request: { method: string; query: URLSearchParams; body: unknown }) => Answered;
type Answered = readonly [status: number, body?: unknown, headers?: Record<string, string>];

/** Runs the smoke test against an app that answers so, and resolves with the exit code and what was printed. */
export async function smokeAgainst(
  reply: Reply,
  { whenAsked }: { whenAsked?: (stop: () => void) => void } = {},
): Promise<{ exitCode: number; output: string }> {
  const server = createServer((request, response) => void answer(request, response, reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const stop = new AbortController();
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  whenAsked?.(() => stop.abort());
  const options = optionsFor(origin);
  try {
    const exitCode = await runSmoke(options, { stop: stop.signal, giveUp: new AbortController().signal, print });
    return { exitCode, output: lines.join('\n') };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { method = '', url = '' } = request;
  const { pathname, searchParams: query } = new URL(url, 'http://host');
  const body = method === 'GET' ? undefined : await json(request).catch(() => undefined);
  const [status, sent, headers] = reply(pathname.replace(/^\/api\//, ''), { method, query, body });
  const type = typeof sent === 'object' ? 'application/json' : 'text/html';
  response.writeHead(status, { 'content-type': type, 'x-request-id': crypto.randomUUID(), ...headers });
  response.end(typeof sent === 'object' ? JSON.stringify(sent) : sent);
}
