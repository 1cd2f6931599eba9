import { z } from 'zod';

/** What a worker is asked to run. */
export const jobSchema = z.object({ seed: z.number(), isShort: z.boolean(), bug: z.string().optional() });
export type Job = z.infer<typeof jobSchema>;

/** What has become of it. */
export const resultSchema = z.object({
  seed: z.number(),
  cpuSeconds: z.number(),
  summary: z.string(),
  /** The names of the invariants that did not hold. */
  broken: z.array(z.string()),
  report: z.string(),
});
export type Result = z.infer<typeof resultSchema>;

/** The command that repeats a run. */
export function repeatCommand({ seed, isShort, bug }: Job): string {
  return `npm run campaign -- --runs 1 --seed ${seed}${isShort ? ' --short' : ''}${bug === undefined ? '' : ` --bug ${bug}`}`;
}
