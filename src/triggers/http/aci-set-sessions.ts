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
  type ReportMemory,
  type ReportResult,
  type ReportSender,
  type SessionReport,
} from './session-reports.ts';

/** Groups of one request that are written at once. */
const PARALLEL_GROUPS = 16;

/** ACISetSessions: takes session counts of one or many groups, each with a result of its own. */
export function aciSetSessions(receive: () => Received, memory: ReportMemory): HttpFunction {
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
      const sender = createReportSender(request, 'matchmaker', memory);
      const results = Array.from<ReportResult>({ length: items.length });
      await inOrderOfGroup(items, async (item, index) => {
        results[index] =
          'violations' in item ? invalidReport(item) : await take(request, item.report, receive(), sender, memory);
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
  sender: ReportSender,
  { known }: ReportMemory,
): Promise<ReportResult> {
  const { resourceGroup, containerGroupName } = report;
  const key = groupKey(report);
  const group = known.find(key);
  const result = group && (await sender.sendIfKnown(report, group, received));
  if (result !== undefined) {
    return result;
  }
  const found = await known.read(request.client, key);
  if (found === undefined) {
    return { resourceGroup, containerGroupName, status: 'unknownGroup' };
  }
  return found.is === 'newer'
    ? { resourceGroup, containerGroupName, status: 'newerState', detail: newerState(key).message }
    : sender.send(report, found.state, received);
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
