import { isTokenOf } from './container-token.ts';
import { createRateLimit } from './rate-limit.ts';

/** Decides whether a container's request is looked at, before anything is read for it. */
export interface ReportGate {
  /** Undefined when it may pass, else the milliseconds until it may try again. */
  take(groupKey: string, token: string, nowMs: number): number | undefined;
  /** Whether the token has one of these digests; one that has is trusted to be a container's from now on. */
  verify(groupKey: string, token: string, digests: readonly string[]): boolean;
}

/** A server reports when a session begins or ends; five a second, twenty at once, is more than any game needs. */
const REPORTS = { burst: 20, perSecond: 5, maxKeys: 10_000 };

/** Tokens never seen to be good share this for each group, so that guesses neither cost much nor shut the container out. */
const STRANGERS = { burst: 20, perSecond: 1, maxKeys: 10_000 };

const MAX_KNOWN_TOKENS = 10_000;

/** Creates the gate; it lives in memory, so that its limits hold for each instance of the app. */
export function createReportGate(): ReportGate {
  const reports = createRateLimit(REPORTS);
  const strangers = createRateLimit(STRANGERS);
  const known = new Map<string, readonly string[]>();
  return {
    take(groupKey, token, nowMs) {
      return isTokenOf(token, known.get(groupKey) ?? [])
        ? reports.take(groupKey, nowMs)
        : strangers.take(groupKey, nowMs);
    },
    verify(groupKey, token, digests) {
      if (!isTokenOf(token, digests)) {
        return false;
      }
      known.delete(groupKey);
      known.set(groupKey, digests);
      if (known.size > MAX_KNOWN_TOKENS) {
        known.delete(known.keys().next().value ?? groupKey);
      }
      return true;
    },
  };
}
