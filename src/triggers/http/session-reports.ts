import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { sessionReportIdSchema, sessionReportSchema } from '../../contracts/http-api.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import type { ContainerGroup, GroupState } from '../../domain/group/container-group.ts';
import { decide } from '../../domain/group/decide.ts';
import type { CommandOf } from '../../domain/group/group-command.ts';
import { groupKey, type GroupId } from '../../domain/group/group-id.ts';
import { laterOf } from '../../domain/time.ts';
import type { Violation } from '../../domain/violation.ts';
import type { ApiRequest } from './api-request.ts';
import { toViolations } from './problem.ts';
import type { Received } from './reception.ts';

/** A count that one item of a request reports. */
export type SessionReport = z.infer<typeof sessionReportSchema>;

/** One item of a request, as far as it could be read. */
export type ParsedReport = { report: SessionReport } | { violations: Violation[]; id: Partial<GroupId> };

/** What became of one item. */
export interface ReportResult extends Partial<GroupId> {
  status: 'accepted' | 'unknownGroup' | 'invalid' | 'stale' | 'newerState';
  state?: GroupState;
  detail?: string;
}

/** Reads one item of a request. */
export function parseReport(item: unknown): ParsedReport {
  const parsed = sessionReportSchema.safeParse(item);
  const violations = parsed.success ? checkGroupId(parsed.data) : toViolations(parsed.error);
  if (parsed.success && violations.length === 0) {
    return { report: parsed.data };
  }
  const id = sessionReportIdSchema.safeParse(item);
  const isValid = id.success && checkGroupId(id.data).length === 0;
  return { violations, id: isValid ? id.data : {} };
}

/** The result of an item that could not be read. */
export function invalidReport({ violations, id }: { violations: Violation[]; id: Partial<GroupId> }): ReportResult {
  const [first] = violations;
  return {
    ...id,
    status: 'invalid',
    detail: `${first?.field ?? 'report'}: expected ${first?.expected ?? 'a valid report'}.`,
  };
}

/**
 * Judges a report by the state just read, so that its sender learns of a drain at once, and then sends it to the entity,
 * which judges again in order.
 */
export async function sendReport(
  { client, invocationId }: Pick<ApiRequest, 'client' | 'invocationId'>,
  { resourceGroup, containerGroupName, ...counts }: SessionReport,
  group: ContainerGroup,
  { at: receivedAt, receipt, source }: Received & { source: 'matchmaker' | 'server' },
): Promise<ReportResult> {
  const id = { resourceGroup, containerGroupName };
  // The clock of another instance may be ahead, or this one set back: what is known by now was received earlier all the same.
  const at = laterOf(receivedAt, group.lastReport?.at ?? receivedAt);
  const input = { at, receipt, source, cause: `request ${invocationId}`, incarnation: group.incarnation, ...counts };
  const command: CommandOf<'reportSessions'> = { command: 'reportSessions', ...input };
  const decision = decide(group, command);
  if (decision.outcome === 'refused') {
    return { ...id, status: 'stale', state: group.state, detail: decision.refusal.message };
  }
  await client.signal(containerGroupEntity, groupKey(id), 'reportSessions', input);
  return { ...id, status: 'accepted', state: group.state };
}
