import { elapsedMs, toInstant, type Instant } from '../domain/time.ts';
import { defined } from '../domain/defined.ts';
import type { KeptRow } from '../domain/sweep/at-rest.ts';
import type { PageRequest, RowPage } from '../durable/durable-client.ts';

/** A list whose rows are purged where they may be. */
export interface Purge<Row> {
  /** Of what, for the log. */
  what: string;
  log: (message: string) => void;
  now: () => number;
  readPage(page: PageRequest): Promise<RowPage<Row>>;
  /** Whether the list alone speaks for a purge; what speaks against it may be found later. */
  isCandidate(row: KeptRow, at: Instant): boolean;
  /** Looks once more, and purges; answers whether it did. */
  purge(row: Row): Promise<boolean>;
}

/** Rows without their inputs are small. Table storage gives a thousand at the most. */
const PAGE_SIZE = 500;

/** Purges at once: each is some requests to the storage, which has others to serve. */
const PARALLEL_PURGES = 10;

/** Of one run, which is not to keep the storage busy for long. */
const MAX_PURGES = 2_000;

/** A function has five minutes (host.json, functionTimeout). */
const MAX_RUN_MS = 180_000;

/**
 * Goes through a list and purges what may be, a few at a time, until the list or what a run may do is at its end; the next run goes on. Throws
 * at the end when some could not be purged: one of them must not keep the others.
 */
export async function purgePages<Row>({ what, log, now, readPage, isCandidate, purge }: Purge<Row>): Promise<void> {
  const since = toInstant(now());
  const errors: PromiseRejectedResult[] = [];
  let purgedCount = 0;
  let continuationToken: string | undefined;
  const isOver = (): boolean => purgedCount >= MAX_PURGES || elapsedMs(since, toInstant(now())) > MAX_RUN_MS;
  do {
    const page = await readPage({ limit: PAGE_SIZE, ...defined({ continuationToken }) });
    const candidates = page.rows.filter((row) => isCandidate(row, since));
    for (let index = 0; index < candidates.length && !isOver(); index += PARALLEL_PURGES) {
      const results = await Promise.allSettled(candidates.slice(index, index + PARALLEL_PURGES).map(purge));
      purgedCount += results.filter((result) => result.status === 'fulfilled' && result.value).length;
      errors.push(...results.filter((result) => result.status === 'rejected'));
    }
    ({ continuationToken } = { continuationToken: undefined, ...page });
  } while (continuationToken !== undefined && !isOver());
  if (purgedCount > 0) {
    log(`${purgedCount} ${what} were purged${isOver() ? '; the next run goes on' : ''}.`);
  }
  if (errors.length > 0) {
    throw new Error(`${errors.length} ${what} could not be purged.`, { cause: errors[0]?.reason });
  }
}
