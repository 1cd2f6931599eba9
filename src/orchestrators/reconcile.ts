import type { z } from 'zod';
import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import { deleteContainerGroupResource } from '../contracts/deletion.ts';
import { compareResourceGroup, lookAgain, tagContainerGroup, type reconcile } from '../contracts/reconciliation.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import { isRetryable, type Failure } from '../domain/failure.ts';
import { groupKey, type GroupId } from '../domain/group/group-id.ts';
import {
  addToReconciliation,
  emptyReconciliation,
  type Cursor,
  type Found,
  type Reconciliation,
} from '../domain/reconcile/reconciling.ts';
import { secondLookAfterMs, type Settlement, type Suspect } from '../domain/reconcile/settlement.ts';
import { elapsedMs } from '../domain/time.ts';
import { ask, call, delay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Reconciling = OrchestrationOf<typeof reconcile>;
type Compared = z.infer<typeof compareResourceGroup.output>;

/** What fails for the moment is tried so often in a turn; what goes on failing is left to the next reconciliation. */
const MAX_TRIES = 4;

/** When a reconciliation breaks, the next one comes after this long. */
const RETRY_INTERVAL_MS = 60_000;

/** What a reconciliation has come to so far. */
interface Progress {
  report: Reconciliation;
}

/**
 * One turn of the eternal reconciliation compares a resource group, looks again at what differs once enough time has gone by, and settles what
 * both looks show: each by an operation of the group's entity, which names the incarnation that was seen, or a request to ARM that does so. A
 * turn settles what its history bears and leaves the rest to the next one. That after the last resource group waits, and begins anew.
 */
export function* orchestrateReconciliation(context: Reconciling): Step<undefined> {
  const { number, last, soFar } = context.input;
  const progress = { report: soFar?.report ?? emptyReconciliation(number, context.now()) };
  context.publish({ number, phase: 'comparing', ...defined({ last }) });
  try {
    const compared = yield* compareNext(context);
    if (compared.found !== 'nothing') {
      const cursor = yield* settleAll(context, progress, compared);
      context.continueAsNew({ number, ...defined({ last }), soFar: { report: progress.report, cursor } });
      return undefined;
    }
    yield* waitForNext(context, progress, compared.reconcileIntervalMs);
  } catch (error) {
    add(progress, allOf('*', broken(error)));
    yield* waitForNext(context, progress, RETRY_INTERVAL_MS);
  }
  return undefined;
}

function* waitForNext(context: Reconciling, { report }: Progress, intervalMs: number): Step<void> {
  const { number } = context.input;
  const last = { ...report, durationMs: elapsedMs(report.reconciledAt, context.now()) };
  context.publish({ number, phase: 'waiting', last });
  yield* delay(context, intervalMs);
  context.continueAsNew({ number: number + 1, last });
}

function* compareNext(context: Reconciling): Step<Compared> {
  const cursor = context.input.soFar?.cursor;
  for (let attempt = 0; ; attempt += 1) {
    const compared = yield* call(context, compareResourceGroup, defined({ cursor }));
    if (compared.found !== 'failure' || !isRetryable(compared.failure.code) || attempt + 1 >= MAX_TRIES) {
      return compared;
    }
    yield* delay(context, backoffMs(ARM_RETRY, attempt, compared.retryAfterMs));
  }
}

/** Settles what differs in a resource group, and answers how far it has come. What a comparison counts besides, the last of them counts. */
function* settleAll(
  context: Reconciling,
  progress: Progress,
  compared: Exclude<Compared, { found: 'nothing' }>,
): Step<Cursor> {
  const { resourceGroup } = compared;
  const cursor = { resourceGroup: resourceGroup.toLowerCase() };
  if (compared.found === 'failure') {
    add(progress, allOf(resourceGroup, compared.failure));
    return cursor;
  }
  const { suspects, afterName, ...counted } = compared;
  if (afterName === undefined) {
    add(progress, counted);
  }
  try {
    for (const settlement of yield* lookUntilSeen(context, progress, suspects)) {
      add(progress, yield* settleOne(context, settlement));
    }
  } catch (error) {
    // The resource groups after this one are not to wait for it.
    add(progress, allOf(resourceGroup, broken(error)));
  }
  return { ...cursor, ...defined({ afterName }) };
}

/** The second looks, the first of which waits for its time. */
function* lookUntilSeen(context: Reconciling, progress: Progress, suspects: Suspect[]): Step<Settlement[]> {
  const { number, last } = context.input;
  const waitMs = secondLookAfterMs(suspects);
  if (waitMs > 0) {
    context.publish({ number, phase: 'lookingAgain', ...defined({ last }) });
    yield* delay(context, waitMs);
  }
  const settlements: Settlement[] = [];
  let rest = suspects;
  for (let attempt = 0; rest.length > 0; attempt += 1) {
    const seen = yield* call(context, lookAgain, { suspects: rest });
    settlements.push(...seen.settlements);
    const isLast = attempt + 1 >= MAX_TRIES;
    const given = seen.failed.filter(({ failure }) => isLast || !isRetryable(failure.code));
    add(progress, { failed: given.map(({ failure, ...suspect }) => ({ ...idOf(suspect), failure })) });
    const again = isLast ? [] : seen.failed.filter(({ failure }) => isRetryable(failure.code));
    rest = again.map(({ failure: _failure, ...suspect }) => suspect);
    if (rest.length > 0) {
      yield* delay(context, backoffMs(ARM_RETRY, attempt));
    }
  }
  return settlements;
}

/** What breaks is told, and the others are settled all the same. */
function* settleOne(context: Reconciling, settlement: Settlement): Step<Found> {
  try {
    return yield* settle(context, settlement);
  } catch (error) {
    return { failed: [{ ...idOf(settlement), failure: broken(error) }] };
  }
}

/** Does what was decided; what has changed since is refused by whoever is told, and found again if it matters. */
function* settle(context: Reconciling, settlement: Settlement): Step<Found> {
  const id = idOf(settlement);
  const { incarnation } = settlement;
  const key = groupKey(id);
  const command = { at: context.now(), cause: `reconciliation ${context.input.number}`, incarnation };
  switch (settlement.do) {
    case 'recordAbsence': {
      const reply = yield* ask(context, containerGroupEntity, key, 'recordAbsence', command);
      return whenChanged(reply, { ghosts: [id] });
    }
    case 'recordTagMissing': {
      const reply = yield* ask(context, containerGroupEntity, key, 'recordTagMissing', command);
      return whenChanged(reply, { drifted: [{ ...id, what: 'tagMissing' }] });
    }
    case 'recordEndpoint': {
      const { endpoint } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'recordEndpoint', { ...command, endpoint });
      return whenChanged(reply, { drifted: [{ ...id, what: 'endpoint' }] });
    }
    case 'recordFailure': {
      const { failure } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'recordFailure', { ...command, failure });
      return whenChanged(reply, { drifted: [{ ...id, what: 'failedInAzure' }] });
    }
    case 'restore': {
      const { endpoint } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'restore', { ...command, endpoint });
      return whenChanged(reply, { drifted: [{ ...id, what: 'restored' }] });
    }
    case 'adopt': {
      const { do: _do, wishes, ...facts } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'adopt', { ...command, ...facts, ...wishes });
      return whenChanged(reply, { orphans: [{ ...id, became: 'adopted' }] });
    }
    case 'deleteOrphan': {
      const result = yield* call(context, deleteContainerGroupResource, { ...id, incarnation });
      return result.ok ? { orphans: [{ ...id, became: 'deleted' }] } : { failed: [{ ...id, failure: result.failure }] };
    }
    case 'reportOrphan':
      return { orphans: [{ ...id, became: 'reported', reason: settlement.reason }] };
    case 'tag': {
      const { do: _do, ...group } = settlement;
      const result = yield* call(context, tagContainerGroup, group);
      if (!result.ok) {
        return { failed: [{ ...id, failure: result.failure }] };
      }
      return result.tagged ? { drifted: [{ ...id, what: 'tagsSet' }] } : {};
    }
  }
}

function whenChanged({ outcome }: OperationReply, found: Found): Found {
  return outcome === 'changed' ? found : {};
}

function add(progress: Progress, found: Found): void {
  progress.report = addToReconciliation(progress.report, found);
}

function idOf({ resourceGroup, containerGroupName }: GroupId): GroupId {
  return { resourceGroup, containerGroupName };
}

/** Of a whole resource group, or of all. */
function allOf(resourceGroup: string, failure: Failure): Found {
  return { failed: [{ resourceGroup, containerGroupName: '*', failure }] };
}

function broken(error: unknown): Failure {
  const cause = error instanceof Error ? error.message.slice(0, 300) : 'unknown cause';
  return { code: 'internal', message: `The reconciliation broke: ${cause}` };
}
