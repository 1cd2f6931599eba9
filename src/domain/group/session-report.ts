import { MAX_EARLIER_BOOT_IDS, type ContainerGroup, type Receipt, type SessionReportMark } from './container-group.ts';
import type { Failure } from '../failure.ts';
import type { CommandOf } from './group-command.ts';
import { defined } from '../defined.ts';
import { elapsedMs, laterOf } from '../time.ts';

type ReportSessions = CommandOf<'reportSessions'>;

/**
 * Why a report is older than what is known, or undefined when it is news. A sequence counts within one boot of the server;
 * without one the order counts in which the app received the reports, since a queue may deliver them in another, and twice.
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
  if (report.sequence !== undefined && sequence !== undefined) {
    return report.sequence > sequence
      ? undefined
      : stale(`Sequence ${report.sequence} is not after ${sequence}, which was reported already.`);
  }
  return wasReceivedAfter(last, report)
    ? undefined
    : stale('A report that was received later has been taken already, or this very one.');
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
  const {
    bootId: _bootId,
    sequence: _sequence,
    earlierBootIds: _earlierBootIds,
    receipts: _receipts,
    ...others
  } = last;
  const lastReport: SessionReportMark = {
    ...others,
    at: laterOf(last.at, report.at),
    ...defined({ receipts: receiptsWith(last, report) }),
    ...defined({ bootId, sequence, earlierBootIds: earlierBootIds.length === 0 ? undefined : earlierBootIds }),
  };
  return { activeSessions: report.activeSessions, lastReport };
}

/** Of one moment, a report that another process received is news in the order in which they come. */
function wasReceivedAfter(last: SessionReportMark, { at, receipt }: ReportSessions): boolean {
  const afterMs = elapsedMs(last.at, at);
  const known = last.receipts?.find(({ process }) => process === receipt?.process);
  return afterMs === 0 ? known === undefined || receipt === undefined || receipt.number > known.number : afterMs > 0;
}

/** Those of one moment are few: one of each process of the app. */
function receiptsWith(last: SessionReportMark, { at, receipt }: ReportSessions): Receipt[] | undefined {
  const afterMs = elapsedMs(last.at, at);
  if (afterMs < 0) {
    return last.receipts;
  }
  const others = afterMs > 0 ? [] : (last.receipts ?? []).filter(({ process }) => process !== receipt?.process);
  const receipts = receipt === undefined ? others : [...others, receipt];
  return receipts.length === 0 ? undefined : receipts;
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
