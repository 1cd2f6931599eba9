import { z } from 'zod';
import { containerEndSchema, type ContainerEnd } from './container-end.ts';
import {
  deletionOf,
  deletionSchema,
  endpointOf,
  endpointSchema,
  groupFactsSchema,
  groupStateSchema,
  type ContainerGroup,
} from './container-group.ts';
import { failureSchema, type Failure } from '../failure.ts';
import { openEnum } from '../open-shape.ts';
import { groupIdSchema } from './group-id.ts';
import { groupWishes, wishesOf } from './group-wishes.ts';
import { defined } from '../defined.ts';

const facts = groupFactsSchema.shape;

/** A container group as every API answer shows it: no incarnation, no bookkeeping. */
export const listItemSchema = z.object({
  ...groupIdSchema.shape,
  state: openEnum(groupStateSchema),
  activeSessions: facts.activeSessions,
  /** The group was adopted, and nobody has told its sessions since: the count is none yet. */
  sessionsUnknown: z.literal(true).exactOptional(),
  ...groupWishes,
  ...endpointSchema.shape,
  location: facts.location,
  createdAt: facts.createdAt,
  stateSince: facts.stateSince,
  failure: failureSchema.exactOptional(),
  containerEnd: containerEndSchema.exactOptional(),
  deletion: deletionSchema.pick({ requestedAt: true }).exactOptional(),
});
export type ListItem = z.infer<typeof listItemSchema>;

/** What others may see of a group: nothing that only a newer version of the app knows how to show. */
export function toListItem(group: ContainerGroup): ListItem {
  const endpoint = endpointOf(group);
  const deletion = deletionOf(group);
  return {
    resourceGroup: group.resourceGroup,
    containerGroupName: group.containerGroupName,
    state: group.state,
    activeSessions: group.activeSessions,
    ...(group.sessionsUnknownSince !== undefined && { sessionsUnknown: true }),
    ...wishesOf(group),
    ...defined({ publicIP: endpoint?.publicIP, fqdn: endpoint?.fqdn }),
    ports: (endpoint?.ports ?? []).map(({ port, protocol }) => ({ port, protocol })),
    location: group.location,
    createdAt: group.createdAt,
    stateSince: group.stateSince,
    ...defined({
      failure: group.state === 'Failed' ? shownFailure(group.failure) : undefined,
      containerEnd: group.containerEnd && shownEnd(group.containerEnd),
      deletion: deletion === undefined ? undefined : { requestedAt: deletion.requestedAt },
    }),
  };
}

function shownEnd({ at, containerName, exitCode, reason, restartCount, lastLines }: ContainerEnd): ContainerEnd {
  return { at, containerName, ...defined({ exitCode, reason }), restartCount, ...defined({ lastLines }) };
}

function shownFailure({ code, message }: Failure): Failure {
  return { code, message };
}
