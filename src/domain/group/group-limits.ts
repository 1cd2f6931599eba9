import type { ContainerGroup, GroupIn, SessionReportMark } from './container-group.ts';
import type { Failure } from '../failure.ts';
import { addMs, describeMs, elapsedMs, laterOf, type Instant } from '../time.ts';

/** What ends the life of a group that runs: its age, that nobody plays on it, or the silence of its server. */
export type PassedLimit = 'maxLifetime' | 'idle' | 'silence';

/** The limit that a group has passed, by its creator's wishes; undefined while it may go on. */
export function passedLimit(group: ContainerGroup, at: Instant): PassedLimit | undefined {
  if (group.state !== 'Running') {
    return undefined;
  }
  if (isSilent(group, at)) {
    return 'silence';
  }
  if (isOver(group.createdAt, group.maxLifetimeSeconds, at)) {
    return 'maxLifetime';
  }
  return group.activeSessions === 0 && group.idleSince !== undefined && isOver(group.idleSince, group.idleSeconds, at)
    ? 'idle'
    : undefined;
}

/** Why a group was given up whose server is silent. */
export function explainSilence(group: ContainerGroup, at: Instant): Failure {
  const last = lastHeartbeatAt(group.lastReport);
  const silence =
    last === undefined ? 'has not reported since it runs' : `last reported ${describeMs(elapsedMs(last, at))} ago`;
  const message = `The server of ${group.containerGroupName} ${silence}. The group is Running again with its next report.`;
  return { code: 'heartbeatLost', message };
}

/** When the server itself was last heard of; a matchmaker's word on it is no sign of life. */
export function lastHeartbeatAt(last: SessionReportMark | undefined): Instant | undefined {
  return [last, last?.otherStream].find((stream) => stream?.source === 'server')?.at;
}

function isSilent({ health, stateSince, lastReport }: GroupIn<'Running'>, at: Instant): boolean {
  if (health === undefined) {
    return false;
  }
  const missedFrom = addMs(stateSince, health.initialDelaySeconds * 1_000);
  const since = laterOf(missedFrom, lastHeartbeatAt(lastReport) ?? missedFrom);
  return isOver(since, health.heartbeatSeconds * health.failureThreshold, at);
}

function isOver(since: Instant, seconds: number | undefined, at: Instant): boolean {
  return seconds !== undefined && elapsedMs(since, at) > seconds * 1_000;
}
