import type { collectGarbage } from '../contracts/garbage-collection.ts';
import { findGarbage, readDeletions, startDeletions, sweepNow } from '../contracts/garbage-collection.ts';
import { defined } from '../domain/defined.ts';
import { backoffMs, type Backoff } from '../domain/backoff.ts';
import {
  addToReport,
  emptyReport,
  type Collection,
  type SweepReport,
  newerGroup,
  unreadableGroup,
} from '../domain/sweep/garbage.ts';
import { groupKey, type GroupId } from '../domain/group/group-id.ts';
import { elapsedMs } from '../domain/time.ts';
import { call, delay, eventOrDelay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Sweep = OrchestrationOf<typeof collectGarbage>;

/** A delete is answered within seconds when nothing is wrong; the looks at it grow rarer up to a quarter of a minute. */
const DELETION_POLL: Backoff = { firstMs: 250, factor: 2, capMs: 15_000 };

/**
 * Deletions that a sweep starts at once. The next ones follow when these have ended or have taken too long, so that this bounds
 * what comes in one go, and not what ACI counts.
 */
const MAX_PARALLEL_DELETIONS = 30;

/** What takes longer is left to its own orchestration and reported as under way: one stuck group must not hold up a sweep. */
const DELETION_PATIENCE_MS = 120_000;

/** When a sweep breaks, the next one comes after this long. */
const RETRY_INTERVAL_MS = 60_000;

/**
 * The eternal sweep as 0.1.0 began it, where a turn is a whole sweep and waits for its deletions.
 *
 * One turn of the eternal sweep: sweep, publish, wait for the interval or for `sweepNow`, start over at once. A sweep-now
 * that arrives while a sweep is under way wins the next race; one that continue-as-new drops is older than the sweep after it.
 */
export function* orchestrateGarbageCollectionAs010(context: Sweep): Step<undefined> {
  const { number, last } = context.input;
  context.publish({ number, phase: 'sweeping', ...defined({ last }) });
  const { report, sweepIntervalMs } = yield* sweep(context, number);
  context.publish({ number, phase: 'waiting', last: report });
  yield* eventOrDelay(context, sweepNow, sweepIntervalMs);
  context.continueAsNew({ number: number + 1, last: report });
  return undefined;
}

function* sweep(context: Sweep, number: number): Step<{ report: SweepReport; sweepIntervalMs: number }> {
  const sweptAt = context.now();
  let report = emptyReport(number, sweptAt);
  let sweepIntervalMs = RETRY_INTERVAL_MS;
  let continuationToken: string | undefined;
  try {
    do {
      const page = yield* call(context, findGarbage, defined({ continuationToken }));
      const leftAlone = [...page.unreadable.map(unreadableGroup), ...(page.newer ?? []).map(newerGroup)];
      report = addToReport(report, page.keptCount, leftAlone);
      for (let index = 0; index < page.garbage.length; index += MAX_PARALLEL_DELETIONS) {
        const groups = page.garbage.slice(index, index + MAX_PARALLEL_DELETIONS);
        report = addToReport(report, 0, yield* collect(context, groups, `sweep ${number}`));
      }
      ({ continuationToken, sweepIntervalMs } = { continuationToken: undefined, ...page });
    } while (continuationToken !== undefined);
  } catch (error) {
    // The sweep is eternal: what breaks one turn is reported, and the next turn tries again.
    const message = `The sweep broke: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown cause'}`;
    const failure = { code: 'internal', message } as const;
    report = addToReport(report, 0, [{ resourceGroup: '*', containerGroupName: '*', failure }]);
    sweepIntervalMs = RETRY_INTERVAL_MS;
  }
  return { report: { ...report, durationMs: elapsedMs(sweptAt, context.now()) }, sweepIntervalMs };
}

/** Deletes some groups at once and waits for them, though not for ever. */
function* collect(context: Sweep, groups: GroupId[], cause: string): Step<Collection[]> {
  const since = context.now();
  yield* call(context, startDeletions, { groups, cause });
  const ended: Collection[] = [];
  let open = groups;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (elapsedMs(since, context.now()) > DELETION_PATIENCE_MS) {
      const failure = {
        code: 'deletionUnderWay',
        message: 'ARM has not finished yet; the deletion goes on by itself.',
      } as const;
      return [...ended, ...open.map((group) => ({ ...group, failure }))];
    }
    yield* delay(context, backoffMs(DELETION_POLL, attempt));
    const news = yield* call(context, readDeletions, { groups: open });
    ended.push(...news.ended);
    const done = new Set(news.ended.map(groupKey));
    open = open.filter((group) => !done.has(groupKey(group)));
  }
  return ended;
}
