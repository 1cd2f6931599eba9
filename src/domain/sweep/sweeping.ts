import { z } from 'zod';
import { defined } from '../defined.ts';
import { readable } from '../open-shape.ts';
import { instantSchema } from '../time.ts';
import { sweepReportSchema } from './garbage.ts';
import { paceSchema } from './pace.ts';
import { underWaySchema } from './under-way.ts';

/** How far a sweep is that takes more than one turn: pages are left, or only the wait for the next sweep is. */
const sweepSoFarSchema = z.object({
  report: sweepReportSchema,
  continuationToken: z.string().exactOptional(),
  waitUntil: instantSchema.exactOptional(),
});

/** How far the eternal sweep is: the number of the sweep that began last, and what the last finished one did. */
export const sweepingSchema = z.object({
  number: z.int().min(1),
  last: sweepReportSchema.exactOptional(),
  /** Of the sweep of this number; 0.1.0 made a whole one in a turn, as do those that find one page. */
  soFar: sweepSoFarSchema.exactOptional(),
  /** Deletions whose end no report has counted. */
  underWay: z.array(underWaySchema).exactOptional(),
  pace: paceSchema.exactOptional(),
});
export type Sweeping = z.infer<typeof sweepingSchema>;

/** What the eternal sweep shows of itself. */
export const sweepingStatusSchema = z.object({
  number: sweepingSchema.shape.number,
  /** It looks through its pages; it counts what goes of that which it had deleted; it waits. 0.1.0 had no `collecting`. */
  phase: z.enum(['sweeping', 'collecting', 'waiting']),
  last: sweepingSchema.shape.last,
  /** How many deletions have not been seen to end, and which sweeps started some of them, the newest first. */
  underWay: z.object({ count: z.int().min(1), sweeps: z.array(z.int()) }).exactOptional(),
});

/** The same, of a sweep of any version, as much as can be read. */
export const readableSweepingSchema = readable(
  z.object({
    number: readable(sweepingSchema.shape.number),
    last: readable(sweepReportSchema),
    underWay: readable(sweepingStatusSchema.shape.underWay.unwrap()),
  }),
);
type ReadableSweeping = z.infer<typeof readableSweepingSchema>;

/** What an eternal sweep was started with, and what it published last, as far as it can be read. */
interface Sweep {
  readonly input?: ReadableSweeping | undefined;
  readonly status?: ReadableSweeping | undefined;
}

/**
 * With what an eternal sweep that has ended, or never was, begins again: the next number, and the last report kept. The deletions that
 * it had under way go on; whether a report has counted them can't be known, so that none does.
 */
export function resumeSweeping(ended: Sweep | undefined): Sweeping {
  return { number: begunSweep(ended) + 1, ...defined({ last: ended?.status?.last ?? ended?.input?.last }) };
}

/** The number of the sweep that began last, the highest of those that can be read; 0 when there is none. */
export function begunSweep(sweep: Sweep | undefined): number {
  const known = [sweep?.status, sweep?.status?.last, sweep?.input, sweep?.input?.last];
  return Math.max(0, ...known.map((each) => each?.number ?? 0));
}
