import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { sessionReportIdSchema, sessionReportSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import type { ContainerGroup, GroupState } from '../../domain/group/container-group.ts';
import { decide } from '../../domain/group/decide.ts';
import type { CommandOf } from '../../domain/group/group-command.ts';
import { groupKey, type GroupId } from '../../domain/group/group-id.ts';
import { newerState } from '../../domain/group/newer-group.ts';
import { readVerdict } from '../../domain/group/session-report.ts';
import { laterOf } from '../../domain/time.ts';
import type { Violation } from '../../domain/violation.ts';
import type { ApiRequest } from './api-request.ts';
import { poll } from './poll.ts';
import { Problem, toViolations } from './problem.ts';
import type { Received } from './reception.ts';

/** A count that one item of a request reports. */
export type SessionReport = z.infer<typeof sessionReportSchema>;

/** One item of a request, as far as it could be read. */
export type ParsedReport = { report: SessionReport } | { violations: Violation[]; id: Partial<GroupId> };

/** What became of one item. */
export interface ReportResult extends Partial<GroupId> {
  status: 'accepted' | 'unknownGroup' | 'invalid' | 'stale' | 'refused' | 'newerState' | 'commandPending';
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

/** Sends a report to the entity of the group that was just read for it. */
export type SendReport = (report: SessionReport, group: ContainerGroup, received: Received) => Promise<ReportResult>;

/** All the verdicts that one request waits for, in real time; an entity answers within its backend's queue delay, seconds at most. */
const VERDICTS_TIMEOUT_MS = 30_000;

/**
 * Makes the sender of one request's reports. Each is judged by the state just read, so that its sender learns of a drain at once, and
 * goes to the entity, which judges again in order. One that raises the count of a marked group is answered after that, since a sweep
 * may begin the deletion at the same moment, and whoever joins has to know.
 */
export function createReportSender(
  { client, cause }: Pick<ApiRequest, 'client' | 'cause'>,
  source: 'matchmaker' | 'server',
): SendReport {
  const overAtMs = performance.now() + VERDICTS_TIMEOUT_MS;
  const lowestSent = new Map<string, number>();
  return async ({ resourceGroup, containerGroupName, ...counts }, group, received) => {
    const id = { resourceGroup, containerGroupName };
    const key = groupKey(id);
    // The clock of another instance may be ahead, or this one set back: what is known by now was received earlier all the same.
    const at = laterOf(received.at, group.lastReport?.at ?? received.at);
    const { receipt } = received;
    const { incarnation, state } = group;
    const input = { at, receipt, source, cause, incarnation, ...counts };
    const command: CommandOf<'reportSessions'> = { command: 'reportSessions', ...input };
    const decision = decide(group, command);
    if (decision.outcome === 'refused') {
      const { code, message: detail } = decision.refusal;
      return { ...id, status: code === 'deletionBegan' ? 'refused' : 'stale', state, detail };
    }
    await client.signal(containerGroupEntity, key, 'reportSessions', input);
    const lowest = Math.min(group.activeSessions, lowestSent.get(key) ?? Infinity);
    lowestSent.set(key, Math.min(lowest, counts.activeSessions));
    const maySweepDelete = state === 'MarkedForDeletion' || state === 'Failed';
    return maySweepDelete && counts.activeSessions > lowest
      ? { ...id, ...(await waitForVerdict(client, command, group, overAtMs - performance.now())) }
      : { ...id, status: 'accepted', state };
  };
}

/** Refuses a request of which nothing could be done now, and which may succeed when it is repeated. */
export function requireAnyDone(results: readonly ReportResult[]): void {
  for (const code of ['newerState', 'commandPending'] as const) {
    if (results.every(({ status }) => status === code)) {
      throw new Problem({ code, message: results[0]?.detail ?? '' });
    }
  }
}

async function waitForVerdict(
  client: ApiRequest['client'],
  command: CommandOf<'reportSessions'>,
  group: ContainerGroup,
  timeoutMs: number,
): Promise<Omit<ReportResult, keyof GroupId>> {
  const key = groupKey(group);
  const name = group.containerGroupName;
  const read = await poll(timeoutMs, async () => {
    const found = await client.readAny(containerGroupEntity, key);
    if (found?.is === 'newer') {
      return { verdict: 'newerState' } as const;
    }
    const verdict = readVerdict(found?.state, command);
    return verdict === 'pending' ? undefined : { verdict, group: found?.state };
  });
  switch (read?.verdict) {
    case 'accepted':
      return { status: 'accepted', ...defined({ state: read.group?.state }) };
    case 'refused': {
      const detail = `The deletion of ${name} has begun: nobody can join it any more.`;
      return { status: 'refused', ...defined({ state: read.group?.state }), detail };
    }
    case 'newerState':
      return { status: 'newerState', detail: newerState(key).message };
    case undefined: {
      const detail = `The report is stored, and whether ${name} can still be joined is not known yet. Report again.`;
      return { status: 'commandPending', state: group.state, detail };
    }
  }
}
