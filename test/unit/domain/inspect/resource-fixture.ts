import type { InspectedContainer, InspectedResource } from '../../../../src/domain/inspect/inspected-resource.ts';

/** A container that runs, for the first time. */
export const server: InspectedContainer = { name: 'server', state: 'Running', detailStatus: '', restartCount: 0 };

/** One that has ended with an exit code. */
export function ended(exitCode: number, more: Partial<InspectedContainer> = {}): InspectedContainer {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  return { ...server, state: 'Terminated', detailStatus: reason, lastEnd: { exitCode, reason }, ...more };
}

/** One that waits for its next start. */
export function backingOff(restartCount: number, exitCode = 1): InspectedContainer {
  const detailStatus = 'CrashLoopBackOff: Back-off restarting failed';
  return { ...ended(exitCode), state: 'Waiting', detailStatus, restartCount };
}

/** The resource of the group of the fixture, with these containers. */
export function resource(
  restartPolicy: 'Always' | 'OnFailure' | 'Never',
  containers: InspectedContainer[],
  more: Partial<InspectedResource> = {},
): InspectedResource {
  return {
    incarnation: 'first',
    provisioningState: 'Succeeded',
    groupState: 'Running',
    restartPolicy,
    containers,
    hasOwnSecrets: false,
    ...more,
  };
}
