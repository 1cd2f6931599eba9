import { z } from 'zod';

/** What the keeper is told. Ids are the teller's. */
export const toKeeperSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    id: z.number(),
    command: z.string(),
    args: z.array(z.string()),
    directory: z.string(),
    environment: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.literal('signal'), id: z.number(), signal: z.enum(['SIGTERM', 'SIGKILL']) }),
]);

/** What the keeper tells. `ended` comes once, after the last output. */
export const fromKeeperSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), id: z.number(), pid: z.number() }),
  z.object({
    type: z.literal('output'),
    id: z.number(),
    stream: z.enum(['stdout', 'stderr']),
    chunk: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.object({ type: z.literal('ended'), id: z.number(), exitCode: z.number() }),
]);

/** A message to the keeper. */
export type ToKeeper = z.infer<typeof toKeeperSchema>;

/** A message of the keeper. */
export type FromKeeper = z.infer<typeof fromKeeperSchema>;
