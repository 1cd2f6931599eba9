import { deletionOf, endpointOf, type ContainerGroup, type GroupState, type Port } from './container-group.ts';
import type { Failure } from '../failure.ts';
import type { GroupId } from './group-id.ts';
import type { Instant } from '../time.ts';

/** A container group as every API answer shows it. */
export interface ListItem extends GroupId {
  state: GroupState;
  activeSessions: number;
  maxSessions?: number;
  publicIP?: string;
  fqdn?: string;
  ports: Port[];
  location: string;
  createdAt: Instant;
  stateSince: Instant;
  failure?: Failure;
  deletion?: { requestedAt: Instant };
  labels?: Record<string, string>;
}

/** What others may see of a group: no incarnation, no bookkeeping. */
export function toListItem(group: ContainerGroup): ListItem {
  const endpoint = endpointOf(group);
  const deletion = deletionOf(group);
  return {
    resourceGroup: group.resourceGroup,
    containerGroupName: group.containerGroupName,
    state: group.state,
    activeSessions: group.activeSessions,
    ...(group.maxSessions === undefined ? {} : { maxSessions: group.maxSessions }),
    ...(endpoint?.publicIP === undefined ? {} : { publicIP: endpoint.publicIP }),
    ...(endpoint?.fqdn === undefined ? {} : { fqdn: endpoint.fqdn }),
    ports: endpoint?.ports ?? [],
    location: group.location,
    createdAt: group.createdAt,
    stateSince: group.stateSince,
    ...(group.state === 'Failed' ? { failure: group.failure } : {}),
    ...(deletion === undefined ? {} : { deletion: { requestedAt: deletion.requestedAt } }),
    ...(group.labels === undefined ? {} : { labels: group.labels }),
  };
}
