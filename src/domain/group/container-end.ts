import { z } from 'zod';
import { openObject } from '../open-shape.ts';
import { instantSchema } from '../time.ts';

/** How a container of a group ended, or keeps ending, when an inspection found it. */
export const containerEndSchema = openObject({
  /** When it was found. */
  at: instantSchema,
  containerName: z.string(),
  exitCode: z.int().exactOptional(),
  /** In ACI's word: Completed, Error, OOMKilled, … */
  reason: z.string().exactOptional(),
  restartCount: z.int(),
  /** The last of what it wrote, oldest first, without the secrets that are known of the group; absent where they could not be read or are left out. */
  lastLines: z.array(z.string()).exactOptional(),
});
export type ContainerEnd = z.infer<typeof containerEndSchema>;

const containerRestartsSchema = openObject({
  name: z.string(),
  /** At the beginning of the window. */
  before: z.int(),
  /** At the last look that showed another count than the look before. */
  count: z.int(),
});

/** How often the containers of a group were restarted: what tells a crash from a crash loop. */
export const restartsSchema = openObject({
  /** When the window began within which restarts are counted together. */
  since: instantSchema,
  /** Those that were ever restarted. */
  containers: z.array(containerRestartsSchema),
});
export type Restarts = z.infer<typeof restartsSchema>;
