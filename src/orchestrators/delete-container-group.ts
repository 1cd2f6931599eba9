import type { z } from 'zod';
import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import {
  closeSeats,
  confirmDeletion,
  deleteContainerGroupResource,
  openSeats,
  terminateProvisioning,
  wakeProvisioning,
  type deleteContainerGroup,
} from '../contracts/deletion.ts';
import { resourceChanged } from '../contracts/provisioning.ts';
import { absenceUncertainForMs, creationAskedUntil } from '../domain/group/absence.ts';
import { ARM_RETRY, backoffMs, type Backoff } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import type { Failure } from '../domain/failure.ts';
import { groupKey } from '../domain/group/group-id.ts';
import type { ListItem } from '../domain/group/list-item.ts';
import { pollDelayMs } from '../domain/group/provisioning.ts';
import { elapsedMs, laterOf, type Instant } from '../domain/time.ts';
import { ask, call, delay, eventOrDelay, type Continued, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Deletion = OrchestrationOf<typeof deleteContainerGroup>;
type Outcome = z.infer<typeof deleteContainerGroup.output>;
type Progress = NonNullable<Deletion['input']['progress']>;
type At<Stage extends Progress['stage']> = Extract<Progress, { stage: Stage }>;

/** Each adds twenty events to the history at the most, all of which are read again with every step. */
const MAX_ATTEMPTS_PER_EXECUTION = 40;

/**
 * How often a provisioning that was told to stop is looked at: it ends after the call to ARM that it has under way, which takes a
 * second or two; one that takes longer has lost a message or is suspended.
 */
const CANCEL_POLL: Backoff = { firstMs: 1_000, factor: 1.5, capMs: 30_000 };

/**
 * After this long a provisioning does not end by itself: it is suspended, or no running app has its version. A message that a crash
 * made invisible has come by then, which takes 66 seconds (seen on the real extension, at the one minute of our host.json), and
 * so has the one after it.
 */
const CANCEL_PATIENCE_MS = 180_000;

/** The state follows its answer within milliseconds; after a loss it takes until another host has the partition. */
const CONFIRM_RETRY: Backoff = { firstMs: 1_000, factor: 2, capMs: 60_000 };

/**
 * Deletes a group: the book of its fleet has closed it first, unless seats on it are leased; the entity agrees, atomically with its session count, and is seen to have kept it; a provisioning under way is ended,
 * if need be by force, so that it can't create what was just deleted; then ARM, until it answers 404; the entity goes last. A deletion that can't be finished
 * now leaves the group marked with its deletion begun, and the next sweep takes it up. One that meets a later group of the name
 * is over: the group that it was asked for is gone, and the later one is left alone. A long one goes on in another execution.
 */
export function* orchestrateDeletion(context: Deletion): Step<Outcome | Continued> {
  let progress = context.input.progress ?? { stage: 'beginning', since: context.now(), attempt: 0 };
  for (let attempts = 0; attempts < MAX_ATTEMPTS_PER_EXECUTION; attempts += 1) {
    const next = yield* tryOnce(context, progress);
    if ('ok' in next) {
      return next;
    }
    progress = next;
  }
  return context.continueAsNew({ ...context.input, progress });
}

function* tryOnce(context: Deletion, progress: Progress): Step<Progress | Outcome> {
  switch (progress.stage) {
    case 'beginning':
      return yield* begin(context, progress);
    case 'cancelling':
      return yield* endProvisioning(context, progress);
    case 'deleting':
      return yield* deleteResource(context, progress);
  }
}

/**
 * Has no more seats sold, and asks the entity, until its answer holds. A provisioning that runs may be about to create it, so that only absence after
 * its end is absence; and an answer can leave before the state is committed, and then be another one, as when a player has come in between.
 */
function* begin(context: Deletion, progress: At<'beginning'>): Step<Progress | Outcome> {
  const { resourceGroup, containerGroupName, mode, incarnation: wanted, cause } = context.input;
  const { absenceSeen } = progress;
  const id = { resourceGroup, containerGroupName };
  const { running } = yield* call(context, wakeProvisioning, id);
  const closingId = `${cause} ${progress.since}`;
  const optional = defined({ incarnation: wanted, absenceSeen });
  const closed = yield* call(context, closeSeats, { ...id, closingId, mode, ...optional });
  if (closed.outcome === 'refused') {
    return { ok: false, failure: closed.failure };
  }
  if (closed.outcome === 'pending') {
    const next = yield* tryLater(context, progress, CONFIRM_RETRY, seatsNotClosed);
    if ('ok' in next) {
      // The closing may only be late, and nobody else would undo it.
      yield* call(context, openSeats, { ...id, closingId, incarnation: closed.incarnation });
    }
    return next;
  }
  if (closed.outcome === 'absenceNotSeen') {
    return yield* lookForAbsence(context, progress, closed);
  }
  const incarnation = closed.outcome === 'closed' ? closed.incarnation : wanted;
  const begun = yield* askToBegin(context, { incarnation, absenceSeen });
  const isAbsent = begun.refusal?.code === 'unknownGroup';
  if (isAbsent ? !running : yield* isSettled(context, begun)) {
    if (closed.outcome === 'closed' && begun.refusal !== undefined && !isGone(begun)) {
      yield* call(context, openSeats, { ...id, closingId, incarnation: closed.incarnation });
    }
    return afterBeginning(context, begun, progress.since);
  }
  return isAbsent
    ? yield* tryLater(context, progress, CANCEL_POLL, provisioningGoesOn)
    : yield* tryLater(context, progress, CONFIRM_RETRY, notConfirmed);
}

function* askToBegin(
  context: Deletion,
  { incarnation, absenceSeen }: { incarnation: string | undefined; absenceSeen: true | undefined },
): Step<OperationReply> {
  const { mode, sessionsStaleAfterMs, cause, failedCreationRetentionMs, failedRetentionMs } = context.input;
  const optional = defined({ incarnation, absenceSeen, failedCreationRetentionMs, failedRetentionMs });
  const command = { at: context.now(), mode, sessionsStaleAfterMs, cause, ...optional };
  return yield* ask(context, containerGroupEntity, groupKey(context.input), 'beginDelete', command);
}

function* tryLater(
  context: Deletion,
  progress: At<'beginning'>,
  backoff: Backoff,
  otherwise: Failure,
): Step<Progress | Outcome> {
  const leftMs = msLeft(context, progress);
  if (leftMs <= 0) {
    return { ok: false, failure: otherwise };
  }
  yield* delay(context, Math.min(leftMs, backoffMs(backoff, progress.attempt)));
  return { ...progress, attempt: progress.attempt + 1 };
}

/** What Azure has denied it may have again, and the group then goes on: nothing is begun before that is known. */
function* lookForAbsence(
  context: Deletion,
  progress: At<'beginning'>,
  { incarnation }: { incarnation: string },
): Step<Progress | Outcome> {
  const { resourceGroup, containerGroupName } = context.input;
  const group = { resourceGroup, containerGroupName, incarnation, onlyIfAbsent: true } as const;
  const result = yield* call(context, deleteContainerGroupResource, group);
  if (result.ok && result.gone) {
    return { ...progress, absenceSeen: true };
  }
  const leftMs = msLeft(context, progress);
  const failure = result.ok ? armGoesOn : result.failure;
  if (leftMs <= 0 || failure.code === 'notGone' || failure.code === 'tagMissing') {
    return { ok: false, failure };
  }
  const retryAfterMs = result.ok ? undefined : result.retryAfterMs;
  yield* delay(context, Math.min(leftMs, backoffMs(ARM_RETRY, progress.attempt, retryAfterMs)));
  return { ...progress, attempt: progress.attempt + 1 };
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

function afterBeginning(context: Deletion, begun: OperationReply, since: Instant): Progress | Outcome {
  if (begun.refusal !== undefined && !isGone(begun)) {
    return { ok: false, failure: begun.refusal };
  }
  const { incarnation, group } = begun;
  if (isGone(begun) || incarnation === undefined || group === undefined) {
    return { ok: true, deleted: true };
  }
  context.publish({ phase: 'cancelling' });
  const { publicIP, fqdn, deletion } = group;
  const begunAt = deletion?.requestedAt ?? since;
  const next = {
    stage: 'cancelling',
    since,
    attempt: 0,
    begunAt,
    incarnation,
    ...defined({ publicIP, fqdn }),
  } as const;
  return context.input.mode === 'graceful' && wasSaidToBeGone(group) ? { ...next, onlyIfAbsent: true } : next;
}

/** Whether Azure has denied a group that ran: a sweep takes its word to forget the group, and not to delete what may have players after all. */
function wasSaidToBeGone({ failure, publicIP, ports }: ListItem): boolean {
  return failure?.code === 'deletedOutside' && (publicIP !== undefined || ports.length > 0);
}

function* endProvisioning(context: Deletion, progress: At<'cancelling'>): Step<Progress | Outcome> {
  const { resourceGroup, containerGroupName } = context.input;
  const { running, ended } = yield* call(context, wakeProvisioning, { resourceGroup, containerGroupName });
  if (!running) {
    context.publish({ phase: 'deleting' });
    return { ...progress, stage: 'deleting', attempt: 0, askedUntil: creationAskedUntil(ended, progress.begunAt) };
  }
  const leftMs = msLeft(context, progress);
  if (leftMs <= 0) {
    return { ok: false, failure: provisioningGoesOn };
  }
  const patienceMs = Math.min(CANCEL_PATIENCE_MS, context.input.waitPolicy.deadlineMs / 2);
  if (elapsedMs(laterOf(progress.begunAt, progress.since), context.now()) >= patienceMs) {
    yield* call(context, terminateProvisioning, {
      resourceGroup,
      containerGroupName,
      incarnation: progress.incarnation,
    });
  }
  yield* delay(context, Math.min(leftMs, backoffMs(CANCEL_POLL, progress.attempt)));
  return { ...progress, attempt: progress.attempt + 1 };
}

/** Deletes until ARM has nothing of the incarnation, and no longer could: a resource that ARM has just taken may not show yet. */
function* deleteResource(context: Deletion, progress: At<'deleting'>): Step<Progress | Outcome> {
  const { resourceGroup, containerGroupName, waitPolicy, cause } = context.input;
  const { incarnation, attempt, onlyIfAbsent } = progress;
  const id = { resourceGroup, containerGroupName };
  const group = { ...id, incarnation, ...defined({ onlyIfAbsent }) };
  const result = yield* call(context, deleteContainerGroupResource, group);
  if (!result.ok && result.failure.code === 'notGone') {
    return { ok: false, failure: result.failure };
  }
  if (!result.ok && result.failure.code === 'tagMissing') {
    return yield* leaveUnmarked(context, incarnation, result.failure);
  }
  const uncertainForMs = absenceUncertainForMs(progress, progress.askedUntil, context.now());
  if (result.ok && result.gone && uncertainForMs === 0) {
    yield* ask(context, containerGroupEntity, groupKey(id), 'finishDelete', { at: context.now(), incarnation, cause });
    return { ok: true, deleted: true };
  }
  const leftMs = msLeft(context, progress);
  if (leftMs <= 0) {
    return { ok: false, failure: result.ok ? armGoesOn : result.failure };
  }
  if (result.ok && result.gone) {
    yield* delay(context, Math.min(leftMs, uncertainForMs));
  } else if (result.ok) {
    yield* eventOrDelay(context, resourceChanged, Math.min(leftMs, pollDelayMs(waitPolicy.pollIntervalMs, attempt)));
  } else {
    context.publish({ phase: 'deleting', retrying: result.failure });
    yield* delay(context, Math.min(leftMs, backoffMs(ARM_RETRY, attempt, result.retryAfterMs)));
  }
  return { ...progress, attempt: attempt + 1 };
}

function msLeft(context: Deletion, { since }: Progress): number {
  return context.input.waitPolicy.deadlineMs - elapsedMs(since, context.now());
}

const armGoesOn: Failure = {
  code: 'deletionUnderWay',
  message: 'ARM has not finished the deletion in time; the next sweep goes on.',
};

/** Only a person can tell whose the resource is, and sees in the group that he should; each sweep looks again. */
function* leaveUnmarked(context: Deletion, incarnation: string, failure: Failure): Step<Outcome> {
  const { cause } = context.input;
  const command = { at: context.now(), incarnation, cause };
  const { group } = yield* ask(context, containerGroupEntity, groupKey(context.input), 'recordTagMissing', command);
  return group === undefined ? { ok: true, deleted: true } : { ok: false, failure };
}

const provisioningGoesOn: Failure = {
  code: 'deletionUnderWay',
  message: 'The provisioning of this group did not end in time. The next sweep goes on, or delete it once more.',
};

const notConfirmed: Failure = {
  code: 'deletionUnderWay',
  message: 'The group has not kept in time that its deletion begins. The next sweep goes on, or delete it once more.',
};

const seatsNotClosed: Failure = {
  code: 'deletionUnderWay',
  message:
    'The book of the fleet has not said in time that it sells no more seats of this group. The next sweep goes on, or delete it once more.',
};
