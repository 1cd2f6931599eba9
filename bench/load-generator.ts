import { Agent, request } from 'node:http';
import { idOf } from './game.ts';
import { type LoadOrder, loadOrderSchema, type LoadResult } from './load.ts';

/**
 * Sends the reports, one to a request. It runs in a process of its own (see `sendLoad`), so that making requests takes no time from
 * answering them.
 */
async function generate(order: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.concurrency });
  const latenciesMs: number[] = [];
  let sent = 0;
  const startedMs = performance.now();
  const endsMs = startedMs + order.durationMs;
  const sendOneByOne = async (): Promise<void> => {
    while (performance.now() < endsMs) {
      const beforeMs = performance.now();
      await report(order, agent, sent++);
      latenciesMs.push(performance.now() - beforeMs);
    }
  };
  await Promise.all(Array.from({ length: order.concurrency }, sendOneByOne));
  const seconds = (performance.now() - startedMs) / 1_000;
  agent.destroy();
  latenciesMs.sort((a, b) => a - b);
  const share = (part: number): number => latenciesMs[Math.floor(latenciesMs.length * part)] ?? Number.NaN;
  return { perSecond: latenciesMs.length / seconds, medianMs: share(0.5), p99Ms: share(0.99) };
}

/**
 * Rejects when the report is not accepted: a rate of refusals would be no result. One of several that are under way for a group may be overtaken, and is
 * stale then.
 */
function report({ url, groupCount }: LoadOrder, agent: Agent, number: number): Promise<void> {
  const body = JSON.stringify({ ...idOf(number % groupCount), activeSessions: number % 1_000 });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => {
        if (response.statusCode === 200 && /"status":"(?:accepted|stale)"/.test(text)) resolve();
        else reject(new Error(`${url} answered ${response.statusCode} to report ${number}: ${text.slice(0, 500)}`));
      });
    });
    sending.on('error', reject).end(body);
  });
}

process.once('message', (message) => {
  void answer(message);
});

async function answer(message: unknown): Promise<void> {
  const outcome = await generate(loadOrderSchema.parse(message)).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: String(error) }),
  );
  process.send?.(outcome, () => process.disconnect());
}
