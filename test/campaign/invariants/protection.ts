import type { ReportFact } from '../facts.ts';
import { runningSinceMs } from '../world/resources.ts';
import { createLives } from './lives.ts';
import type { Invariant } from './invariant.ts';

/** What was known of a group's sessions protects it, whatever is true. */
export const protection: Invariant = {
  name: 'protection',
  promise:
    'No container group whose last accepted report told of sessions is deleted by the app before ACI_SESSIONS_STALE_AFTER ' +
    'has gone by since that report and since it was marked, whoever reported; unless somebody asked ACIDelete to delete it ' +
    'all the same, or its container has ended.',
  judge({ plan: { sessionsStaleAfterMs } }) {
    const lives = createLives();
    const reports = new Map<string, ReportFact[]>();
    const marks = new Map<string, number>();
    return {
      take(fact) {
        lives.take(fact);
        if (fact.fact === 'report') {
          reports.set(fact.group, [...(reports.get(fact.group) ?? []), fact].slice(-5));
        } else if (fact.fact === 'command' && fact.command === 'ACISetState' && fact.status === 200) {
          marks.set(fact.group ?? '', stateSinceOf(fact.answer));
        }
        if (fact.fact !== 'arm' || fact.method !== 'DELETE' || fact.resource === undefined) return [];
        const { resource } = fact;
        const ofLife = (reports.get(resource.key) ?? []).filter(({ sentAtMs }) => sentAtMs >= lives.bornMs(resource));
        const last = lastCertain(ofLife);
        if (last === undefined || last.count === 0 || lives.isForced(resource)) return [];
        if (runningSinceMs(resource) === undefined) return [];
        const sinceMs = Math.max(last.sentAtMs, marks.get(resource.key) ?? 0);
        return fact.atMs - sinceMs < sessionsStaleAfterMs
          ? [
              {
                group: resource.key,
                says: `${resource.key} was deleted ${Math.round((fact.atMs - sinceMs) / 1_000)} s after the later of its mark and the report of ${last.count} sessions, which protect it for ${sessionsStaleAfterMs / 1_000} s`,
              },
            ]
          : [];
      },
    };
  },
};

/** A group that was given up already is not so anew. */
function stateSinceOf(answer: unknown): number {
  const isGroup = typeof answer === 'object' && answer !== null && 'stateSince' in answer;
  return isGroup ? Date.parse(String(answer.stateSince)) : 0;
}

/** The last report that was accepted, unless one after it may have been taken, too: whose answer was lost, or that is to be judged yet. */
function lastCertain(reports: readonly ReportFact[]): ReportFact | undefined {
  const last = reports.findLast(({ status }) => status !== 'refused' && status !== 'stale' && status !== '401');
  return last?.status === 'accepted' ? last : undefined;
}
