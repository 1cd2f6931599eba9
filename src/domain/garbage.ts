import type { ContainerGroup } from './container-group.ts';
import { decide } from './decide.ts';
import type { Failure } from './failure.ts';
import type { GroupId } from './group-id.ts';
import type { Instant } from './time.ts';

/** What the last sweep did; the lists hold the first `MAX_LISTED`, since a custom status has no more than 16 KB. */
export interface SweepReport {
  number: number;
  sweptAt: Instant;
  collectedCount: number;
  keptCount: number;
  failedCount: number;
  collected: GroupId[];
  failed: (GroupId & { failure: Failure })[];
  durationMs: number;
}

export const MAX_LISTED = 20;

/** Deletions that one sweep has under way at once: a third of what ACI takes in five minutes, so that others get through. */
export const MAX_PARALLEL_DELETIONS = 30;

/** How one deletion of a sweep ended. */
export type Collection = GroupId & { failure?: Failure };

/** Whether a sweep would delete this group now; the entity is asked again, and atomically, when the deletion begins. */
export function isGarbage(group: ContainerGroup, at: Instant, sessionsStaleAfterMs: number): boolean {
  return decide(group, { command: 'beginDelete', mode: 'graceful', at, sessionsStaleAfterMs }).outcome !== 'refused';
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
    failure === undefined || isSpared(failure) ? [] : [{ ...id, failure }],
  );
  return {
    ...report,
    collectedCount: report.collectedCount + collected.length,
    keptCount: report.keptCount + keptCount + spared.length,
    failedCount: report.failedCount + failed.length,
    collected: [...report.collected, ...collected].slice(0, MAX_LISTED),
    failed: [...report.failed, ...failed].slice(0, MAX_LISTED),
  };
}

function isSpared({ code }: Failure): boolean {
  return code === 'sessionsActive' || code === 'notMarked' || code === 'groupFailed';
}
