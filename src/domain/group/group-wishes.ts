import { z } from 'zod';
import { defined } from '../defined.ts';
import { openEnum, openObject } from '../open-shape.ts';

/** How many sessions a group may report: far above any server, far below what arithmetic could lose. */
export const MAX_SESSIONS = 1_000_000;

/** From which silence of its server on a group that runs is given up. */
const healthSchema = openObject({
  /** Between two reports of the server, at the most. */
  heartbeatSeconds: z.int(),
  /** How many of them may be missing. */
  failureThreshold: z.int(),
  /** How long after it came to run the first one is not missed yet. */
  initialDelaySeconds: z.int(),
});

/** What a creator may say of a group beside its spec. A new wish is a line here, and a bound in the request. */
export const groupWishes = {
  maxSessions: z.int().exactOptional(),
  /** The caller's own words on the group. */
  labels: z.record(z.string(), z.string()).exactOptional(),
  /** From its creation on; then it is marked, and goes once nobody plays on it. */
  maxLifetimeSeconds: z.int().exactOptional(),
  /** After so long without a session it is marked. */
  idleSeconds: z.int().exactOptional(),
  health: healthSchema.exactOptional(),
  /** `report`: it is `Running` only once its server has reported. */
  readiness: openEnum(z.enum(['report'])).exactOptional(),
};
export type GroupWishes = z.infer<z.ZodObject<typeof groupWishes>>;

/** The wishes among other fields. */
export function wishesOf(given: GroupWishes): GroupWishes {
  const { maxSessions, labels, maxLifetimeSeconds, idleSeconds, health, readiness } = given;
  return defined({ maxSessions, labels, maxLifetimeSeconds, idleSeconds, health, readiness });
}
