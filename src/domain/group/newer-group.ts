import { z } from 'zod';
import type { Failure } from '../failure.ts';
import { openEnum, readable } from '../open-shape.ts';
import { deletionSchema, endpointSchema, groupFactsSchema, groupStateSchema } from './container-group.ts';
import { groupIdOfKey, groupKey, type GroupId } from './group-id.ts';

const facts = groupFactsSchema.shape;

const readableGroupSchema = readable(
  z.object({
    resourceGroup: readable(facts.resourceGroup),
    containerGroupName: readable(facts.containerGroupName),
    state: readable(openEnum(groupStateSchema)),
    activeSessions: readable(facts.activeSessions),
    maxSessions: readable(facts.maxSessions),
    endpoint: readable(endpointSchema),
    location: readable(facts.location),
    createdAt: readable(facts.createdAt),
    stateSince: readable(facts.stateSince),
    deletion: readable(deletionSchema),
    labels: readable(facts.labels),
    token: readable(facts.token),
  }),
);
type ReadableGroup = NonNullable<z.infer<typeof readableGroupSchema>>;

/** As much of a list item as can be read of a group that a newer version of the app wrote, and why nothing can be done with it. */
export type NewerItem = ReturnType<typeof toNewerItem>;

/** What others may see of a group whose state a newer version of the app wrote. */
export function toNewerItem(key: string, stored: unknown) {
  const { endpoint, deletion, token: _token, ...shown } = read(stored);
  const { publicIP, fqdn, ports } = endpoint ?? {};
  return {
    ...shown,
    ...idOf(key, shown),
    publicIP,
    fqdn,
    ports: ports?.map(({ port, protocol }) => ({ port, protocol })),
    deletion: deletion && { requestedAt: deletion.requestedAt },
    failure: newerState(key),
  };
}

/** The token of a group whose state a newer version of the app wrote; undefined when it can't be read. */
export function tokenOfNewer(stored: unknown): ReadableGroup['token'] {
  return read(stored).token;
}

/** Why a group that a newer version of the app wrote is left alone. */
export function newerState(key: string): Failure {
  const { containerGroupName } = groupIdOfKey(key);
  return {
    code: 'newerState',
    message: `A newer version of the app wrote the state of ${containerGroupName}. This one shows it and leaves it alone.`,
  };
}

function read(stored: unknown): ReadableGroup {
  return readableGroupSchema.parse(stored) ?? {};
}

/** The names in the letter case that they were given in, if they can be read. */
function idOf(key: string, { resourceGroup = '', containerGroupName = '' }: ReadableGroup): GroupId {
  const id = { resourceGroup, containerGroupName };
  return groupKey(id) === key ? id : groupIdOfKey(key);
}
