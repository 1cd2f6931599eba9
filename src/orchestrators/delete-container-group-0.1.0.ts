import type { z } from 'zod';
import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import { deleteContainerGroupResource, wakeProvisioning, type deleteContainerGroup } from '../contracts/deletion.ts';
import { resourceChanged } from '../contracts/provisioning.ts';
import { absenceUncertainForMs } from '../domain/group/absence.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import type { Failure } from '../domain/failure.ts';
import type { ListItem } from '../domain/group/list-item.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { pollDelayMs } from '../domain/group/provisioning.ts';
import { elapsedMs } from '../domain/time.ts';
import { ask, call, delay, eventOrDelay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Deletion = OrchestrationOf<typeof deleteContainerGroup>;
type Outcome = z.infer<typeof deleteContainerGroup.output>;

/** How often a provisioning that was told to stop is looked at: it ends after the call to ARM that it has under way. */
const CANCEL_POLL_MS = 1_000;

/**
 * A deletion as 0.1.0 began it, which acts on the entity's answer at once.
 *
 * Deletes a group: the entity agrees first, atomically with its session count; a provisioning under way is ended, so that it
 * can't create what was just deleted; then ARM, until it answers 404; the entity goes last. A deletion that can't be finished
 * now leaves the group marked with its deletion begun, and the next sweep takes it up.
 */
export function* orchestrateDeletionAs010(context: Deletion): Step<Outcome> {
  const key = groupKey(context.input);
  const { cause } = context.input;
  const since = context.now();
  const begun = yield* begin(context, since);
  const { incarnation, group } = begun;
  if (begun.refusal !== undefined && begun.refusal.code !== 'unknownGroup') {
    return { ok: false, failure: begun.refusal };
  }
  if (incarnation === undefined || group === undefined) {
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

/** Asks the entity. A provisioning that runs may be about to create it, so that only absence after its end is absence. */
function* begin(context: Deletion, since: string): Step<OperationReply> {
  const { resourceGroup, containerGroupName, mode, sessionsStaleAfterMs, cause } = context.input;
  for (;;) {
    const { running } = yield* call(context, wakeProvisioning, { resourceGroup, containerGroupName });
    const command = { at: context.now(), mode, sessionsStaleAfterMs, cause };
    const begun = yield* ask(context, containerGroupEntity, groupKey(context.input), 'beginDelete', command);
    if (begun.refusal?.code !== 'unknownGroup' || !running) {
      return begun;
    }
    if (isOver(context, since)) {
      return { outcome: 'refused', refusal: provisioningGoesOn };
    }
    yield* delay(context, CANCEL_POLL_MS);
  }
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
  group: ListItem,
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
    const uncertainForMs = absenceUncertainForMs(group, group.createdAt, context.now());
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

function isOver(context: Deletion, since: string): boolean {
  return elapsedMs(since, context.now()) >= context.input.waitPolicy.deadlineMs;
}
