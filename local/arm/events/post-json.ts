import type { Agent } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import { http } from '../server/http-module.ts';

/** How a delivery ended: with an answer, or without one. */
export type PostOutcome = { status: number; body: string } | { failure: string };

/** Largest answer that is read; a webhook has little to say. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Posts a JSON document to a plain http address and waits for the answer, for as long as the clock allows. */
export function postJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  document: unknown,
  { agent, clock, timeoutMs }: { agent: Agent; clock: Clock; timeoutMs: number },
): Promise<PostOutcome> {
  const content = JSON.stringify(document);
  return new Promise((resolve) => {
    const sent = http.request(url, {
      method: 'POST',
      agent,
      headers: {
        ...headers,
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(content),
      },
    });
    const timeout = clock.schedule(clock.now() + timeoutMs, () =>
      sent.destroy(new Error(`no answer within ${timeoutMs} ms`)),
    );
    const end = (outcome: PostOutcome): void => {
      timeout[Symbol.dispose]();
      resolve(outcome);
    };
    sent.on('error', (error) => end({ failure: error.message || String(error) }));
    sent.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < MAX_ANSWER_BYTES) body += chunk;
      });
      response.on('error', (error) => end({ failure: error.message }));
      response.on('end', () => end({ status: response.statusCode ?? 0, body }));
    });
    sent.end(content);
  });
}
