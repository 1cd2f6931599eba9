import { defined } from '../defined.ts';
import type { Failure } from '../failure.ts';
import type { Instant } from '../time.ts';
import { endpointOf, type ContainerGroup, type Endpoint, type GroupIn } from './container-group.ts';

/** What is true in one state alone. */
export type StatePart =
  | Pick<GroupIn<'Running'>, 'state' | 'endpoint' | 'idleSince'>
  | Pick<GroupIn<'MarkedForDeletion'>, 'state' | 'endpoint' | 'deletion'>
  | Pick<GroupIn<'Failed'>, 'state' | 'failure' | 'leftNothing' | 'failedFrom' | 'endpoint' | 'deletion'>;

/** The group runs from now on, and is idle if nobody plays on it. */
export function running(group: ContainerGroup, endpoint: Endpoint, at: Instant): StatePart & { state: 'Running' } {
  return { state: 'Running', endpoint, ...(group.activeSessions === 0 && { idleSince: at }) };
}

/** The group goes, from where it answered last. */
export function marked(group: ContainerGroup): StatePart & { state: 'MarkedForDeletion' } {
  return { state: 'MarkedForDeletion', ...defined({ endpoint: endpointOf(group) }) };
}

/** The group has failed, where it answered last. */
export function failedBy(group: ContainerGroup, failure: Failure): StatePart & { state: 'Failed' } {
  return { state: 'Failed', failure, ...defined({ endpoint: endpointOf(group) }) };
}
