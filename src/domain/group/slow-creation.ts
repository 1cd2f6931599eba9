import type { Failure } from '../failure.ts';
import { addMs, elapsedMs, type Instant } from '../time.ts';
import type { ContainerGroup, GroupIn } from './container-group.ts';
import { longestPollDelayMs } from './provisioning.ts';

/**
 * How long a group that a sweep finds past its deadline is left to its own provisioning. One that is alive settles the group itself,
 * also when the app was down at the deadline and has just come back: a message that a crash made invisible comes again after 66
 * seconds (seen on the real extension, at the one minute of our host.json), and so may the one after it.
 */
export const OVERDUE_GRACE_MS = 180_000;

/** Within this after a crash the backend delivers by itself what was in flight, as above. */
const REDELIVERY_MS = 120_000;

/** How a creation is expected to go. */
export interface CreationPace {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
}

/** Whether a group should have come to run by now, or have failed; `deadlineMs` counts for one that does not know its deadline. */
export function isOverdue(group: ContainerGroup, at: Instant, deadlineMs: number): boolean {
  return group.state === 'Creating' && elapsedMs(deadlineOf(group, deadlineMs), at) > 0;
}

/** Why a group failed that nobody provisioned to the end. */
export function explainOverdue(group: GroupIn<'Creating'>, deadlineMs: number): Failure {
  const message =
    `${group.containerGroupName} did not run by its deadline, ${deadlineOf(group, deadlineMs)}, and its provisioning did not say why: ` +
    'it was ended, it broke, or it stands still. What there is of it in Azure runs on until ACIDelete.';
  return { code: 'deadlineExceeded', message };
}

/** Whether a creation takes so long that it should have looked at Azure several times by now, or is past its deadline. */
export function isSlow(group: ContainerGroup, at: Instant, pace: CreationPace): boolean {
  return (
    isOverdue(group, at, pace.provisioningDeadlineMs) ||
    (group.state === 'Creating' && liesStill(group.createdAt, at, pace.pollIntervalMs))
  );
}

/** Whether a provisioning that showed a sign of life at `since` should have shown another one by now. */
export function liesStill(since: Instant, at: Instant, pollIntervalMs: number): boolean {
  return elapsedMs(since, at) > longestPollDelayMs(pollIntervalMs) + REDELIVERY_MS;
}

function deadlineOf({ deadlineAt, createdAt }: GroupIn<'Creating'>, deadlineMs: number): Instant {
  return deadlineAt ?? addMs(createdAt, deadlineMs);
}
