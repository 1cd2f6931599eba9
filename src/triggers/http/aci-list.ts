import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { listRequestSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import type { HttpFunction } from './register-http.ts';

type ListRequest = z.infer<typeof listRequestSchema>;

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
        headers: defined({ 'x-continuation-token': continuationToken }),
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
): Promise<{ items: ListItem[]; continuationToken?: string }> {
  const limit = asked.limit ?? STANDARD_LIMIT;
  const items: ListItem[] = [];
  let { continuationToken } = asked;
  do {
    const page = await request.client.query(containerGroupEntity, {
      limit: limit - items.length,
      ...defined({ continuationToken }),
    });
    items.push(
      ...page.entities
        .map(({ state }) => state)
        .filter((group) => isAsked(group, asked))
        .map(toListItem),
    );
    ({ continuationToken } = { continuationToken: undefined, ...page });
  } while (continuationToken !== undefined && items.length < limit / 2);
  return { items, ...defined({ continuationToken }) };
}

function toPublicItem({ containerGroupName, publicIP, ports, activeSessions, location }: ListItem) {
  return { containerGroupName, ...defined({ publicIP }), ports, activeSessions, location };
}

function isAsked(group: ContainerGroup, { state = 'Running', fleet, location }: ListRequest): boolean {
  return (
    group.state === state &&
    (fleet === undefined || group.labels?.['fleet'] === fleet) &&
    (location === undefined || group.location.toLowerCase() === location.toLowerCase())
  );
}
