import type { z } from 'zod';
import { containerGroupEntity } from '../contracts/container-group.ts';
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
import type { Observation } from '../domain/group/observation.ts';
import { assessProvisioning, explainDeadline, pollDelayMs, type Assessment } from '../domain/group/provisioning.ts';
import { elapsedMs, type Instant } from '../domain/time.ts';
import { ask, call, eventOrDelay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Provisioning = OrchestrationOf<typeof provisionContainerGroup>;
type Outcome = z.infer<typeof provisionContainerGroup.output>;
type Verdict = Exclude<Assessment, { verdict: 'wait' }>;

/**
 * A provisioning as 0.1.0 began it, whose history grows with every look.
 *
 * The life of a group up to Running or Failed. The entity says Creating before ARM is called; every wait for Event Grid is
 * a race against a poll; every wake-up asks the entity whether the group is still wanted, then looks at ARM.
 */
export function* orchestrateProvisioningAs010(context: Provisioning): Step<Outcome> {
  const { spec, creation, tokenDigest, cause, incarnation, resourceGroup, containerGroupName, maxSessions, labels } =
    context.input;
  const key = groupKey(context.input);
  const created = yield* ask(context, containerGroupEntity, key, 'create', {
    at: context.now(),
    cause,
    resourceGroup,
    containerGroupName,
    incarnation,
    location: spec.location,
    creation,
    tokenDigest,
    ...defined({ maxSessions, labels }),
  });
  if (created.refusal !== undefined) {
    return { ok: false, failure: created.refusal };
  }
  const verdict = yield* provision(context, context.now());
  return yield* settle(context, key, verdict);
}

function* provision(context: Provisioning, since: string): Step<Verdict> {
  try {
    const refusal = yield* create(context, since);
    return refusal === undefined ? yield* observeUntilSettled(context, since) : { verdict: 'failed', failure: refusal };
  } catch (error) {
    // An activity that throws is a fault of ours or of the platform; the group must not stay Creating for it.
    const message = `The provisioning broke: ${error instanceof Error ? error.message.slice(0, 500) : 'unknown cause'}`;
    return { verdict: 'failed', failure: { code: 'internal', message } };
  }
}

/** Has ARM take the request, trying again what may pass by itself until the deadline. */
function* create(context: Provisioning, since: string): Step<Failure | undefined> {
  const { spec, incarnation, resourceGroup, containerGroupName, waitPolicy } = context.input;
  context.publish({ phase: 'requested' });
  for (let attempt = 0; ; attempt += 1) {
    const begun = yield* call(context, createContainerGroup, { resourceGroup, containerGroupName, incarnation, spec });
    if (begun.ok) {
      return undefined;
    }
    const waitMs = backoffMs(ARM_RETRY, attempt, begun.retryAfterMs);
    if (!isRetryable(begun.failure.code) || elapsedMs(since, context.now()) + waitMs > waitPolicy.deadlineMs) {
      return begun.failure;
    }
    context.publish({ phase: 'requested', retrying: begun.failure });
    if (!(yield* waitWhileWanted(context, waitMs))) {
      return cancelled;
    }
  }
}

/** Waits all of the time that ARM asked for: an event ends the wait only when the group is not wanted any more. */
function* waitWhileWanted(context: Provisioning, ms: number): Step<boolean> {
  const since = context.now();
  for (let leftMs = ms; leftMs > 0; leftMs = ms - elapsedMs(since, context.now())) {
    yield* eventOrDelay(context, resourceChanged, leftMs);
    if (!(yield* isStillWanted(context))) {
      return false;
    }
  }
  return true;
}

/** Looks at ARM whenever an event says so or a poll is due, until the group runs, fails, or the deadline is over. */
function* observeUntilSettled(context: Provisioning, since: string): Step<Verdict> {
  const { incarnation, resourceGroup, containerGroupName, waitPolicy } = context.input;
  let last: Observation | undefined;
  let absentSince: Instant | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const seen = yield* call(context, readContainerGroup, { resourceGroup, containerGroupName });
    if (seen.ok) {
      last = seen.observation;
      absentSince = seen.observation.found ? undefined : (absentSince ?? context.now());
      const absentForMs = absentSince === undefined ? 0 : elapsedMs(absentSince, context.now());
      const assessment = assessProvisioning(seen.observation, incarnation, absentForMs);
      if (assessment.verdict !== 'wait') {
        return assessment;
      }
      context.publish({ phase: assessment.phase });
    } else if (!isRetryable(seen.failure.code)) {
      return { verdict: 'failed', failure: seen.failure };
    }
    const leftMs = waitPolicy.deadlineMs - elapsedMs(since, context.now());
    if (leftMs <= 0) {
      return { verdict: 'failed', failure: explainDeadline(last, waitPolicy.deadlineMs) };
    }
    const waitMs = Math.max(pollDelayMs(waitPolicy.pollIntervalMs, attempt), seen.ok ? 0 : (seen.retryAfterMs ?? 0));
    yield* eventOrDelay(context, resourceChanged, Math.min(leftMs, waitMs));
    if (!(yield* isStillWanted(context))) {
      return { verdict: 'failed', failure: cancelled };
    }
  }
}

/** Tells the entity how it ended; a deletion that began meanwhile is the outcome instead. */
function* settle(context: Provisioning, key: string, verdict: Verdict): Step<Outcome> {
  const { incarnation, cause } = context.input;
  const facts = { at: context.now(), incarnation, cause };
  const reply =
    verdict.verdict === 'ready'
      ? yield* ask(context, containerGroupEntity, key, 'provisioned', { ...facts, endpoint: verdict.endpoint })
      : yield* ask(context, containerGroupEntity, key, 'failProvisioning', { ...facts, failure: verdict.failure });
  if (reply.refusal !== undefined) {
    return { ok: false, failure: cancelled };
  }
  if (verdict.verdict === 'ready' && reply.group !== undefined) {
    return { ok: true, group: reply.group };
  }
  return { ok: false, failure: verdict.verdict === 'failed' ? verdict.failure : cancelled };
}

function* isStillWanted(context: Provisioning): Step<boolean> {
  const { incarnation } = context.input;
  const reply = yield* ask(context, containerGroupEntity, groupKey(context.input), 'look', { incarnation });
  return reply.refusal === undefined && reply.group?.state === 'Creating';
}

const cancelled: Failure = {
  code: 'provisioningCancelled',
  message: 'The group was deleted while it was being provisioned.',
};
