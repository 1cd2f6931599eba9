import { MAX_EARLIER_BOOT_IDS, type ContainerGroup, type SessionReportMark } from './container-group.ts';
import type { Failure } from '../failure.ts';
import type { CommandOf } from './group-command.ts';
import { defined } from '../defined.ts';

type ReportSessions = CommandOf<'reportSessions'>;

/**
 * Why a report is older than what is known, or undefined when it is news. A sequence counts within one boot of the server;
 * a report without one is taken in the order it arrives.
 */
export function checkSessionReport(group: ContainerGroup, report: ReportSessions): Failure | undefined {
  const last = group.lastReport;
  if (last === undefined) {
    return undefined;
  }
  if (report.bootId !== undefined && last.earlierBootIds?.includes(report.bootId)) {
    return stale('The server has restarted since this report was made: a newer boot has reported already.');
  }
  const sequence = isSameBoot(last, report) ? last.sequence : undefined;
  if (report.sequence !== undefined && sequence !== undefined && report.sequence <= sequence) {
    return stale(`Sequence ${report.sequence} is not after ${sequence}, which was reported already.`);
  }
  return undefined;
}

/** What the group knows after a report that was taken. */
export function takeSessionReport(
  group: ContainerGroup,
  report: ReportSessions,
): { activeSessions: number; lastReport: SessionReportMark } {
  const last: SessionReportMark = group.lastReport ?? { at: report.at };
  const bootId = report.bootId ?? last.bootId;
  const sequence = report.sequence ?? (isSameBoot(last, report) ? last.sequence : undefined);
  const earlierBootIds = earlierBoots(last, bootId);
  const { bootId: _bootId, sequence: _sequence, earlierBootIds: _earlierBootIds, ...others } = last;
  const lastReport: SessionReportMark = {
    ...others,
    at: report.at,
    ...defined({ bootId, sequence, earlierBootIds: earlierBootIds.length === 0 ? undefined : earlierBootIds }),
  };
  return { activeSessions: report.activeSessions, lastReport };
}

function isSameBoot(last: SessionReportMark, report: ReportSessions): boolean {
  return report.bootId === undefined || report.bootId === last.bootId;
}

function earlierBoots(last: SessionReportMark, bootId: string | undefined): string[] {
  const earlier = last.earlierBootIds ?? [];
  return last.bootId === undefined || last.bootId === bootId
    ? earlier
    : [...earlier, last.bootId].slice(-MAX_EARLIER_BOOT_IDS);
}

function stale(message: string): Failure {
  return { code: 'staleReport', message };
}
