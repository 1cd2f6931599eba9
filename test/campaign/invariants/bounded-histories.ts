import type { Invariant } from './invariant.ts';

/**
 * The backend reads all rows of a history with every step of its orchestration. The app goes on in another execution after 50 attempts of at most
 * 16 events (ARCHITECTURE.md, "No history grows without end").
 */
const MAX_ROWS = 1_000;
const MAX_HISTORY_BYTES = 1_000_000;

/** A state is read and written with every operation; a timeline of 40 entries, outcomes and wishes are some kilobytes. */
const MAX_STATE_BYTES = 64_000;

/** What waits has been asked for and not been done yet; with forty groups that is never much. */
const MAX_WAITING = 500;

/** Nothing grows without end. */
export const boundedHistories: Invariant = {
  name: 'bounded histories',
  promise:
    'At no time has an orchestration more than 1,000 rows or a megabyte of history, an entity more than 64 kilobytes of ' +
    'state, or a queue more than 500 messages.',
  judge() {
    return {
      take(fact) {
        if (fact.fact !== 'store') return [];
        return [
          ...[...fact.histories]
            .filter(([, { rows, bytes }]) => rows > MAX_ROWS || bytes > MAX_HISTORY_BYTES)
            .map(([id, { rows, bytes }]) => ({ says: `the history of ${id} has ${rows} rows and ${bytes} bytes` })),
          ...[...fact.entities]
            .filter(([, bytes]) => bytes > MAX_STATE_BYTES)
            .map(([id, bytes]) => ({ says: `the state of ${id} has ${bytes} bytes` })),
          ...[...fact.queues]
            .filter(([, rows]) => rows > MAX_WAITING)
            .map(([table, rows]) => ({ says: `${rows} messages wait in ${table}` })),
        ];
      },
    };
  },
};
