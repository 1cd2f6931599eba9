import { z } from 'zod';
import { ABSENCE_CERTAIN_AFTER_MS } from './absence.ts';
import { backoffMs, type Backoff } from '../backoff.ts';
import type { Endpoint } from './container-group.ts';
import type { Failure } from '../failure.ts';
import type { ObservedContainer, ObservedResource, Observation } from './observation.ts';
import { ownershipOf, tagMissing } from './ownership.ts';
import { describeMs } from '../time.ts';

/** How far a provisioning is, for its custom status. */
export const provisioningPhaseSchema = z.enum(['requested', 'pullingImage', 'starting', 'waitingForReport']);
export type ProvisioningPhase = z.infer<typeof provisioningPhaseSchema>;

/** How a provisioning or a deletion waits; put into its input, since an orchestrator reads no settings. */
export const waitPolicySchema = z.object({ pollIntervalMs: z.int().min(1), deadlineMs: z.int().min(1) });

/** What a look at ARM means for a provisioning under way. */
export type Assessment =
  | { verdict: 'wait'; phase: ProvisioningPhase }
  | { verdict: 'ready'; endpoint: Endpoint }
  | { verdict: 'failed'; failure: Failure };

/**
 * Judges one look at the resource. Succeeded alone is not enough: a group whose containers crashed is provisioned with
 * success too, so that the group has to run and, if it asked for one, to have its public IP.
 * (https://learn.microsoft.com/azure/container-instances/container-state)
 * A resource that is not there counts as deleted only when it has been missed for a while, `absentForMs`.
 */
export function assessProvisioning(seen: Observation, incarnation: string, absentForMs: number): Assessment {
  if (!seen.found) {
    return absentForMs < ABSENCE_CERTAIN_AFTER_MS
      ? { verdict: 'wait', phase: 'requested' }
      : failed('deletedOutside', 'The resource was deleted in Azure while it was being provisioned.');
  }
  switch (ownershipOf(seen.incarnation, incarnation)) {
    case 'ours':
      return assessOurs(seen);
    case 'others':
      return failed(
        'nameInUse',
        'Azure has another container group of this name, which is left alone. Choose another name or delete that one.',
      );
    case 'unmarked':
      return { verdict: 'failed', failure: tagMissing(incarnation) };
  }
}

/**
 * What a look means when the group counts as running only once its server has reported: one that ARM calls ready waits for that.
 */
export function awaitReport(assessment: Assessment, isAwaited: boolean): Assessment {
  return assessment.verdict === 'ready' && isAwaited ? { verdict: 'wait', phase: 'waitingForReport' } : assessment;
}

/** Why a provisioning that ran out of time did not end, told by the last thing seen of it. */
export function explainDeadline(last: Observation | undefined, deadlineMs: number, isReportAwaited = false): Failure {
  const waited = `The group did not run within ${describeMs(deadlineMs)}.`;
  if (last === undefined || !last.found) {
    return { code: 'deadlineExceeded', message: `${waited} ARM did not say anything of it.` };
  }
  const pull = pullFailure(last);
  if (pull !== undefined) {
    return { code: 'imagePullFailed', message: `${waited} ${pull.message}` };
  }
  const report = isReportAwaited ? ' Its server has not reported, which its readiness waits for.' : '';
  return {
    code: 'deadlineExceeded',
    message: `${waited} Last seen: ${last.provisioningState}; ${describeContainers(last)}.${report}`,
  };
}

/** The wait before the next look: the setting at first, then half as long again each time, up to the longest. */
export function pollDelayMs(pollIntervalMs: number, attempt: number): number {
  const backoff: Backoff = { firstMs: pollIntervalMs, factor: 1.5, capMs: longestPollDelayMs(pollIntervalMs) };
  return backoffMs(backoff, attempt);
}

/**
 * The most looks at ARM that a wait may be set to, nearly all of them the longest apart: of the 250 reads that ARM allows at once and
 * refills by 25 a second (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling), a
 * hundred groups that never come to run must leave some.
 */
const MAX_LOOKS = 1_000;

/** The longest deadline that is taken with a poll interval. */
export function longestDeadlineMs(pollIntervalMs: number): number {
  return MAX_LOOKS * longestPollDelayMs(pollIntervalMs);
}

/** The longest wait between two looks: six times the setting. */
export function longestPollDelayMs(pollIntervalMs: number): number {
  return pollIntervalMs * 6;
}

function assessOurs(seen: ObservedResource): Assessment {
  switch (seen.provisioningState) {
    case 'Succeeded':
      return assessProvisioned(seen);
    case 'Failed':
    case 'Canceled':
      return { verdict: 'failed', failure: explainFailure(seen) };
    default:
      return { verdict: 'wait', phase: phaseOf(seen) };
  }
}

function assessProvisioned(seen: ObservedResource): Assessment {
  switch (seen.instanceState ?? '') {
    case 'Running':
      return seen.wantsPublicIP && seen.endpoint.publicIP === undefined
        ? { verdict: 'wait', phase: 'starting' }
        : { verdict: 'ready', endpoint: seen.endpoint };
    case 'Succeeded':
    case 'Failed':
    case 'Stopped':
      return failed(
        'containersExited',
        `The containers ended before the group could be used: ${describeContainers(seen)}. ACIDetails with type=logs shows why.`,
      );
    default:
      return { verdict: 'wait', phase: phaseOf(seen) };
  }
}

function explainFailure(seen: ObservedResource): Failure {
  const capacity = seen.events.find(({ name }) => name.startsWith('InsufficientCapacity'));
  if (capacity !== undefined) {
    return {
      code: 'insufficientCapacity',
      message: `The region has no room for this group: ${sentence(capacity.message)} Try another region or a smaller size.`,
    };
  }
  const pull = pullFailure(seen);
  if (pull !== undefined) {
    return pull;
  }
  const last = seen.events.at(-1);
  const cause = last === undefined ? describeContainers(seen) : `${last.name} ${last.message}`;
  return {
    code: 'provisioningFailed',
    message: `ACI ended the provisioning as ${seen.provisioningState}: ${sentence(cause)}`,
  };
}

function pullFailure(seen: ObservedResource): Failure | undefined {
  const event = seen.events.findLast(({ name, message }) => name === 'Failed' && /pull|image/i.test(message));
  return event === undefined
    ? undefined
    : {
        code: 'imagePullFailed',
        message: `An image could not be pulled: ${sentence(event.message)} Check its name, its tag and the registry's credentials.`,
      };
}

/** ACI ends some of its messages with a full stop, and others not. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function phaseOf(seen: ObservedResource): ProvisioningPhase {
  const names = new Set(seen.events.map(({ name }) => name));
  if (names.has('Pulled') || names.has('Created') || names.has('Started')) {
    return 'starting';
  }
  return names.has('Pulling') ? 'pullingImage' : 'requested';
}

function describeContainers(seen: ObservedResource): string {
  return seen.containers.map(describeContainer).join(', ') || 'no container was seen';
}

function describeContainer({ name, state, detailStatus, exitCode }: ObservedContainer): string {
  const exit = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  const detail = detailStatus === undefined || detailStatus === '' ? '' : ` (${detailStatus})`;
  return `${name} ${state ?? 'unknown'}${exit}${detail}`;
}

function failed(code: Failure['code'], message: string): Assessment {
  return { verdict: 'failed', failure: { code, message } };
}
