import { isTokenOf, type TokenMint } from './container-token.ts';
import { createRateLimit } from './rate-limit.ts';

/** Decides whether a container's request is looked at, before anything is read for it. */
export interface ReportGate {
  /** Undefined when it may pass, else the milliseconds until it may try again. */
  take(groupKey: string, token: string, nowMs: number): number | undefined;
  /** Whether the token has one of these digests. */
  verify(token: string, digests: readonly string[]): boolean;
}

/** A server reports when a session begins or ends; five a second, twenty at once, is more than any game needs. */
const REPORTS = { burst: 20, perSecond: 5, maxKeys: 10_000 };

/**
 * What is no token that we made is a guess, or was made with a sealing key that is gone; these share a little for each group
 * and a little in all, so that guesses cost next to nothing.
 */
const STRANGERS = { burst: 20, perSecond: 1, maxKeys: 10_000 };
const ALL_STRANGERS = { burst: 200, perSecond: 50, maxKeys: 1 };

/**
 * Creates the gate. Each token that we made has its own limit, so that neither guesses nor a token of an earlier group of the
 * name can shut a container out. It lives in memory: its limits hold for each instance of the app.
 */
export function createReportGate({ isMinted }: Pick<TokenMint, 'isMinted'>): ReportGate {
  const reports = createRateLimit(REPORTS);
  const strangers = createRateLimit(STRANGERS);
  const allStrangers = createRateLimit(ALL_STRANGERS);
  return {
    take: (groupKey, token, nowMs) =>
      isMinted(groupKey, token)
        ? reports.take(token, nowMs)
        : (strangers.take(groupKey, nowMs) ?? allStrangers.take('all', nowMs)),
    verify: isTokenOf,
  };
}
