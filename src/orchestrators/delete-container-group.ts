import type { z } from 'zod';
import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import {
  confirmDeletion,
  deleteContainerGroupResource,
  wakeProvisioning,
  type deleteContainerGroup,
} from '../contracts/deletion.ts';
import { resourceChanged } from '../contracts/provisioning.ts';
import { absenceUncertainForMs, type MaybeUnseen } from '../domain/group/absence.ts';
import { ARM_RETRY, backoffMs, type Backoff } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import type { Failure } from '../domain/failure.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { pollDelayMs } from '../domain/group/provisioning.ts';
import { elapsedMs } from '../domain/time.ts';
import { ask, call, delay, eventOrDelay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Deletion = OrchestrationOf<typeof deleteContainerGroup>;
type Outcome = z.infer<typeof deleteContainerGroup.output>;

/** How often a provisioning that was told to stop is looked at: it ends after the call to ARM that it has under way. */
const CANCEL_POLL_MS = 1_000;

/** The state follows its answer within milliseconds; after a loss it takes until another host has the partition. */
const CONFIRM_RETRY: Backoff = { firstMs: 1_000, factor: 2, capMs: 60_000 };

/**
 * Deletes a group: the entity agrees first, atomically with its session count, and is seen to have kept it; a provisioning under way is ended, so that it
 * can't create what was just deleted; then ARM, until it answers 404; the entity goes last. A deletion that can't be finished
 * now leaves the group marked with its deletion begun, and the next sweep takes it up. One that meets a later group of the name
 * is over: the group that it was asked for is gone, and the later one is left alone.
 */
export function* orchestrateDeletion(context: Deletion): Step<Outcome> {
  const key = groupKey(context.input);
  const { cause } = context.input;
  const since = context.now();
  const begun = yield* begin(context, since);
  if (begun.refusal !== undefined && !isGone(begun)) {
    return { ok: false, failure: begun.refusal };
  }
  const { incarnation, group } = begun;
  if (isGone(begun) || incarnation === undefined || group === undefined) {
    return { ok: true, deleted: true };
  }
  const failure =
    (yield* endProvisioning(context, since)) ?? (yield* deleteResource(context, incarnation, group, since));
  if (failure !== undefined) {
    return { ok: false, failure };
  }
  yield* ask(context, containerGroupEntity, key, 'finishDelete', { at: context.now(), incarnation, cause });
  return { ok: true, deleted: true };
}

/**
 * Asks the entity until its answer holds. A provisioning that runs may be about to create it, so that only absence after its end is
 * absence; and an answer can leave before the state is committed, and then be another one, as when a player has come in between.
 */
function* begin(context: Deletion, since: string): Step<OperationReply> {
  const { resourceGroup, containerGroupName, mode, sessionsStaleAfterMs, cause } = context.input;
  const { incarnation, failedCreationRetentionMs } = context.input;
  for (let attempt = 0; ; attempt += 1) {
    const { running } = yield* call(context, wakeProvisioning, { resourceGroup, containerGroupName });
    const optional = defined({ incarnation, failedCreationRetentionMs });
    const command = { at: context.now(), mode, sessionsStaleAfterMs, cause, ...optional };
    const begun = yield* ask(context, containerGroupEntity, groupKey(context.input), 'beginDelete', command);
    const isAbsent = begun.refusal?.code === 'unknownGroup';
    if (isAbsent ? !running : yield* isSettled(context, begun)) {
      return begun;
    }
    if (isOver(context, since)) {
      return { outcome: 'refused', refusal: isAbsent ? provisioningGoesOn : notConfirmed };
    }
    yield* delay(context, isAbsent ? CANCEL_POLL_MS : backoffMs(CONFIRM_RETRY, attempt));
  }
}

function isGone({ refusal }: OperationReply): boolean {
  return refusal?.code === 'unknownGroup' || refusal?.code === 'otherIncarnation';
}

/** A refusal has nothing done; a deletion has to stand in the committed state before ARM is asked, which can't be undone. */
function* isSettled(context: Deletion, { refusal, incarnation }: OperationReply): Step<boolean> {
  if (refusal !== undefined || incarnation === undefined) {
    return true;
  }
  const { resourceGroup, containerGroupName } = context.input;
  const { isBegun } = yield* call(context, confirmDeletion, { resourceGroup, containerGroupName, incarnation });
  return isBegun;
}

function* endProvisioning(context: Deletion, since: string): Step<Failure | undefined> {
  const { resourceGroup, containerGroupName } = context.input;
  context.publish({ phase: 'cancelling' });
  for (;;) {
    const { running } = yield* call(context, wakeProvisioning, { resourceGroup, containerGroupName });
    if (!running) {
      return undefined;
    }
    if (isOver(context, since)) {
      return provisioningGoesOn;
    }
    yield* delay(context, CANCEL_POLL_MS);
  }
}

/** Deletes until ARM has nothing of the incarnation, and no longer could: a resource that ARM has just taken may not show yet. */
function* deleteResource(
  context: Deletion,
  incarnation: string,
  group: MaybeUnseen,
  since: string,
): Step<Failure | undefined> {
  const { resourceGroup, containerGroupName, waitPolicy } = context.input;
  context.publish({ phase: 'deleting' });
  for (let attempt = 0; ; attempt += 1) {
    const result = yield* call(context, deleteContainerGroupResource, {
      resourceGroup,
      containerGroupName,
      incarnation,
    });
    const uncertainForMs = absenceUncertainForMs(group, context.now());
    if (result.ok && result.gone && uncertainForMs === 0) {
      return undefined;
    }
    const leftMs = waitPolicy.deadlineMs - elapsedMs(since, context.now());
    if (leftMs <= 0) {
      return result.ok
        ? { code: 'deletionUnderWay', message: 'ARM has not finished the deletion in time; the next sweep goes on.' }
        : result.failure;
    }
    if (result.ok && result.gone) {
      yield* delay(context, Math.min(leftMs, uncertainForMs));
    } else if (result.ok) {
      yield* eventOrDelay(context, resourceChanged, Math.min(leftMs, pollDelayMs(waitPolicy.pollIntervalMs, attempt)));
    } else {
      context.publish({ phase: 'deleting', retrying: result.failure });
      yield* delay(context, Math.min(leftMs, backoffMs(ARM_RETRY, attempt, result.retryAfterMs)));
    }
  }
}

const provisioningGoesOn: Failure = {
  code: 'deletionUnderWay',
  message: 'The provisioning of this group did not end in time. The next sweep goes on, or delete it once more.',
};

const notConfirmed: Failure = {
  code: 'deletionUnderWay',
  message: 'The group has not kept in time that its deletion begins. The next sweep goes on, or delete it once more.',
};

function isOver(context: Deletion, since: string): boolean {
  return elapsedMs(since, context.now()) >= context.input.waitPolicy.deadlineMs;
}
