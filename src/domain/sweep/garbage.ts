import { z } from 'zod';
import type { ContainerGroup } from '../group/container-group.ts';
import { decide } from '../group/decide.ts';
import { failureSchema, type Failure } from '../failure.ts';
import { firstOf } from '../first-of.ts';
import { newerState } from '../group/newer-group.ts';
import { groupIdSchema, groupKey, type GroupId } from '../group/group-id.ts';
import { instantSchema, type Instant } from '../time.ts';

/** How one deletion of a sweep ended. */
export const collectionSchema = z.object({ ...groupIdSchema.shape, failure: failureSchema.exactOptional() });
export type Collection = z.infer<typeof collectionSchema>;

/** What a sweep did; the lists hold the first groups, as many as fit, and the counts are of all. */
export const sweepReportSchema = z.object({
  number: z.int(),
  sweptAt: instantSchema,
  /** Deletions that the sweep started; 0.1.0 did not count them. */
  startedCount: z.int().exactOptional(),
  /** Groups whose deletion was seen to end while this was the last sweep, whichever sweep had started it. */
  collectedCount: z.int(),
  keptCount: z.int(),
  failedCount: z.int(),
  collected: z.array(groupIdSchema),
  failed: z.array(collectionSchema.required({ failure: true })),
  durationMs: z.int(),
  /** There where a part of the sweep broke, so that groups may have been left out; 0.1.0 has it among the failures alone. */
  broken: z.literal(true).exactOptional(),
});
export type SweepReport = z.infer<typeof sweepReportSchema>;

/**
 * What a list of a report may have as JSON: a custom status has 16 KB of UTF-16, 8,192 characters, and one that is larger ends
 * the eternal sweep (https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-custom-orchestration-status).
 */
const MAX_LIST_CHARACTERS = 3_500;

/** Of a failure's message in a report; all of it is in the output of the deletion itself. */
const MAX_MESSAGE_CHARACTERS = 200;

/** What a sweep reports of a group whose stored state can't be read, so that an operator sees it. */
export function unreadableGroup(id: GroupId): Collection {
  const message =
    'The stored state of this group is of a shape that this version cannot read. Its resource in Azure is left alone.';
  return { ...id, failure: { code: 'internal', message } };
}

/** What a sweep reports of a group whose state a newer version of the app wrote. */
export function newerGroup(id: GroupId): Collection {
  return { ...id, failure: newerState(groupKey(id)) };
}

/** What a sweep reports of a group that it could not begin to delete, since the deletion of an earlier one still has its name. */
export function earlierUnderWay({ resourceGroup, containerGroupName }: GroupId): Collection {
  const message = 'An earlier group of this name was still being deleted; the next sweep deletes this one.';
  return { resourceGroup, containerGroupName, failure: { code: 'deletionUnderWay', message } };
}

/** How long a sweep waits for what may still matter. */
export interface SweepPatience {
  /** For the reports of a marked group. */
  sessionsStaleAfterMs: number;
  /** For somebody who looks at a creation that left nothing in Azure. */
  failedCreationRetentionMs: number;
  /** For somebody who looks at any other failed group. */
  failedRetentionMs: number;
}

/** Whether a sweep would delete this group now, if Azure has none that it has denied; the entity is asked again, and atomically, when the deletion begins. */
export function isGarbage(group: ContainerGroup, at: Instant, patience: SweepPatience): boolean {
  const { sessionsStaleAfterMs, failedCreationRetentionMs, failedRetentionMs } = patience;
  const retention = { failedCreationRetentionMs, failedRetentionMs };
  const asked = { mode: 'graceful', at, sessionsStaleAfterMs, absenceSeen: true } as const;
  const command = { command: 'beginDelete', ...asked, ...retention } as const;
  return decide(group, command).outcome !== 'refused';
}

/** The report of a sweep that has looked at nothing yet. */
export function emptyReport(number: number, sweptAt: Instant): SweepReport {
  return { number, sweptAt, collectedCount: 0, keptCount: 0, failedCount: 0, collected: [], failed: [], durationMs: 0 };
}

/** The report after more groups were kept and more deletions ended. A group that got sessions in between counts as kept. */
export function addToReport(report: SweepReport, keptCount: number, ended: Collection[]): SweepReport {
  const collected = ended
    .filter(({ failure }) => failure === undefined)
    .map(({ resourceGroup, containerGroupName }) => ({ resourceGroup, containerGroupName }));
  const spared = ended.filter(({ failure }) => failure !== undefined && isSpared(failure));
  const failed = ended.flatMap(({ failure, ...id }) =>
    failure === undefined || isSpared(failure) ? [] : [{ ...id, failure: shortened(failure) }],
  );
  return {
    ...report,
    collectedCount: report.collectedCount + collected.length,
    keptCount: report.keptCount + keptCount + spared.length,
    failedCount: report.failedCount + failed.length,
    collected: firstOf([...report.collected, ...collected], MAX_LIST_CHARACTERS),
    failed: firstOf([...report.failed, ...failed], MAX_LIST_CHARACTERS),
  };
}

/** Whether a deletion was refused since the group is to be kept after all. */
export function isSpared({ code }: Failure): boolean {
  return code === 'sessionsActive' || code === 'seatsLeased' || code === 'notMarked' || code === 'groupFailed';
}

/** A failure as a report holds it, with the beginning of its message. */
export function shortened({ code, message }: Failure): Failure {
  return { code, message: message.slice(0, MAX_MESSAGE_CHARACTERS) };
}
