import { newestBoot, orderBoots, withEarlierBoot } from './boot-order.ts';
import {
  isBeingDeleted,
  reportMarkSchema,
  type ContainerGroup,
  type Receipt,
  type ReportMark,
  type SessionReportMark,
} from './container-group.ts';
import type { Failure } from '../failure.ts';
import type { CommandOf } from './group-command.ts';
import { withEntry } from './enter-state.ts';
import { nameLeases } from './named-leases.ts';
import { defined } from '../defined.ts';
import { elapsedMs, laterOf } from '../time.ts';

type ReportSessions = CommandOf<'reportSessions'>;

/** The newest report of the stream that a report belongs to, and that of the other. */
interface Streams {
  own?: ReportMark | undefined;
  other?: ReportMark | undefined;
}

/**
 * The group after a report, or why the report is older than what is known. The reports of a matchmaker and those of the server are
 * two streams, each with its own boots and sequences; a sequence counts within a boot. Whatever these don't order is ordered by when
 * the app received it, since a queue may deliver in another order, and twice.
 */
export function takeSessionReport(
  group: ContainerGroup,
  report: ReportSessions,
): { group: ContainerGroup; refusal?: Failure } {
  const streams = streamsOf(group.lastReport, report);
  const refusal = findStale(streams, report);
  if (refusal !== undefined) {
    return { group: rememberOlderBoot(group, streams.own, report), refusal };
  }
  const { sessionsUnknownSince: _known, ...known } = { sessionsUnknownSince: undefined, ...group };
  const counted = withLeases(withCount(noteRestart(known, streams.own, report), report), report);
  return { group: { ...counted, lastReport: markOf(group.lastReport, streams, report) } };
}

/**
 * What became of a report that was sent, told by the group as it is now: nothing more is taken once the deletion has begun, so that it
 * is refused for good then unless it is known, it or a newer one.
 */
export function readVerdict(
  group: ContainerGroup | undefined,
  report: ReportSessions,
): 'accepted' | 'refused' | 'pending' {
  if (group === undefined || group.incarnation !== report.incarnation) {
    return 'refused';
  }
  if (takeSessionReport(group, report).refusal !== undefined) {
    return 'accepted';
  }
  return isBeingDeleted(group) ? 'refused' : 'pending';
}

/** A server that has another boot than before was restarted, which Azure tells nobody. */
function noteRestart(group: ContainerGroup, own: ReportMark | undefined, report: ReportSessions): ContainerGroup {
  const isRestart =
    report.source === 'server' &&
    own?.bootId !== undefined &&
    report.bootId !== undefined &&
    report.bootId !== own.bootId;
  return isRestart
    ? withEntry(group, report, {
        event: 'restarted',
        detail: `boot ${report.bootId}; ${group.activeSessions} sessions before`,
      })
    : group;
}

function withCount(group: ContainerGroup, { activeSessions, at }: ReportSessions): ContainerGroup {
  if (group.state !== 'Running') {
    return { ...group, activeSessions };
  }
  const { idleSince = at, ...busy } = group;
  return activeSessions > 0 ? { ...busy, activeSessions } : { ...busy, activeSessions, idleSince };
}

function withLeases(group: ContainerGroup, { leases: named = [] }: ReportSessions): ContainerGroup {
  return named.length === 0 ? group : { ...group, leases: nameLeases(group.leases ?? [], named) };
}

/** What was written without a source, by a version that knew one stream, belongs to the stream that goes on with it first. */
function streamsOf(last: SessionReportMark | undefined, { source }: ReportSessions): Streams {
  if (last === undefined) {
    return {};
  }
  const { otherStream: other, ...newest } = last;
  return source === undefined || newest.source === undefined || newest.source === source
    ? { own: newest, other }
    : { own: other?.source === source ? other : undefined, other: newest };
}

function findStale({ own, other }: Streams, report: ReportSessions): Failure | undefined {
  if (other !== undefined && !wasReceivedAfter(other, report)) {
    return receivedEarlier;
  }
  if (own === undefined) {
    return undefined;
  }
  const order = orderBoots(own, report);
  if (order === 'older') {
    return stale('The server has restarted since this report was made: a newer boot has reported already.');
  }
  if (order === 'same' && report.sequence !== undefined && own.sequence !== undefined) {
    return report.sequence > own.sequence
      ? undefined
      : stale(`Sequence ${report.sequence} is not after ${own.sequence}, which was reported already.`);
  }
  return order === 'newer' || wasReceivedAfter(own, report) ? undefined : receivedEarlier;
}

/** An older boot is older when its next report comes, too, however late that is. */
function rememberOlderBoot(group: ContainerGroup, own: ReportMark | undefined, report: ReportSessions): ContainerGroup {
  const { lastReport } = group;
  const isUnknown = report.bootId !== undefined && own?.earlierBootIds?.includes(report.bootId) !== true;
  if (lastReport === undefined || own === undefined || !isUnknown || orderBoots(own, report) !== 'older') {
    return group;
  }
  const noted = defined({ earlierBootIds: withEarlierBoot(own, report.bootId, own.bootId) });
  return own === lastReport.otherStream
    ? { ...group, lastReport: { ...lastReport, otherStream: { ...own, ...noted } } }
    : { ...group, lastReport: { ...lastReport, ...noted } };
}

/** What is kept of a report that was taken: it is the newest of both streams, the one that a version with one stream knows. */
function markOf(last: SessionReportMark | undefined, streams: Streams, report: ReportSessions): SessionReportMark {
  const { own = { at: report.at }, other } = streams;
  const isNewBoot = report.bootId !== undefined && report.bootId !== own.bootId;
  return {
    ...unknownFieldsOf(last),
    at: laterOf(own.at, report.at),
    ...newestBoot(own, report, own.at),
    ...defined({
      source: report.source ?? own.source,
      sequence: report.sequence ?? (isNewBoot ? undefined : own.sequence),
      receipts: receiptsWith(own, report),
      otherStream: other,
    }),
  };
}

/** Of one moment, a report that another process received is news in the order in which they come. */
function wasReceivedAfter(last: ReportMark, { at, receipt }: ReportSessions): boolean {
  const afterMs = elapsedMs(last.at, at);
  const known = last.receipts?.find(({ process }) => process === receipt?.process);
  return afterMs === 0 ? known === undefined || receipt === undefined || receipt.number > known.number : afterMs > 0;
}

/** Those of one moment are few: one of each process of the app. */
function receiptsWith(last: ReportMark, { at, receipt }: ReportSessions): Receipt[] | undefined {
  const afterMs = elapsedMs(last.at, at);
  if (afterMs < 0) {
    return last.receipts;
  }
  const others = afterMs > 0 ? [] : (last.receipts ?? []).filter(({ process }) => process !== receipt?.process);
  const receipts = receipt === undefined ? others : [...others, receipt];
  return receipts.length === 0 ? undefined : receipts;
}

/** What a newer version keeps beside. */
function unknownFieldsOf(last: SessionReportMark | undefined): object {
  return Object.fromEntries(
    Object.entries(last ?? {}).filter(([name]) => !Object.hasOwn(reportMarkSchema.shape, name)),
  );
}

const receivedEarlier = stale('A report that was received later has been taken already, or this very one.');

function stale(message: string): Failure {
  return { code: 'staleReport', message };
}
