import { z } from 'zod';
import { defined } from '../defined.ts';
import { firstOf } from '../first-of.ts';
import { groupIdSchema } from '../group/group-id.ts';
import { readable } from '../open-shape.ts';
import { collectionSchema, shortened, type Collection } from '../sweep/garbage.ts';
import { instantSchema, type Instant } from '../time.ts';

/** A container of a group that was restarted or has ended. */
export const incidentSchema = z.object({
  ...groupIdSchema.shape,
  what: z.enum(['restarted', 'crashed', 'crashLoop', 'ended']),
});
export type Incident = z.infer<typeof incidentSchema>;

/** What an inspection found; the lists hold the first ones, as many as fit, and the counts are of all. */
export const inspectionSchema = z.object({
  number: z.int(),
  /** When it began. */
  inspectedAt: instantSchema,
  /** Until the last group was looked at: nearly the interval, over which the looks are spread. */
  durationMs: z.int(),
  /** There where it took longer than the interval: there are more groups than ARM's reads allow in it, or ARM refused some. */
  isLate: z.literal(true).exactOptional(),
  /** There where it broke before it came to the last group, and when the last one began that did come to it. */
  isBroken: z.literal(true).exactOptional(),
  lastLookAt: instantSchema.exactOptional(),
  /** Groups that were looked at. */
  inspectedCount: z.int(),
  restartedCount: z.int(),
  /** Of these, a container crashed for good or all the time. */
  crashedCount: z.int(),
  /** Of these, all containers ended in order, or somebody stopped them. */
  endedCount: z.int(),
  incidents: z.array(incidentSchema),
  failedCount: z.int(),
  failed: z.array(collectionSchema.required({ failure: true })),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** How far the eternal inspection is: its number, what the last one found, and which page of the groups is the next one. */
export const inspectingSchema = z.object({
  number: z.int().min(1),
  last: inspectionSchema.exactOptional(),
  soFar: z.object({ report: inspectionSchema, continuationToken: z.string() }).exactOptional(),
});
export type Inspecting = z.infer<typeof inspectingSchema>;

/** What the eternal inspection shows of itself. */
export const inspectingStatusSchema = z.object({
  number: inspectingSchema.shape.number,
  /** It goes through the groups, or waits for the next inspection. */
  phase: z.enum(['inspecting', 'waiting']),
  last: inspectingSchema.shape.last,
});

/** The same, of an inspection of any version, as much as can be read. */
export const readableInspectingSchema = readable(
  z.object({ number: readable(inspectingSchema.shape.number), last: readable(inspectionSchema) }),
);
type ReadableInspecting = z.infer<typeof readableInspectingSchema>;

/** What is new in a report. */
export interface InspectionFound {
  inspectedCount?: number;
  incidents?: Incident[];
  failed?: Required<Collection>[];
}

/** Of each of the two lists as JSON, as in a reconciliation. */
const MAX_LIST_CHARACTERS = 3_000;

/** With what an inspection begins that has ended, or never was: the next number, and the last report kept. */
export function resumeInspecting(
  ended: {
    readonly input?: ReadableInspecting | undefined;
    readonly status?: ReadableInspecting | undefined;
  } = {},
): Inspecting {
  const { input, status } = ended;
  const known = [status, status?.last, input, input?.last].map((each) => each?.number ?? 0);
  return { number: Math.max(0, ...known) + 1, ...defined({ last: status?.last ?? input?.last }) };
}

/** The report of an inspection that has looked at nothing yet. */
export function emptyInspection(number: number, inspectedAt: Instant): Inspection {
  const counts = { inspectedCount: 0, restartedCount: 0, crashedCount: 0, endedCount: 0, failedCount: 0 };
  return { number, inspectedAt, durationMs: 0, ...counts, incidents: [], failed: [] };
}

/** When the last inspection began that looked at every group, by the report of the last one; undefined when there was none. */
export function lastLookOf(last: Inspection | undefined): Instant | undefined {
  return last?.isBroken === true ? last.lastLookAt : last?.inspectedAt;
}

/** The report of an inspection that broke: what it did not come to was looked at by an earlier one. */
export function brokenInspection(report: Inspection, last: Inspection | undefined): Inspection {
  return { ...report, isBroken: true, ...defined({ lastLookAt: lastLookOf(last) }) };
}

/** The report with what else was found. */
export function addToInspection(report: Inspection, found: InspectionFound): Inspection {
  const { inspectedCount = 0, incidents = [], failed = [] } = found;
  const short = failed.map(({ failure, ...id }) => ({ ...id, failure: shortened(failure) }));
  const countOf = (...whats: Incident['what'][]) => incidents.filter(({ what }) => whats.includes(what)).length;
  return {
    ...report,
    inspectedCount: report.inspectedCount + inspectedCount,
    restartedCount: report.restartedCount + countOf('restarted'),
    crashedCount: report.crashedCount + countOf('crashed', 'crashLoop'),
    endedCount: report.endedCount + countOf('ended'),
    incidents: firstOf([...report.incidents, ...incidents], MAX_LIST_CHARACTERS),
    failedCount: report.failedCount + failed.length,
    failed: firstOf([...report.failed, ...short], MAX_LIST_CHARACTERS),
  };
}
