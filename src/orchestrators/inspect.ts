import type { z } from 'zod';
import { containerGroupEntity } from '../contracts/container-group.ts';
import { inspectContainerGroups, type Finding, type inspect } from '../contracts/inspection.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import type { Failure } from '../domain/failure.ts';
import { groupIdOfKey, groupKey } from '../domain/group/group-id.ts';
import {
  addToInspection,
  brokenInspection,
  emptyInspection,
  lastLookOf,
  type Inspection,
  type InspectionFound,
} from '../domain/inspect/inspecting.ts';
import { passDelayMs, turnDelayMs } from '../domain/inspect/inspection-pace.ts';
import { elapsedMs } from '../domain/time.ts';
import { ask, call, delay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Inspecting = OrchestrationOf<typeof inspect>;
type Inspected = z.infer<typeof inspectContainerGroups.output>;

/** Looks that ARM refuses for their number are asked for so often in a turn; what goes on being refused is left to the next inspection. */
const MAX_TRIES = 4;

/** When an inspection breaks, the next one comes after this long. */
const RETRY_INTERVAL_MS = 60_000;

/** What an inspection has come to so far. */
interface Progress {
  report: Inspection;
}

/**
 * One turn of the eternal inspection looks at the containers of a page of groups and tells the entities what is new of them, naming the incarnation
 * that was seen. Between turns it waits, so that the looks are spread over the interval and leave ARM's reads to others; the last turn waits
 * for the next inspection, which begins anew.
 */
export function* orchestrateInspection(context: Inspecting): Step<undefined> {
  const { number, last, soFar } = context.input;
  const progress = { report: soFar?.report ?? emptyInspection(number, context.now()) };
  const countBefore = progress.report.inspectedCount;
  context.publish({ number, phase: 'inspecting', ...defined({ last }) });
  try {
    const inspected = yield* lookAndTell(context, progress, soFar?.continuationToken);
    const { inspectIntervalMs: intervalMs, continuationToken } = inspected;
    const { inspectedAt, inspectedCount } = progress.report;
    const pass = { inspectedAt, inspectedCount, turnCount: inspectedCount - countBefore, intervalMs };
    if (continuationToken === undefined) {
      yield* waitForNext(context, progress, intervalMs, passDelayMs(pass, context.now()));
      return undefined;
    }
    yield* pause(context, turnDelayMs({ ...pass, expectedCount: last?.inspectedCount ?? 0 }, context.now()));
    context.continueAsNew({ number, ...defined({ last }), soFar: { report: progress.report, continuationToken } });
  } catch (error) {
    add(progress, { failed: [{ resourceGroup: '*', containerGroupName: '*', failure: broken(error) }] });
    progress.report = brokenInspection(progress.report, last);
    yield* waitForNext(context, progress, RETRY_INTERVAL_MS, RETRY_INTERVAL_MS);
  }
  return undefined;
}

function* waitForNext(context: Inspecting, { report }: Progress, intervalMs: number, waitMs: number): Step<void> {
  const { number } = context.input;
  const durationMs = elapsedMs(report.inspectedAt, context.now());
  const isLate = report.isBroken === undefined && durationMs > intervalMs;
  const last = { ...report, durationMs, ...(isLate && { isLate: true as const }) };
  context.publish({ number, phase: 'waiting', last });
  yield* pause(context, waitMs);
  context.continueAsNew({ number: number + 1, last });
}

function* pause(context: Inspecting, ms: number): Step<void> {
  if (ms > 0) {
    yield* delay(context, ms);
  }
}

/** Looks at the page, again where ARM refused a look for the number of calls, and tells what was found. */
function* lookAndTell(context: Inspecting, progress: Progress, continuationToken: string | undefined): Step<Inspected> {
  const first = yield* look(context, defined({ continuationToken }));
  yield* tell(context, progress, first);
  let { refused } = { refused: undefined, ...first };
  for (let attempt = 0; refused !== undefined && attempt + 1 < MAX_TRIES; attempt += 1) {
    yield* delay(context, backoffMs(ARM_RETRY, attempt, refused.retryAfterMs));
    const { keys } = refused;
    try {
      const again = yield* look(context, { only: keys });
      yield* tell(context, progress, again);
      ({ refused } = { refused: undefined, ...again });
    } catch (error) {
      // Where the next page begins is known: these groups alone are left to the next inspection.
      refused = { keys, failure: broken(error) };
      break;
    }
  }
  if (refused !== undefined) {
    const { keys, failure } = refused;
    add(progress, { failed: keys.map((key) => ({ ...groupIdOfKey(key), failure })) });
  }
  return first;
}

function look(
  context: Inspecting,
  which: Pick<z.infer<typeof inspectContainerGroups.input>, 'continuationToken' | 'only'>,
): Step<Inspected> {
  const { last } = context.input;
  const times = defined({ lastLookAt: lastLookOf(last), lastDurationMs: last?.durationMs });
  return call(context, inspectContainerGroups, { ...which, ...times });
}

function* tell(context: Inspecting, progress: Progress, { inspectedCount, failed, findings }: Inspected): Step<void> {
  add(progress, { inspectedCount, failed });
  for (const finding of findings) {
    add(progress, yield* tellOne(context, finding));
  }
}

/** What breaks is told, and the others are told all the same. */
function* tellOne(context: Inspecting, finding: Finding): Step<InspectionFound> {
  const { resourceGroup, containerGroupName, ...found } = finding;
  const id = { resourceGroup, containerGroupName };
  const what = found.ending?.event ?? (found.restarted === undefined ? undefined : 'restarted');
  const command = { at: context.now(), cause: `inspection ${context.input.number}`, ...found };
  try {
    const { outcome } = yield* ask(context, containerGroupEntity, groupKey(id), 'recordInspection', command);
    return outcome === 'changed' && what !== undefined ? { incidents: [{ ...id, what }] } : {};
  } catch (error) {
    return { failed: [{ ...id, failure: broken(error) }] };
  }
}

function add(progress: Progress, found: InspectionFound): void {
  progress.report = addToInspection(progress.report, found);
}

function broken(error: unknown): Failure {
  const cause = error instanceof Error ? error.message.slice(0, 300) : 'unknown cause';
  return { code: 'internal', message: `The inspection broke: ${cause}` };
}
