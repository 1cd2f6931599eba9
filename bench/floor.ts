import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** A server that does the least that a session report could cost, in a process of its own. */
export interface Floor extends AsyncDisposable {
  /** Takes reports as ACISetSessions does. */
  url: string;
}

const messageSchema = z.object({ origin: z.url() });

/** Starts the floor that this file serves. */
export async function startFloor(file: URL): Promise<Floor> {
  const child = fork(file);
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(messageSchema.parse(message).origin));
    child.once('exit', () => reject(new Error(`${file.pathname} ended before it served anything.`)));
  });
  return { url: `${origin}/api/ACISetSessions`, [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

const reportSchema = z.object({
  resourceGroup: z.string(),
  containerGroupName: z.string(),
  activeSessions: z.number(),
});
/** A session report, as far as a floor looks at it. */
export type FloorReport = z.infer<typeof reportSchema>;

/** Called in the floor's process: hands each report to `handle`, and answers in the shape of ACISetSessions. */
export async function serveReports(handle: (report: FloorReport) => void | Promise<void>): Promise<void> {
  const origin = await listen((request, response) => {
    const answer = async (): Promise<string> => {
      const report = reportSchema.parse(JSON.parse(await text(request)));
      await handle(report);
      const { resourceGroup, containerGroupName } = report;
      return JSON.stringify({ results: [{ resourceGroup, containerGroupName, status: 'accepted', state: 'Running' }] });
    };
    answer().then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  process.send?.({ origin });
}

/** Serves on a free port of the loopback interface; resolves with the origin. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
