import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { listRequestSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { groupStateSchema, type GroupState } from '../../domain/group/container-group.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import { toNewerItem, type NewerItem } from '../../domain/group/newer-group.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import type { HttpFunction } from './register-http.ts';

type ListRequest = z.infer<typeof listRequestSchema>;

type ShownItem = ListItem | NewerItem;

const STANDARD_LIMIT = 100;

/**
 * ACIList: the running groups, or those of another state, fleet or location; a page at a time. A public list shows no more
 * than a player needs to join.
 */
export function aciList({ publicList }: { publicList: boolean }): HttpFunction {
  return {
    name: 'ACIList',
    methods: ['GET'],
    handle: async (request) => {
      const asked = parseRequest(listRequestSchema, request.query);
      const { items, continuationToken } = await collectPage(request, asked);
      return {
        jsonBody: publicList ? items.map(toPublicItem) : items,
        headers: continuationToken === undefined ? {} : { 'x-continuation-token': continuationToken },
      };
    },
  };
}

/**
 * Reads pages of entities until the answer is at least half full. Never more is read than the answer can hold, so that a
 * page of the backend is never split and its own token can be handed on.
 */
async function collectPage(
  request: ApiRequest,
  asked: ListRequest,
): Promise<{ items: ShownItem[]; continuationToken?: string }> {
  const limit = asked.limit ?? STANDARD_LIMIT;
  const items: ShownItem[] = [];
  let { continuationToken } = asked;
  do {
    const page = await request.client.query(containerGroupEntity, {
      limit: limit - items.length,
      ...defined({ continuationToken }),
    });
    const shown = [
      ...page.entities.map(({ state }) => toListItem(state)),
      ...page.newer.map(({ key, stored }) => toNewerItem(key, stored)),
    ];
    items.push(...shown.filter((item) => isAsked(item, asked)));
    ({ continuationToken } = { continuationToken: undefined, ...page });
  } while (continuationToken !== undefined && items.length < limit / 2);
  return { items, ...defined({ continuationToken }) };
}

function toPublicItem({ containerGroupName, publicIP, ports, activeSessions, location }: ShownItem) {
  return { containerGroupName, ...defined({ publicIP }), ports, activeSessions, location };
}

function isAsked(item: ShownItem, { state = 'Running', fleet, location }: ListRequest): boolean {
  return (
    listedAs(item) === state &&
    (fleet === undefined || item.labels?.['fleet'] === fleet) &&
    (location === undefined || item.location?.toLowerCase() === location.toLowerCase())
  );
}

/** A state that only a newer version of the app knows is for an operator to look at, and for no matchmaker. */
function listedAs({ state }: ShownItem): GroupState {
  return groupStateSchema.safeParse(state).data ?? 'Failed';
}
