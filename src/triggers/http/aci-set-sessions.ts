import { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import type { DurableApi } from '../../contracts/durable-api.ts';
import { MAX_REPORTS, sessionReportSchema } from '../../contracts/http-api.ts';
import { checkGroupId } from '../../domain/azure-names.ts';
import type { GroupState } from '../../domain/container-group.ts';
import { decide } from '../../domain/decide.ts';
import type { ReportSessionsCommand } from '../../domain/group-command.ts';
import { groupKey, type GroupId } from '../../domain/group-id.ts';
import { toInstant } from '../../domain/time.ts';
import type { Violation } from '../../domain/violation.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import { toViolations, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type SessionReport = z.infer<typeof sessionReportSchema>;

interface ReportResult extends Partial<GroupId> {
  status: 'accepted' | 'unknownGroup' | 'invalid' | 'stale';
  state?: GroupState;
  detail?: string;
}

const bodySchema = z.union([z.array(z.unknown()).min(1).max(MAX_REPORTS), z.record(z.string(), z.unknown())], {
  error: `a session report or a list of 1 to ${MAX_REPORTS}`,
});

const incarnationSchema = z.string().max(64).optional();

/** Groups of one request that are written at once. */
const PARALLEL_GROUPS = 16;

/**
 * ACISetSessions: takes session counts, each with a result of its own. A report is judged by the state just read, so that
 * its sender learns of a drain at once, and then sent to the entity, which judges again in order.
 */
export function aciSetSessions(now: () => number): HttpFunction {
  return {
    name: 'ACISetSessions',
    methods: ['POST'],
    handle: async (request) => {
      const incarnation = parseRequest(incarnationSchema, request.query['incarnation'], { root: 'incarnation' });
      const body = parseRequest(bodySchema, await request.json());
      const items = (Array.isArray(body) ? body : [body]).map(parseReport);
      const violations = items.flatMap((item) => ('violations' in item ? item.violations : []));
      if (items.every((item) => 'violations' in item)) {
        throw violationProblem(violations, 'invalidRequest');
      }
      const results = new Array<ReportResult>(items.length);
      await inOrderOfGroup(items, async (item, index) => {
        results[index] = 'violations' in item ? invalid(item) : await report(request, item.report, incarnation, now());
      });
      return { jsonBody: { results } };
    },
  };
}

type ParsedItem = { report: SessionReport } | { violations: Violation[]; id: Partial<GroupId> };

function parseReport(item: unknown): ParsedItem {
  const parsed = sessionReportSchema.safeParse(item);
  const violations = parsed.success ? checkGroupId(parsed.data) : toViolations(parsed.error);
  if (parsed.success && violations.length === 0) {
    return { report: parsed.data };
  }
  const id = z.object({ resourceGroup: z.string().max(90), containerGroupName: z.string().max(63) }).safeParse(item);
  return { violations, id: id.success ? id.data : {} };
}

function invalid({ violations, id }: { violations: Violation[]; id: Partial<GroupId> }): ReportResult {
  const [first] = violations;
  return {
    ...id,
    status: 'invalid',
    detail: `${first?.field ?? 'report'}: expected ${first?.expected ?? 'a valid report'}.`,
  };
}

async function report(
  { client, invocationId }: ApiRequest,
  item: SessionReport,
  incarnation: string | undefined,
  nowMs: number,
): Promise<ReportResult> {
  const { resourceGroup, containerGroupName, ...counts } = item;
  const id = { resourceGroup, containerGroupName };
  const group = await client.read(containerGroupEntity, groupKey(id));
  if (group === undefined) {
    return { ...id, status: 'unknownGroup' };
  }
  const command: ReportSessionsCommand = {
    command: 'reportSessions',
    at: toInstant(nowMs),
    cause: `request ${invocationId}`,
    ...counts,
    ...(incarnation === undefined ? {} : { incarnation }),
  };
  const decision = decide(group, command);
  if (decision.outcome === 'refused') {
    return { ...id, status: 'stale', state: group.state, detail: decision.refusal.message };
  }
  const { command: _command, ...input } = command;
  await send(client, id, input);
  return { ...id, status: 'accepted', state: group.state };
}

function send(client: DurableApi, id: GroupId, input: Omit<ReportSessionsCommand, 'command'>): Promise<void> {
  return client.signal(containerGroupEntity, groupKey(id), 'reportSessions', input);
}

/** Handles the items of different groups side by side, those of one group one after the other. */
async function inOrderOfGroup(
  items: ParsedItem[],
  handle: (item: ParsedItem, index: number) => Promise<void>,
): Promise<void> {
  const chains = new Map<string, number[]>();
  items.forEach((item, index) => {
    const key = 'violations' in item ? `invalid ${index}` : groupKey(item.report);
    chains.set(key, [...(chains.get(key) ?? []), index]);
  });
  const queue = [...chains.values()];
  const worker = async (): Promise<void> => {
    for (let chain = queue.pop(); chain !== undefined; chain = queue.pop()) {
      for (const index of chain) {
        const item = items[index];
        if (item !== undefined) {
          await handle(item, index);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_GROUPS, queue.length) }, worker));
}
