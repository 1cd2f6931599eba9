import { createLives } from './lives.ts';
import type { Invariant } from './invariant.ts';

/** A server that has missed so many of its own reports, or is silent for ACI_SESSIONS_STALE_AFTER, is for the protection to judge. */
const MISSED_REPORTS = 2.2;

/** The first promise of all. */
export const liveSessions: Invariant = {
  name: 'live sessions',
  promise:
    'No container group is deleted by the app while its server runs, serves players who were let in on the word of an ' +
    'accepted report, and goes on reporting; unless somebody asked ACIDelete to delete it all the same.',
  judge({ servers, plan: { sessionsStaleAfterMs } }) {
    const lives = createLives();
    return {
      take(fact) {
        lives.take(fact);
        if (fact.fact !== 'arm' || fact.method !== 'DELETE' || fact.resource === undefined) return [];
        const server = servers.of(fact.resource);
        if (server === undefined || lives.isForced(fact.resource)) return [];
        const silentMs = fact.atMs - server.heardAtMs;
        const isLive = server.isAlive && server.players > 0 && server.isCountKnown;
        return isLive && silentMs < Math.min(MISSED_REPORTS * server.intervalMs, sessionsStaleAfterMs)
          ? [
              {
                group: server.key,
                says: `${server.key} was deleted with ${server.players} players on it, whose server had reported ${Math.round(silentMs / 1_000)} s before`,
              },
            ]
          : [];
      },
    };
  },
};
