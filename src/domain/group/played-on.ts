import type { ContainerGroup } from './container-group.ts';
import { elapsedMs } from '../time.ts';

/** Whether there may be players on a group: it has sessions, or nobody has told, and not all of its containers have ended. */
export function mayBePlayedOn(group: ContainerGroup): boolean {
  return (group.activeSessions > 0 || group.sessionsUnknownSince !== undefined) && !hasAllEnded(group);
}

/** Whether all containers of a group have ended for good, and nothing was heard of it since: somebody may have started it again in Azure. */
export function hasAllEnded({ allEndedAt, lastReport }: ContainerGroup): boolean {
  const isHeardSince = allEndedAt !== undefined && lastReport !== undefined && elapsedMs(allEndedAt, lastReport.at) > 0;
  return allEndedAt !== undefined && !isHeardSince;
}
