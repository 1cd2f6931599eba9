import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { sessionReportIdSchema, sessionReportSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import type { ContainerGroup, GroupState } from '../../domain/group/container-group.ts';
import { decide } from '../../domain/group/decide.ts';
import type { Decision } from '../../domain/group/decision.ts';
import type { CommandOf } from '../../domain/group/group-command.ts';
import { groupKey, type GroupId } from '../../domain/group/group-id.ts';
import { newerState } from '../../domain/group/newer-group.ts';
import { readVerdict } from '../../domain/group/session-report.ts';
import { laterOf } from '../../domain/time.ts';
import type { Violation } from '../../domain/violation.ts';
import type { ApiRequest } from './api-request.ts';
import type { KnownGroups } from './known-groups.ts';
import { poll } from './poll.ts';
import { Problem, toViolations } from './problem.ts';
import type { Received } from './reception.ts';
import type { ReportOutbox } from './report-outbox.ts';

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

/** What a process keeps between reports. */
export interface ReportMemory {
  known: KnownGroups;
  outbox: ReportOutbox;
}

/** Sends the reports of one request to the entities of their groups. */
export interface ReportSender {
  /** With the group as it was just read. */
  send(report: SessionReport, group: ContainerGroup, received: Received): Promise<ReportResult>;
  /** With the group as it was known a moment ago; undefined, and nothing sent, when that is not enough to judge the report by. */
  sendIfKnown(report: SessionReport, group: ContainerGroup, received: Received): Promise<ReportResult | undefined>;
}

/** All the verdicts that one request waits for, in real time; an entity answers within its backend's queue delay, seconds at most. */
const VERDICTS_TIMEOUT_MS = 30_000;

/**
 * Makes the sender of one request's reports. Each is judged by the state just read, or known a moment ago, so that its sender learns of a drain,
 * and goes to the entity, which judges again in order. One that raises the count of a marked group is answered after that, since a sweep
 * may begin the deletion at the same moment, and whoever joins has to know.
 */
export function createReportSender(
  { client, cause }: Pick<ApiRequest, 'client' | 'cause'>,
  source: 'matchmaker' | 'server',
  { known, outbox }: ReportMemory,
): ReportSender {
  const overAtMs = performance.now() + VERDICTS_TIMEOUT_MS;
  const lowestSent = new Map<string, number>();
  const lowestOf = (group: ContainerGroup): number =>
    Math.min(group.activeSessions, lowestSent.get(groupKey(group)) ?? Infinity);

  function judge(
    { resourceGroup: _group, containerGroupName: _name, ...counts }: SessionReport,
    group: ContainerGroup,
    received: Received,
  ) {
    // The clock of another instance may be ahead, or this one set back: what is known by now was received earlier all the same.
    const at = laterOf(received.at, group.lastReport?.at ?? received.at);
    const input = { at, receipt: received.receipt, source, cause, incarnation: group.incarnation, ...counts };
    const command: CommandOf<'reportSessions'> = { command: 'reportSessions', ...input };
    return { input, command, decision: decide(group, command) };
  }

  async function deliver(
    { input, command, decision }: ReturnType<typeof judge>,
    group: ContainerGroup,
    id: GroupId,
  ): Promise<ReportResult> {
    const key = groupKey(id);
    const { state } = group;
    if (decision.outcome === 'refused') {
      const { code, message: detail } = decision.refusal;
      return { ...id, status: code === 'deletionBegan' ? 'refused' : 'stale', state, detail };
    }
    if (state === 'Running') {
      await outbox.send(client, key, input);
    } else {
      await client.signal(containerGroupEntity, key, 'reportSessions', input);
    }
    if (decision.group !== undefined) {
      known.noteReport(decision.group, key);
    }
    const lowest = lowestOf(group);
    lowestSent.set(key, Math.min(lowest, command.activeSessions));
    const maySweepDelete = state === 'MarkedForDeletion' || state === 'Failed';
    return maySweepDelete && command.activeSessions > lowest
      ? { ...id, ...(await waitForVerdict(client, command, group, overAtMs - performance.now())) }
      : { ...id, status: 'accepted', state };
  }

  return {
    send: (report, group, received) => deliver(judge(report, group, received), group, idOf(report)),
    async sendIfKnown(report, group, received) {
      const judgement = judge(report, group, received);
      return isEnough(judgement, lowestOf(group)) ? deliver(judgement, group, idOf(report)) : undefined;
    },
  };
}

function idOf({ resourceGroup, containerGroupName }: SessionReport): GroupId {
  return { resourceGroup, containerGroupName };
}

/**
 * Whether what was known a moment ago tells enough. Not of a report that seems too late: perhaps it no longer is. Nor of players who join a group
 * that nobody plays on: it may have been marked since, and a sweep takes such a group at once, where sessions would protect it.
 */
function isEnough(
  { command, decision }: { command: CommandOf<'reportSessions'>; decision: Decision },
  activeSessions: number,
): boolean {
  const isFirstToJoin = activeSessions === 0 && command.activeSessions > 0;
  return decision.outcome !== 'refused' && !isFirstToJoin;
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
