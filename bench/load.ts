import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** What the load generator is to send: session reports for the groups `game-0` to `game-<groupCount - 1>` by turns. */
export const loadOrderSchema = z.object({
  url: z.url(),
  groupCount: z.int().positive(),
  /** Requests that are under way at any time, each on a connection of its own that is kept. */
  concurrency: z.int().positive(),
  durationMs: z.number().positive(),
});
/** What the load generator is to send. */
export type LoadOrder = z.infer<typeof loadOrderSchema>;

const loadResultSchema = z.object({ perSecond: z.number(), medianMs: z.number(), p99Ms: z.number() });
/** Reports accepted in a second, and how long one took. */
export type LoadResult = z.infer<typeof loadResultSchema>;

const messageSchema = z.union([z.object({ result: loadResultSchema }), z.object({ error: z.string() })]);

/** Sends load from a process of its own; rejects when a single report is not accepted. */
export async function sendLoad(order: LoadOrder): Promise<LoadResult> {
  const generator = fork(new URL('load-generator.ts', import.meta.url));
  generator.send(order);
  const [message]: unknown[] = await Promise.race([
    once(generator, 'message'),
    once(generator, 'exit').then(([code]) => [{ error: `The load generator ended with exit code ${code}.` }]),
  ]);
  const outcome = messageSchema.parse(message);
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome.result;
}
