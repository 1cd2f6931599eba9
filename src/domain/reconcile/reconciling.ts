import { z } from 'zod';
import { defined } from '../defined.ts';
import { firstOf } from '../first-of.ts';
import { groupIdSchema, type GroupId } from '../group/group-id.ts';
import { readable } from '../open-shape.ts';
import { collectionSchema, shortened, type Collection } from '../sweep/garbage.ts';
import { instantSchema, type Instant } from '../time.ts';
import { unclaimedReasonSchema } from './difference.ts';
import { heldBackSchema } from './mass-absence.ts';

/** A resource without an entity, and what became of it. */
export const orphanSchema = z.object({
  ...groupIdSchema.shape,
  became: z.enum(['adopted', 'deleted', 'reported']),
  /** Why it is only reported: the policy, one that is neither ready nor broken yet, or one that does not say whose it is. */
  reason: z.enum(['policy', 'inTransition', ...unclaimedReasonSchema.options]).exactOptional(),
});
export type Orphan = z.infer<typeof orphanSchema>;

/** A group that differed from its resource, and in what. */
export const driftSchema = z.object({
  ...groupIdSchema.shape,
  what: z.enum(['endpoint', 'failedInAzure', 'tagMissing', 'tagsSet', 'restored', 'foreignOwner']),
});
export type Drift = z.infer<typeof driftSchema>;

/** What a reconciliation found; the lists hold the first ones, as many as fit, and the counts are of all. */
export const reconciliationSchema = z.object({
  number: z.int(),
  /** When it began. */
  reconciledAt: instantSchema,
  durationMs: z.int(),
  /** Names that were compared. */
  comparedCount: z.int(),
  /** Resources of others in the same resource groups. */
  foreignCount: z.int(),
  ghostCount: z.int(),
  ghosts: z.array(groupIdSchema),
  orphanCount: z.int(),
  orphans: z.array(orphanSchema),
  driftCount: z.int(),
  drifted: z.array(driftSchema),
  failedCount: z.int(),
  failed: z.array(collectionSchema.required({ failure: true })),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;

/** Resource groups that are still to be compared, the first of which is next. */
export const cursorSchema = z.object({
  /** In the order of their names in lower case, in which names are taken as well. */
  resourceGroups: z.array(z.string()),
  /** There are more, after this one. */
  moreAfter: z.string().exactOptional(),
  /** Of the first: more of it differs than a turn settles, and this is the last name that was looked at. */
  afterName: z.string().exactOptional(),
  /** Of the first: Azure has refused tags there, and would again. */
  tagsRefused: z.literal(true).exactOptional(),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** How far the eternal reconciliation is: its number, what the last one found, and which resource groups this one has still to compare. */
export const reconcilingSchema = z.object({
  number: z.int().min(1),
  last: reconciliationSchema.exactOptional(),
  /** Where too much was missing, in the last one and in this. */
  heldBack: z.array(heldBackSchema).exactOptional(),
  soFar: z
    .object({
      report: reconciliationSchema,
      cursor: cursorSchema,
      /** As it was set when this one began. */
      reconcileIntervalMs: z.int().min(1),
    })
    .exactOptional(),
});
export type Reconciling = z.infer<typeof reconcilingSchema>;

/** What the eternal reconciliation shows of itself. */
export const reconcilingStatusSchema = z.object({
  number: reconcilingSchema.shape.number,
  /** It compares, it waits for its second look, or for the next reconciliation. */
  phase: z.enum(['comparing', 'lookingAgain', 'waiting']),
  last: reconcilingSchema.shape.last,
});

/** The same, of a reconciliation of any version, as much as can be read. */
export const readableReconcilingSchema = readable(
  z.object({ number: readable(reconcilingSchema.shape.number), last: readable(reconciliationSchema) }),
);
type ReadableReconciling = z.infer<typeof readableReconcilingSchema>;

/** What is new in a report. */
export interface Found {
  comparedCount?: number;
  foreignCount?: number;
  ghosts?: GroupId[];
  orphans?: Orphan[];
  /** Of more orphans than are listed, as with the next one. */
  orphanCount?: number;
  drifted?: Drift[];
  driftCount?: number;
  /** Differences that could not be settled, and resource groups that could not be compared. */
  failed?: Required<Collection>[];
}

/**
 * Of each of the four lists as JSON: a custom status has 8,192 characters, as for a sweep
 * (https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-custom-orchestration-status).
 */
const MAX_LIST_CHARACTERS = 1_800;

/** With what a reconciliation begins that has ended, or never was: the next number, and the last report kept. */
export function resumeReconciling(
  ended: {
    readonly input?: ReadableReconciling | undefined;
    readonly status?: ReadableReconciling | undefined;
  } = {},
): Reconciling {
  const { input, status } = ended;
  const known = [status, status?.last, input, input?.last].map((each) => each?.number ?? 0);
  return { number: Math.max(0, ...known) + 1, ...defined({ last: status?.last ?? input?.last }) };
}

/** The report of a reconciliation that has compared nothing yet. */
export function emptyReconciliation(number: number, reconciledAt: Instant): Reconciliation {
  const counts = { durationMs: 0, comparedCount: 0, foreignCount: 0, ghostCount: 0, orphanCount: 0, driftCount: 0 };
  return { number, reconciledAt, ...counts, failedCount: 0, ghosts: [], orphans: [], drifted: [], failed: [] };
}

/** The report with what else was found. */
export function addToReconciliation(report: Reconciliation, found: Found): Reconciliation {
  const { comparedCount = 0, foreignCount = 0, ghosts = [], orphans = [], drifted = [], failed = [] } = found;
  const { orphanCount = orphans.length, driftCount = drifted.length } = found;
  const short = failed.map(({ failure, ...id }) => ({ ...id, failure: shortened(failure) }));
  return {
    ...report,
    comparedCount: report.comparedCount + comparedCount,
    foreignCount: report.foreignCount + foreignCount,
    ghostCount: report.ghostCount + ghosts.length,
    ghosts: firstOf([...report.ghosts, ...ghosts], MAX_LIST_CHARACTERS),
    orphanCount: report.orphanCount + orphanCount,
    orphans: firstOf([...report.orphans, ...orphans], MAX_LIST_CHARACTERS),
    driftCount: report.driftCount + driftCount,
    drifted: firstOf([...report.drifted, ...drifted], MAX_LIST_CHARACTERS),
    failedCount: report.failedCount + failed.length,
    failed: firstOf([...report.failed, ...short], MAX_LIST_CHARACTERS),
  };
}
