import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { groupKey, type GroupId } from '../../domain/group/group-id.ts';
import { newerState, tokenOfNewer } from '../../domain/group/newer-group.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import { elapsedMs, toInstant, type Instant } from '../../domain/time.ts';
import type { IdentifiedToken, TokenHolder, TokenMint } from '../../security/container-token.ts';
import type { ReportGate } from '../../security/report-gate.ts';
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';
import type { ReportMemory } from './session-reports.ts';

/** What tells whose a token is. */
export interface Recognition {
  /** Looks at a token before anything is read for it, and afterwards. */
  gate: ReportGate;
  tokens: Pick<TokenMint, 'isOf' | 'identify'>;
  memory: Pick<ReportMemory, 'known'>;
}

/** The group that a token speaks for, and which of the group's tokens it is. */
export interface Speaker {
  group: ContainerGroup;
  generation: 'previous' | 'present' | 'next';
  /** The group is as it was known a moment ago. */
  isKnown?: true;
  /** The token itself, where the entity does not know which one the container has, since the group was adopted. */
  brought?: IdentifiedToken | undefined;
}

/** The token of a request, if the gate lets it pass. Whatever is wrong, the answer is the same: it tells nothing of groups. */
export function admit(
  { header, query }: Pick<ApiRequest, 'header' | 'query'>,
  id: GroupId,
  { gate }: Pick<Recognition, 'gate'>,
  nowMs: number,
): string {
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
  return token;
}

/** Whose the token is by what was known of the group a moment ago, if that is enough to tell. */
export function recogniseKnown(id: GroupId, token: string, { gate, memory }: Recognition): Speaker | undefined {
  const group = memory.known.find(groupKey(id));
  return group !== undefined && gate.verify(token, [group.token.digest])
    ? { group, generation: 'present', isKnown: true }
    : undefined;
}

/** Whose the token is by the group as it is now. */
export async function recognise(
  client: ApiRequest['client'],
  id: GroupId,
  token: string,
  { gate, tokens, memory }: Recognition,
  nowMs: number,
): Promise<Speaker> {
  const key = groupKey(id);
  const found = await memory.known.read(client, key);
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
  const speaker = found.is === 'known' ? identify(found.state, token, tokens, nowMs) : undefined;
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
  nowMs: number,
): Speaker | undefined {
  const { previous, generation } = group.token;
  if (group.token.isAdopted === true) {
    // Which of the incarnation's tokens the containers have is lost with what was known of the group.
    const brought = tokens.identify({ groupKey: groupKey(group), incarnation: group.incarnation }, token);
    return brought && { group, generation: 'present', brought };
  }
  if (previous?.isAny === true && isInGrace(previous, nowMs)) {
    const earlier = tokens.identify({ groupKey: groupKey(group), incarnation: group.incarnation }, token);
    if (earlier !== undefined && earlier.generation < generation) {
      return { group, generation: 'previous' };
    }
  }
  // An answer hands the next token out before the entity knows it.
  return tokens.isOf(holderOf(group, generation + 1), token) ? { group, generation: 'next' } : undefined;
}

function digestsAt(token: ContainerGroup['token'], nowMs: number): string[] {
  const { previous } = token;
  return previous !== undefined && isInGrace(previous, nowMs) ? [token.digest, previous.digest] : [token.digest];
}

function isInGrace({ validUntil }: { validUntil: Instant }, nowMs: number): boolean {
  return elapsedMs(toInstant(nowMs), validUntil) > 0;
}

/** Whom a token of this generation is made for. */
export function holderOf(group: ContainerGroup, generation: number): TokenHolder {
  return { groupKey: groupKey(group), incarnation: group.incarnation, generation };
}

function notAuthenticated(): Problem {
  return new Problem({ code: 'notAuthenticated', message: "The token is not one of this container group's." });
}
