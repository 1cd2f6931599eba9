import type { z } from 'zod';
import { containerGroupEntity } from '../contracts/container-group.ts';
import { deleteContainerGroup, deleteContainerGroupResource, wakeProvisioning } from '../contracts/deletion.ts';
import { resourceChanged } from '../contracts/provisioning.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import type { Failure } from '../domain/failure.ts';
import { groupKey } from '../domain/group-id.ts';
import { pollDelayMs } from '../domain/provisioning.ts';
import { elapsedMs } from '../domain/time.ts';
import { ask, call, delay, eventOrDelay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Deletion = OrchestrationOf<typeof deleteContainerGroup>;
type Outcome = z.infer<typeof deleteContainerGroup.output>;

/** How often a provisioning that was told to stop is looked at: it ends after the call to ARM that it has under way. */
const CANCEL_POLL_MS = 1_000;

/**
 * Deletes a group: the entity agrees first, atomically with its session count; a provisioning under way is ended, so that it
 * can't create what was just deleted; then ARM, until it answers 404; the entity goes last. A deletion that can't be finished
 * now leaves the group marked with its deletion begun, and the next sweep takes it up.
 */
export function* orchestrateDeletion(context: Deletion): Step<Outcome> {
  const { mode, sessionsStaleAfterMs, cause } = context.input;
  const key = groupKey(context.input);
  const since = context.now();
  const begun = yield* ask(context, containerGroupEntity, key, 'beginDelete', {
    at: since,
    mode,
    sessionsStaleAfterMs,
    cause,
  });
  if (begun.refusal !== undefined) {
    return begun.refusal.code === 'unknownGroup' ? { ok: true, deleted: true } : { ok: false, failure: begun.refusal };
  }
  const incarnation = begun.incarnation;
  if (incarnation === undefined) {
    return { ok: true, deleted: true };
  }
  const failure = (yield* endProvisioning(context, since)) ?? (yield* deleteResource(context, incarnation, since));
  if (failure !== undefined) {
    return { ok: false, failure };
  }
  yield* ask(context, containerGroupEntity, key, 'finishDelete', { at: context.now(), incarnation, cause });
  return { ok: true, deleted: true };
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
      return { code: 'deletionUnderWay', message: 'The provisioning did not end in time; the next sweep goes on.' };
    }
    yield* delay(context, CANCEL_POLL_MS);
  }
}

function* deleteResource(context: Deletion, incarnation: string, since: string): Step<Failure | undefined> {
  const { resourceGroup, containerGroupName, waitPolicy } = context.input;
  context.publish({ phase: 'deleting' });
  for (let attempt = 0; ; attempt += 1) {
    const result = yield* call(context, deleteContainerGroupResource, {
      resourceGroup,
      containerGroupName,
      incarnation,
    });
    if (result.ok && result.gone) {
      return undefined;
    }
    if (isOver(context, since)) {
      return result.ok
        ? { code: 'deletionUnderWay', message: 'ARM has not finished the deletion in time; the next sweep goes on.' }
        : result.failure;
    }
    if (result.ok) {
      yield* eventOrDelay(context, resourceChanged, pollDelayMs(waitPolicy.pollIntervalMs, attempt));
    } else {
      context.publish({ phase: 'deleting', retrying: result.failure });
      yield* delay(context, backoffMs(ARM_RETRY, attempt, result.retryAfterMs));
    }
  }
}

function isOver(context: Deletion, since: string): boolean {
  return elapsedMs(since, context.now()) >= context.input.waitPolicy.deadlineMs;
}
