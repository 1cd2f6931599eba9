import { containerGroupEntity } from '../../contracts/container-group.ts';
import { reportRequestSchema } from '../../contracts/http-api.ts';
import { resourceChanged } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { groupKey, provisionInstanceId, type GroupId } from '../../domain/group/group-id.ts';
import { nextGeneration } from '../../domain/group/rotate-token.ts';
import { lastHeartbeatAt } from '../../domain/group/group-limits.ts';
import { toListItem } from '../../domain/group/list-item.ts';
import { addMs, elapsedMs, toInstant } from '../../domain/time.ts';
import type { TokenMint } from '../../security/container-token.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import type { Received } from './reception.ts';
import type { HttpFunction } from './register-http.ts';
import { admit, holderOf, recognise, recogniseKnown, type Recognition, type Speaker } from './report-speaker.ts';
import {
  createReportSender,
  invalidReport,
  parseReport,
  requireAnyDone,
  type ReportMemory,
  type ReportResult,
  type SessionReport,
} from './session-reports.ts';

/** A report is some hundred bytes; a server may send a few at once. */
const MAX_REPORT_BYTES = 16 * 1024;

const ROUTE = 'ACIReport/{resourceGroup}/{containerGroupName}';

/** What ACIReport needs beside a request. */
export interface ReportDependencies extends Recognition {
  now: () => number;
  receive: () => Received;
  tokens: Pick<TokenMint, 'mint' | 'remint' | 'isOf' | 'identify'>;
  memory: ReportMemory;
  settings: {
    /** Undefined: a token is good as long as its group. */
    tokenRotationMs?: number;
    tokenGraceMs: number;
  };
}

/**
 * ACIReport, POST: a container's own reports, with the body of ACISetSessions. Its token speaks for one incarnation of one
 * group; when it is due for rotation, or was rotated and the answer got lost, the answer brings the next one.
 */
export function aciReport(dependencies: ReportDependencies): HttpFunction {
  return {
    name: 'ACIReport',
    methods: ['POST'],
    route: ROUTE,
    handle: async (request) => {
      const id = idOf(request);
      const nowMs = dependencies.now();
      const token = admit(request, id, dependencies, nowMs);
      const recogniseAnew = (): Promise<Speaker> => recognise(request.client, id, token, dependencies, nowMs);
      let speaker = recogniseKnown(id, token, dependencies) ?? (await recogniseAnew());
      const body = parseRequest(reportRequestSchema, await request.json(MAX_REPORT_BYTES));
      const sender = createReportSender(request, 'server', dependencies.memory);
      const results: ReportResult[] = [];
      for (const item of Array.isArray(body) ? body : [body]) {
        const own = parseOwn({ ...id, ...item }, id);
        if ('status' in own) {
          results.push(own);
          continue;
        }
        const received = dependencies.receive();
        const { group, isKnown } = speaker;
        const result = isKnown ? await sender.sendIfKnown(own, group, received) : undefined;
        if (result === undefined && isKnown) {
          speaker = await recogniseAnew();
        }
        results.push(result ?? (await sender.send(own, speaker.group, received)));
      }
      requireAnyDone(results);
      const { group } = speaker;
      await wakeProvisioning(request, group);
      const next = await tokenAfter(request, speaker, dependencies, nowMs);
      return { jsonBody: { results, state: group.state, ...defined({ token: next }) } };
    },
  };
}

/** ACIReport, GET: the state of the container's own group. */
export function aciReportState(dependencies: ReportDependencies): HttpFunction {
  return {
    name: 'ACIReportState',
    methods: ['GET'],
    route: ROUTE,
    handle: async (request) => {
      const id = idOf(request);
      const nowMs = dependencies.now();
      const token = admit(request, id, dependencies, nowMs);
      const { group } = await recognise(request.client, id, token, dependencies, nowMs);
      return { jsonBody: toListItem(group) };
    },
  };
}

function idOf({ params }: ApiRequest): GroupId {
  const { resourceGroup = '', containerGroupName = '' } = params;
  return { resourceGroup, containerGroupName };
}

/** An item of a request, made by the server of this very group. */
function parseOwn(item: unknown, id: GroupId): SessionReport | ReportResult {
  const parsed = parseReport(item);
  if ('violations' in parsed) {
    return invalidReport(parsed);
  }
  if (groupKey(parsed.report) !== groupKey(id)) {
    const violations = [{ field: 'containerGroupName', expected: 'the group that this token was given to' }];
    return invalidReport({ violations, id: {} });
  }
  return parsed.report;
}

/** A provisioning may wait for the first word of the server; it would look at Azure for each of the others. */
async function wakeProvisioning({ client }: ApiRequest, group: ContainerGroup): Promise<void> {
  const isFirst = lastHeartbeatAt(group.lastReport) === undefined;
  if (group.state === 'Creating' && group.readiness === 'report' && isFirst) {
    await client.raise(resourceChanged, provisionInstanceId(groupKey(group)), {});
  }
}

/** The token that the answer brings, if any. */
async function tokenAfter(
  request: ApiRequest,
  { group, generation, brought }: Speaker,
  dependencies: ReportDependencies,
  nowMs: number,
): Promise<string | undefined> {
  switch (generation) {
    case 'previous':
      return dependencies.tokens.remint(holderOf(group, group.token.generation), group.token.digest);
    case 'present':
      return rotate(request, { group, brought }, dependencies, nowMs);
    case 'next':
      return undefined;
  }
}

/** Gives the container a new token when its present one is old enough; the old one is taken until the grace is over. */
async function rotate(
  { client, cause }: ApiRequest,
  { group, brought }: Pick<Speaker, 'group' | 'brought'>,
  { tokens, memory, settings: { tokenRotationMs, tokenGraceMs } }: ReportDependencies,
  nowMs: number,
): Promise<string | undefined> {
  const at = toInstant(nowMs);
  if (tokenRotationMs === undefined || elapsedMs(group.token.issuedAt, at) < tokenRotationMs) {
    return undefined;
  }
  const generation = nextGeneration(group.token, brought?.generation);
  const { token, digest } = tokens.mint(holderOf(group, generation));
  await client.signal(containerGroupEntity, groupKey(group), 'rotateToken', {
    at,
    cause,
    incarnation: group.incarnation,
    generation,
    tokenDigest: digest,
    graceUntil: addMs(at, tokenGraceMs),
    ...defined({ previousDigest: brought?.digest }),
  });
  // What is known has the token of before, by which the one that was just handed out would be due for rotation again.
  memory.known.forget(groupKey(group));
  return token;
}
