import { containerGroupEntity } from '../../contracts/container-group.ts';
import { reportRequestSchema } from '../../contracts/http-api.ts';
import { resourceChanged } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { groupKey, provisionInstanceId, type GroupId } from '../../domain/group/group-id.ts';
import { lastHeartbeatAt } from '../../domain/group/group-limits.ts';
import { newerState, tokenOfNewer } from '../../domain/group/newer-group.ts';
import { toListItem } from '../../domain/group/list-item.ts';
import { addMs, elapsedMs, toInstant } from '../../domain/time.ts';
import type { IdentifiedToken, TokenHolder, TokenMint } from '../../security/container-token.ts';
import type { ReportGate } from '../../security/report-gate.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';
import type { Received } from './reception.ts';
import type { HttpFunction } from './register-http.ts';
import {
  createReportSender,
  invalidReport,
  parseReport,
  requireAnyDone,
  type ReportResult,
  type SendReport,
} from './session-reports.ts';

/** A report is some hundred bytes; a server may send a few at once. */
const MAX_REPORT_BYTES = 16 * 1024;

const ROUTE = 'ACIReport/{resourceGroup}/{containerGroupName}';

/** What ACIReport needs beside a request. */
export interface ReportDependencies {
  now: () => number;
  receive: () => Received;
  /** Looks at a token before anything is read for it, and afterwards. */
  gate: ReportGate;
  tokens: Pick<TokenMint, 'mint' | 'remint' | 'isOf' | 'identify'>;
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
      const speaker = await authenticate(request, id, dependencies, nowMs);
      const { group } = speaker;
      const body = parseRequest(reportRequestSchema, await request.json(MAX_REPORT_BYTES));
      const send = createReportSender(request, 'server');
      const results: ReportResult[] = [];
      for (const item of Array.isArray(body) ? body : [body]) {
        results.push(await takeOwn({ ...id, ...item }, group, dependencies.receive(), send));
      }
      requireAnyDone(results);
      await wakeProvisioning(request, group);
      const token = await tokenAfter(request, speaker, dependencies, nowMs);
      return { jsonBody: { results, state: group.state, ...defined({ token }) } };
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
      const { group } = await authenticate(request, idOf(request), dependencies, dependencies.now());
      return { jsonBody: toListItem(group) };
    },
  };
}

function idOf({ params }: ApiRequest): GroupId {
  const { resourceGroup = '', containerGroupName = '' } = params;
  return { resourceGroup, containerGroupName };
}

/** The group that a token speaks for, and which of the group's tokens it is. */
interface Speaker {
  group: ContainerGroup;
  generation: 'previous' | 'present' | 'next';
  /** The token itself, where the entity does not know which one the container has, since the group was adopted. */
  brought?: IdentifiedToken | undefined;
}

/** The group that the request's token speaks for. Whatever is wrong, the answer is the same: it tells nothing of groups. */
async function authenticate(
  { client, header, query }: ApiRequest,
  id: GroupId,
  { gate, tokens }: ReportDependencies,
  nowMs: number,
): Promise<Speaker> {
  const token = /^Bearer (\S+)$/i.exec(header('authorization') ?? '')?.[1] ?? query['sig'] ?? '';
  if (token === '' || token.length > 256 || checkGroupId(id).length > 0) {
    throw notAuthenticated();
  }
  const key = groupKey(id);
  const retryAfterMs = gate.take(key, token, nowMs);
  if (retryAfterMs !== undefined) {
    const message = 'This container group reports more often than it may.';
    throw new Problem(
      { code: 'tooManyReports', message },
      {},
      { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) },
    );
  }
  const found = await client.readAny(containerGroupEntity, key);
  const known = found?.is === 'newer' ? tokenOfNewer(found.stored) : found?.state.token;
  if (found === undefined || known === undefined) {
    throw notAuthenticated();
  }
  if (gate.verify(token, digestsAt(known, nowMs))) {
    if (found.is === 'newer') {
      throw new Problem(newerState(key));
    }
    return { group: found.state, generation: gate.verify(token, [known.digest]) ? 'present' : 'previous' };
  }
  const speaker = found.is === 'known' ? identify(found.state, token, tokens) : undefined;
  if (speaker === undefined) {
    throw notAuthenticated();
  }
  return speaker;
}

/** Whose a token is that the entity does not know; nobody but us can make it. */
function identify(
  group: ContainerGroup,
  token: string,
  tokens: Pick<TokenMint, 'isOf' | 'identify'>,
): Speaker | undefined {
  if (group.token.isAdopted === true) {
    // Which of the incarnation's tokens the containers have is lost with what was known of the group.
    const brought = tokens.identify({ groupKey: groupKey(group), incarnation: group.incarnation }, token);
    return brought && { group, generation: 'present', brought };
  }
  // An answer hands the next token out before the entity knows it.
  return tokens.isOf(holderOf(group, group.token.generation + 1), token) ? { group, generation: 'next' } : undefined;
}

function digestsAt(token: ContainerGroup['token'], nowMs: number): string[] {
  const { previous } = token;
  const isInGrace = previous !== undefined && elapsedMs(toInstant(nowMs), previous.validUntil) > 0;
  return isInGrace ? [token.digest, previous.digest] : [token.digest];
}

function holderOf(group: ContainerGroup, generation: number): TokenHolder {
  return { groupKey: groupKey(group), incarnation: group.incarnation, generation };
}

async function takeOwn(
  item: unknown,
  group: ContainerGroup,
  received: Received,
  send: SendReport,
): Promise<ReportResult> {
  const parsed = parseReport(item);
  if ('violations' in parsed) {
    return invalidReport(parsed);
  }
  if (groupKey(parsed.report) !== groupKey(group)) {
    const violations = [{ field: 'containerGroupName', expected: 'the group that this token was given to' }];
    return invalidReport({ violations, id: {} });
  }
  return send(parsed.report, group, received);
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
  { tokens, settings: { tokenRotationMs, tokenGraceMs } }: ReportDependencies,
  nowMs: number,
): Promise<string | undefined> {
  const at = toInstant(nowMs);
  if (tokenRotationMs === undefined || elapsedMs(group.token.issuedAt, at) < tokenRotationMs) {
    return undefined;
  }
  const generation = Math.max(group.token.generation, brought?.generation ?? 0) + 1;
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
  return token;
}

function notAuthenticated(): Problem {
  return new Problem({ code: 'notAuthenticated', message: "The token is not one of this container group's." });
}
