import type { z } from 'zod';
import { compareResourceGroup, listResourceGroups, type reconcile } from '../contracts/reconciliation.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import { isRetryable, type Failure } from '../domain/failure.ts';
import {
  explainMassAbsence,
  heldBackIn,
  timesHeldBack,
  withCarriedOver,
  withHeldBack,
  withoutHeldBack,
} from '../domain/reconcile/mass-absence.ts';
import { emptyReconciliation, type Cursor, type Found, type Reconciling } from '../domain/reconcile/reconciling.ts';
import { elapsedMs } from '../domain/time.ts';
import { call, delay, type OrchestrationOf, type Step } from '../durable/steps.ts';
import { add, broken, MAX_TRIES, settleDifferences, type Progress } from './settle-differences.ts';

type Reconciliation = OrchestrationOf<typeof reconcile>;
type Compared = z.infer<typeof compareResourceGroup.output>;
type SoFar = NonNullable<Reconciling['soFar']>;

/** When the resource groups can't be listed, the next reconciliation comes after this long. */
const RETRY_INTERVAL_MS = 60_000;

/**
 * One turn of the eternal reconciliation compares a resource group, looks again at what differs once enough time has gone by, and settles what
 * both looks show: each by an operation of the group's entity, which names the incarnation that was seen, or a request to ARM that does so. A
 * turn settles what its history bears and leaves the rest to the next one. That after the last resource group waits, and begins anew.
 */
export function* orchestrateReconciliation(context: Reconciliation): Step<undefined> {
  const { number, last, soFar, heldBack = [] } = context.input;
  const progress: Progress = { report: soFar?.report ?? emptyReconciliation(number, context.now()), heldBack };
  context.publish({ number, phase: 'comparing', ...defined({ last }) });
  let reconcileIntervalMs = RETRY_INTERVAL_MS;
  try {
    const listed = yield* listNext(context, soFar);
    ({ reconcileIntervalMs } = listed);
    const [resourceGroup] = listed.cursor.resourceGroups;
    if (resourceGroup !== undefined) {
      const cursor = yield* reconcileOne(context, progress, listed.cursor, resourceGroup);
      const next = { report: progress.report, cursor, reconcileIntervalMs };
      context.continueAsNew({ number, ...defined({ last }), heldBack: progress.heldBack, soFar: next });
      return undefined;
    }
  } catch (error) {
    add(progress, allOf('*', broken(error)));
    progress.heldBack = withCarriedOver(progress.heldBack, number);
  }
  yield* waitForNext(context, progress, reconcileIntervalMs);
  return undefined;
}

function* waitForNext(context: Reconciliation, { report, heldBack }: Progress, intervalMs: number): Step<void> {
  const { number } = context.input;
  const last = { ...report, durationMs: elapsedMs(report.reconciledAt, context.now()) };
  context.publish({ number, phase: 'waiting', last });
  yield* delay(context, intervalMs);
  context.continueAsNew({ number: number + 1, last, heldBack: heldBackIn(heldBack, number) });
}

/** What is left to be compared: known from the turn before, or read from the store. */
function* listNext(
  context: Reconciliation,
  soFar: SoFar | undefined,
): Step<Pick<SoFar, 'cursor' | 'reconcileIntervalMs'>> {
  if (soFar !== undefined && (soFar.cursor.resourceGroups.length > 0 || soFar.cursor.moreAfter === undefined)) {
    return soFar;
  }
  const { reconcileIntervalMs, ...cursor } = yield* call(
    context,
    listResourceGroups,
    defined({ after: soFar?.cursor.moreAfter }),
  );
  return { cursor, reconcileIntervalMs };
}

/** Compares a resource group and settles what differs there, and answers what is left. Whatever fails or breaks there, the others are compared. */
function* reconcileOne(
  context: Reconciliation,
  progress: Progress,
  { resourceGroups, moreAfter, afterName, tagsRefused }: Cursor,
  resourceGroup: string,
): Step<Cursor> {
  const rest = { resourceGroups: resourceGroups.slice(1), ...defined({ moreAfter }) };
  const compared = yield* compareAtLast(context, progress, resourceGroup, afterName);
  if (compared.found === 'failure') {
    add(progress, allOf(resourceGroup, compared.failure));
    progress.heldBack = withCarriedOver(progress.heldBack, context.input.number, resourceGroup);
    return rest;
  }
  // What a comparison counts besides, the last one of the resource group counts.
  const { suspects, afterName: next, heldBack, ...counted } = compared;
  if (next === undefined) {
    add(progress, counted);
    noteHeldBack(context, progress, resourceGroup, heldBack);
  }
  let wereRefused = tagsRefused;
  try {
    wereRefused = yield* settleDifferences(context, progress, suspects, tagsRefused);
  } catch (error) {
    add(progress, allOf(resourceGroup, broken(error)));
  }
  return next === undefined
    ? rest
    : { resourceGroups, afterName: next, ...defined({ moreAfter, tagsRefused: wereRefused }) };
}

function* compareAtLast(
  context: Reconciliation,
  { heldBack }: Progress,
  resourceGroup: string,
  afterName: string | undefined,
): Step<Compared> {
  const times = timesHeldBack(heldBack, resourceGroup, context.input.number);
  const input = { resourceGroup, timesHeldBack: times, ...defined({ afterName }) };
  try {
    for (let attempt = 0; ; attempt += 1) {
      const compared = yield* call(context, compareResourceGroup, input);
      if (compared.found !== 'failure' || !isRetryable(compared.failure.code) || attempt + 1 >= MAX_TRIES) {
        return compared;
      }
      yield* delay(context, backoffMs(ARM_RETRY, attempt, compared.retryAfterMs));
    }
  } catch (error) {
    return { found: 'failure', failure: broken(error) };
  }
}

function noteHeldBack(
  { input: { number } }: Reconciliation,
  progress: Progress,
  resourceGroup: string,
  absence: Extract<Compared, { found: 'comparison' }>['heldBack'],
): void {
  if (absence === undefined) {
    progress.heldBack = withoutHeldBack(progress.heldBack, resourceGroup);
    return;
  }
  const times = timesHeldBack(progress.heldBack, resourceGroup, number) + 1;
  progress.heldBack = withHeldBack(progress.heldBack, resourceGroup, number);
  add(progress, allOf(resourceGroup, explainMassAbsence(absence, times)));
}

/** Of a whole resource group, or of all. */
function allOf(resourceGroup: string, failure: Failure): Found {
  return { failed: [{ resourceGroup, containerGroupName: '*', failure }] };
}
