import type { z } from 'zod';
import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import {
  createContainerGroup,
  readContainerGroup,
  resourceChanged,
  type provisionContainerGroup,
} from '../contracts/provisioning.ts';
import { defined } from '../domain/defined.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import { isRetryable, type Failure } from '../domain/failure.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { wishesOf } from '../domain/group/group-wishes.ts';
import { leavesNothing } from '../domain/group/left-nothing.ts';
import {
  assessProvisioning,
  awaitReport,
  explainDeadline,
  pollDelayMs,
  type Assessment,
} from '../domain/group/provisioning.ts';
import { addMs, elapsedMs, type Instant } from '../domain/time.ts';
import { ask, call, eventOrDelay, type Continued, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Provisioning = OrchestrationOf<typeof provisionContainerGroup>;
type Outcome = z.infer<typeof provisionContainerGroup.output>;
type Progress = NonNullable<Provisioning['input']['progress']>;
type FailedVerdict = Extract<Assessment, { verdict: 'failed' }> & { leftNothing?: true };
type Verdict = Extract<Assessment, { verdict: 'ready' }> | FailedVerdict;

/**
 * Each adds twelve events to the history at the most, all of which are read again with every step. The settings that we recommend
 * come to their end in one execution.
 */
const MAX_ATTEMPTS_PER_EXECUTION = 50;

/**
 * The life of a group up to Running or Failed. The entity says Creating before ARM is called; every wait for Event Grid is
 * a race against a poll; every wake-up asks the entity whether the group is still wanted, then looks at ARM. A long one goes on in
 * another execution; an event that is lost or doubled between the two is one that a poll makes up for.
 */
export function* orchestrateProvisioning(context: Provisioning): Step<Outcome | Continued> {
  const begun = context.input.progress ?? (yield* begin(context));
  if ('ok' in begun) {
    return begun;
  }
  const next = yield* provision(context, begun);
  return 'verdict' in next
    ? yield* settle(context, next, begun.since)
    : context.continueAsNew({ ...context.input, progress: next });
}

function* begin(context: Provisioning): Step<Progress | Outcome> {
  const since = context.now();
  const created = yield* createEntity(context, since);
  if (created.refusal !== undefined) {
    return { ok: false, failure: created.refusal };
  }
  context.publish({ phase: 'requested' });
  return { stage: 'creating', since, attempt: 0, dueAt: since };
}

/**
 * Has the entity begin its life, at the time when it did at first. What finds it gone does so again: only a deletion ends it, which waits
 * for this provisioning to end, so that a purge of the row that an earlier group of the name had left must have met it.
 */
function* createEntity(context: Provisioning, at: Instant): Step<OperationReply> {
  const { spec, creation, tokenDigest, cause, incarnation, resourceGroup, containerGroupName } = context.input;
  return yield* ask(context, containerGroupEntity, groupKey(context.input), 'create', {
    at,
    cause,
    resourceGroup,
    containerGroupName,
    incarnation,
    location: spec.location,
    creation,
    tokenDigest,
    deadlineAt: addMs(at, context.input.waitPolicy.deadlineMs),
    ...wishesOf(context.input),
  });
}

/** Tries, waits, and tries again, until there is a verdict or the execution is long enough. */
function* provision(context: Provisioning, begun: Progress): Step<Verdict | Progress> {
  let progress = begun;
  try {
    for (let attempts = 0; attempts < MAX_ATTEMPTS_PER_EXECUTION; attempts += 1) {
      const next = progress.stage === 'creating' ? yield* create(context, progress) : yield* look(context, progress);
      if ('verdict' in next) {
        return next;
      }
      progress = next;
      const waitMs = elapsedMs(context.now(), progress.dueAt);
      if (waitMs > 0) {
        yield* eventOrDelay(context, resourceChanged, waitMs);
        const { isWanted, hasReported } = yield* lookWhetherWanted(context, progress.since);
        if (!isWanted) {
          return { verdict: 'failed', failure: cancelled };
        }
        progress = { ...progress, ...defined({ hasReported }) };
      }
    }
    return progress;
  } catch (error) {
    // An activity that throws is a fault of ours or of the platform; the group must not stay Creating for it.
    const message = `The provisioning broke: ${error instanceof Error ? error.message.slice(0, 500) : 'unknown cause'}`;
    return { verdict: 'failed', failure: { code: 'internal', message } };
  }
}

/** Asks ARM to take the request, all of the time after its last answer that it asked for: an event does not shorten that. */
function* create(context: Provisioning, progress: Progress): Step<Verdict | Progress> {
  const { spec, incarnation, resourceGroup, containerGroupName, waitPolicy } = context.input;
  if (elapsedMs(context.now(), progress.dueAt) > 0) {
    return progress;
  }
  const wishes = wishesOf(context.input);
  const group = { resourceGroup, containerGroupName, incarnation, ...(Object.keys(wishes).length > 0 && { wishes }) };
  const begun = yield* call(context, createContainerGroup, { ...group, spec });
  if (begun.ok) {
    return { ...progress, stage: 'observing', attempt: 0, dueAt: context.now() };
  }
  // What may be tried again looks before it asks anew, and counts by its code; an end has to be ARM's own answer.
  const mayHaveLeft = progress.mayHaveLeft ?? !leavesNothing(begun.failure);
  const waitMs = backoffMs(ARM_RETRY, progress.attempt, begun.retryAfterMs);
  const leftMs = waitPolicy.deadlineMs - elapsedMs(progress.since, context.now());
  if (!isRetryable(begun.failure.code) || waitMs > leftMs) {
    return {
      verdict: 'failed',
      failure: begun.failure,
      ...(!mayHaveLeft && defined({ leftNothing: begun.leftNothing })),
    };
  }
  context.publish({ phase: 'requested', retrying: begun.failure });
  const next = { ...progress, attempt: progress.attempt + 1, dueAt: addMs(context.now(), waitMs) };
  return { ...next, ...(mayHaveLeft && { mayHaveLeft }) };
}

/** Looks at ARM, whether because an event says so or a poll is due. */
function* look(context: Provisioning, progress: Progress): Step<Verdict | Progress> {
  const { incarnation, resourceGroup, containerGroupName, waitPolicy } = context.input;
  const { absentSince: missedSince, ...next } = progress;
  const seen = yield* call(context, readContainerGroup, { resourceGroup, containerGroupName });
  let absentSince = missedSince;
  if (seen.ok) {
    next.last = seen.observation;
    absentSince = seen.observation.found ? undefined : (missedSince ?? context.now());
    const absentForMs = absentSince === undefined ? 0 : elapsedMs(absentSince, context.now());
    const judged = assessProvisioning(seen.observation, incarnation, absentForMs);
    const assessment = awaitReport(judged, isReportAwaited(context, progress));
    if (assessment.verdict !== 'wait') {
      return assessment;
    }
    context.publish({ phase: assessment.phase });
  } else if (!isRetryable(seen.failure.code)) {
    return { verdict: 'failed', failure: seen.failure };
  }
  const leftMs = waitPolicy.deadlineMs - elapsedMs(progress.since, context.now());
  if (leftMs <= 0) {
    return {
      verdict: 'failed',
      failure: explainDeadline(next.last, waitPolicy.deadlineMs, isReportAwaited(context, progress)),
    };
  }
  const askedMs = seen.ok ? 0 : (seen.retryAfterMs ?? 0);
  const waitMs = Math.min(leftMs, Math.max(pollDelayMs(waitPolicy.pollIntervalMs, progress.attempt), askedMs));
  return {
    ...next,
    attempt: progress.attempt + 1,
    dueAt: addMs(context.now(), waitMs),
    ...defined({ absentSince }),
  };
}

function isReportAwaited({ input }: Provisioning, { hasReported }: Progress): boolean {
  return input.readiness === 'report' && hasReported !== true;
}

/** Tells the entity how it ended; what ended it from elsewhere, a deletion or a deadline, is the outcome instead. */
function* settle(context: Provisioning, verdict: Verdict, since: Instant): Step<Outcome> {
  const { incarnation } = context.input;
  let reply = yield* tell(context, verdict);
  const isWanted = verdict.verdict === 'ready' || verdict.failure.code !== cancelled.code;
  if (reply.refusal?.code === 'unknownGroup' && isWanted) {
    yield* createEntity(context, since);
    reply = yield* tell(context, verdict);
  }
  if (reply.refusal !== undefined) {
    const failure = reply.incarnation === incarnation ? reply.group?.failure : undefined;
    return { ok: false, failure: failure ?? cancelled };
  }
  if (verdict.verdict === 'ready' && reply.group !== undefined) {
    return { ok: true, group: reply.group };
  }
  return { ok: false, failure: verdict.verdict === 'failed' ? verdict.failure : cancelled };
}

function* tell(context: Provisioning, verdict: Verdict): Step<OperationReply> {
  const { incarnation, cause } = context.input;
  const key = groupKey(context.input);
  const facts = { at: context.now(), incarnation, cause };
  return verdict.verdict === 'ready'
    ? yield* ask(context, containerGroupEntity, key, 'provisioned', { ...facts, endpoint: verdict.endpoint })
    : yield* ask(context, containerGroupEntity, key, 'failProvisioning', { ...facts, ...failureOf(verdict) });
}

function failureOf({ failure, leftNothing }: FailedVerdict) {
  return { failure, ...defined({ leftNothing }) };
}

function* lookWhetherWanted(context: Provisioning, since: Instant): Step<{ isWanted: boolean; hasReported?: true }> {
  const { incarnation } = context.input;
  const seen = yield* ask(context, containerGroupEntity, groupKey(context.input), 'look', { incarnation });
  const isGone = seen.refusal === undefined && seen.group === undefined;
  const { refusal, group, hasReported } = isGone ? yield* createEntity(context, since) : seen;
  return { isWanted: refusal === undefined && group?.state === 'Creating', ...defined({ hasReported }) };
}

const cancelled: Failure = {
  code: 'provisioningCancelled',
  message: 'The group was deleted while it was being provisioned.',
};
