import type { z } from 'zod';
import type { collectGarbage } from '../contracts/garbage-collection.ts';
import {
  attendSlowCreations,
  enforceLimits,
  findGarbage,
  readDeletions,
  startDeletions,
  sweepNow,
} from '../contracts/garbage-collection.ts';
import { defined } from '../domain/defined.ts';
import { backoffMs, type Backoff } from '../domain/backoff.ts';
import { addToReport, earlierUnderWay, emptyReport, newerGroup, unreadableGroup } from '../domain/sweep/garbage.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { DELETIONS_PER_FIVE_MINUTES, nextStarts, withStarts } from '../domain/sweep/pace.ts';
import type { Sweeping } from '../domain/sweep/sweeping.ts';
import { afterLook, sortGarbage, summaryOf, withStarted } from '../domain/sweep/under-way.ts';
import { addMs, elapsedMs, type Instant } from '../domain/time.ts';
import { call, delay, listenFor, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Sweep = OrchestrationOf<typeof collectGarbage>;
type Page = z.infer<typeof findGarbage.output>;

/** A deletion takes seconds when nothing is wrong; the looks at it grow rarer up to a quarter of a minute. */
const DELETION_POLL: Backoff = { firstMs: 250, factor: 2, capMs: 15_000 };

/** When a sweep breaks, the next one comes after this long. */
const RETRY_INTERVAL_MS = 60_000;

/** Requests that a turn ignores before it begins anew, to be rid of its history: each leaves up to five events. */
const MAX_IGNORED = 100;

/** What a turn has come to, which the next one goes on with. */
type Progress = Required<Pick<Sweeping, 'underWay' | 'pace'>> & Pick<NonNullable<Sweeping['soFar']>, 'report'>;

/**
 * One turn of the eternal sweep takes a page of groups and starts the deletions in it, without waiting for them. The turn of the last page
 * ends the sweep: it publishes the report, counts what goes in it while it waits for the interval or for `sweepNow`, and starts over. What
 * goes later is counted by the next sweep. Each turn asks an activity: one that only raced an event against a timer would
 * meet its event for ever.
 */
export function* orchestrateGarbageCollection(context: Sweep): Step<undefined> {
  const { number, last, soFar, underWay = [], pace = [] } = context.input;
  const report = soFar?.report ?? { ...emptyReport(number, context.now()), startedCount: 0 };
  const progress: Progress = { report, underWay, pace };
  let waitUntil = soFar?.waitUntil;
  if (waitUntil === undefined) {
    context.publish({ number, phase: 'sweeping', ...defined({ last, underWay: summaryOf(underWay) }) });
    const { continuationToken, sweepIntervalMs } = yield* sweepPage(context, progress);
    if (continuationToken !== undefined) {
      goOn(context, progress, { report: progress.report, continuationToken });
      return undefined;
    }
    progress.report = { ...progress.report, durationMs: elapsedMs(progress.report.sweptAt, context.now()) };
    waitUntil = addMs(context.now(), sweepIntervalMs);
  } else {
    yield* countEnded(context, progress);
  }
  if (yield* collectUntil(context, progress, waitUntil)) {
    context.continueAsNew({ number: number + 1, last: progress.report, ...carriedOver(context, progress) });
  } else {
    goOn(context, progress, { report: progress.report, waitUntil });
  }
  return undefined;
}

function goOn(context: Sweep, progress: Progress, soFar: NonNullable<Sweeping['soFar']>): void {
  const { number, last } = context.input;
  context.continueAsNew({ number, ...defined({ last }), ...carriedOver(context, progress), soFar });
}

function carriedOver(context: Sweep, { underWay, pace }: Progress): Pick<Sweeping, 'underWay' | 'pace'> {
  const recent = withStarts(pace, 0, context.now());
  return { ...(underWay.length > 0 && { underWay }), ...(recent.length > 0 && { pace: recent }) };
}

/** What breaks one turn of the eternal sweep ends its sweep and is reported, and the next sweep tries again. */
function* sweepPage(context: Sweep, progress: Progress): Step<Pick<Page, 'continuationToken' | 'sweepIntervalMs'>> {
  const continuationToken = context.input.soFar?.continuationToken;
  try {
    const page = yield* call(context, findGarbage, defined({ continuationToken }));
    const leftAlone = [...page.unreadable.map(unreadableGroup), ...(page.newer ?? []).map(newerGroup)];
    progress.report = addToReport(progress.report, page.keptCount, leftAlone);
    yield* attend(context, progress, page);
    yield* startAll(context, progress, page);
    return page;
  } catch (error) {
    reportBroken(progress, error);
    progress.report = { ...progress.report, broken: true };
    return { sweepIntervalMs: RETRY_INTERVAL_MS };
  }
}

/** Looks after what else a page shows before it waits for the pace of its deletions, which go on where this fails. */
function* attend(context: Sweep, progress: Progress, { slow, passed }: Page): Step<void> {
  const cause = `sweep ${context.input.number}`;
  if (slow !== undefined) {
    try {
      yield* call(context, attendSlowCreations, { groups: slow, cause });
    } catch (error) {
      reportBroken(progress, error, 'Slow creations were not attended');
    }
  }
  if (passed !== undefined) {
    try {
      yield* call(context, enforceLimits, { groups: passed, cause });
    } catch (error) {
      reportBroken(progress, error, 'Limits were not enforced');
    }
  }
}

/** Starts the deletions of a page at the pace that ACI bears, and first counts those that have ended by then. */
function* startAll(context: Sweep, progress: Progress, page: Page): Step<void> {
  const { number } = context.input;
  const { deletionsPerFiveMinutes = DELETIONS_PER_FIVE_MINUTES } = page;
  const { underWay, toStart } = sortGarbage(progress.underWay, page.garbage, number);
  progress.underWay = underWay;
  for (let rest = toStart; rest.length > 0;) {
    const { count, afterMs } = nextStarts(progress.pace, deletionsPerFiveMinutes, rest.length, context.now());
    if (afterMs > 0) {
      yield* delay(context, afterMs);
    }
    if (progress.underWay.length > 0) {
      yield* look(context, progress);
    }
    yield* start(context, progress, rest.slice(0, count));
    rest = rest.slice(count);
  }
}

function* start(context: Sweep, progress: Progress, groups: Page['garbage']): Step<void> {
  const { number } = context.input;
  const begun = yield* call(context, startDeletions, { groups, cause: `sweep ${number}` });
  const { alreadyUnderWay: found = [], earlierUnderWay: earlier = [] } = begun;
  const others = new Set([...found, ...earlier].map(groupKey));
  const started = groups.filter((group) => !others.has(groupKey(group)));
  const { underWay, ended } = withStarted(progress.underWay, { started, found }, number, context.now());
  progress.underWay = underWay;
  progress.pace = withStarts(progress.pace, started.length, context.now());
  const report = addToReport(progress.report, 0, [...ended, ...earlier.map(earlierUnderWay)]);
  progress.report = { ...report, startedCount: (report.startedCount ?? 0) + started.length };
}

function* look(context: Sweep, progress: Progress): Step<void> {
  const groups = progress.underWay.map(({ resourceGroup, containerGroupName }) => ({
    resourceGroup,
    containerGroupName,
  }));
  const news = yield* call(context, readDeletions, { groups });
  const { underWay, ended } = afterLook(progress.underWay, news.ended, context.input.number, context.now());
  progress.underWay = underWay;
  progress.report = addToReport(progress.report, 0, ended);
}

/** Counts what ends until the next sweep is due; answers whether it is, or whether this turn has only grown too long. */
function* collectUntil(context: Sweep, progress: Progress, waitUntil: Instant): Step<boolean> {
  const { number } = context.input;
  const asked = listenFor(context, sweepNow);
  let lookCount = 0;
  for (let ignoredCount = 0; ignoredCount <= MAX_IGNORED;) {
    const { report, underWay } = progress;
    const isCollecting = underWay.length > 0;
    const phase = isCollecting ? 'collecting' : 'waiting';
    context.publish({ number, phase, last: report, ...defined({ underWay: summaryOf(underWay) }) });
    const leftMs = elapsedMs(context.now(), waitUntil);
    if (leftMs <= 0) {
      return true;
    }
    const raised = yield* asked.within(isCollecting ? Math.min(leftMs, backoffMs(DELETION_POLL, lookCount)) : leftMs);
    if (raised !== 'elapsed') {
      if ((raised.data?.after ?? Infinity) >= number) {
        return true;
      }
      ignoredCount += 1;
    } else if (isCollecting) {
      yield* countEnded(context, progress);
      lookCount += 1;
    }
  }
  return false;
}

/** Looks once more at what is under way; where that breaks, no report counts it any more. */
function* countEnded(context: Sweep, progress: Progress): Step<void> {
  try {
    yield* look(context, progress);
  } catch (error) {
    reportBroken(progress, error);
    progress.underWay = [];
  }
}

function reportBroken(progress: Progress, error: unknown, what = 'The sweep broke'): void {
  const message = `${what}: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown cause'}`;
  const failure = { code: 'internal', message } as const;
  progress.report = addToReport(progress.report, 0, [{ resourceGroup: '*', containerGroupName: '*', failure }]);
}
