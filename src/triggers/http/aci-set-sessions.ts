import { containerGroupEntity } from '../../contracts/container-group.ts';
import { setSessionsRequestSchema } from '../../contracts/http-api.ts';
import { groupKey } from '../../domain/group/group-id.ts';
import { newerState } from '../../domain/group/newer-group.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import { violationProblem } from './problem.ts';
import type { Received } from './reception.ts';
import type { HttpFunction } from './register-http.ts';
import {
  createReportSender,
  invalidReport,
  parseReport,
  requireAnyDone,
  type ParsedReport,
  type ReportResult,
  type SendReport,
  type SessionReport,
} from './session-reports.ts';

/** Groups of one request that are written at once. */
const PARALLEL_GROUPS = 16;

/** ACISetSessions: takes session counts of one or many groups, each with a result of its own. */
export function aciSetSessions(receive: () => Received): HttpFunction {
  return {
    name: 'ACISetSessions',
    methods: ['POST'],
    handle: async (request) => {
      const body = parseRequest(setSessionsRequestSchema, await request.json());
      const items = (Array.isArray(body) ? body : [body]).map(parseReport);
      const violations = items.flatMap((item) => ('violations' in item ? item.violations : []));
      if (items.every((item) => 'violations' in item)) {
        throw violationProblem(violations, 'invalidRequest');
      }
      const send = createReportSender(request, 'matchmaker');
      const results = Array.from<ReportResult>({ length: items.length });
      await inOrderOfGroup(items, async (item, index) => {
        results[index] = 'violations' in item ? invalidReport(item) : await take(request, item.report, receive(), send);
      });
      requireAnyDone(results);
      return { jsonBody: { results } };
    },
  };
}

async function take(
  request: ApiRequest,
  report: SessionReport,
  received: Received,
  send: SendReport,
): Promise<ReportResult> {
  const { resourceGroup, containerGroupName } = report;
  const found = await request.client.readAny(containerGroupEntity, groupKey(report));
  if (found === undefined) {
    return { resourceGroup, containerGroupName, status: 'unknownGroup' };
  }
  return found.is === 'newer'
    ? { resourceGroup, containerGroupName, status: 'newerState', detail: newerState(groupKey(report)).message }
    : send(report, found.state, received);
}

/** Handles the items of different groups side by side, those of one group one after the other. */
async function inOrderOfGroup(
  items: ParsedReport[],
  handle: (item: ParsedReport, index: number) => Promise<void>,
): Promise<void> {
  const chains = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = 'violations' in item ? `invalid ${index}` : groupKey(item.report);
    chains.set(key, [...(chains.get(key) ?? []), index]);
  }
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
