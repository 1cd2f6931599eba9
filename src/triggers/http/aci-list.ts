import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { listRequestSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { groupStateSchema, type GroupState } from '../../domain/group/container-group.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import { toNewerItem, type NewerItem } from '../../domain/group/newer-group.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { parseRequest } from './api-request.ts';
import { formatListToken, parseListToken, type ListFilter, type ListPosition } from './list-token.ts';
import type { HttpFunction } from './register-http.ts';

type ShownItem = ListItem | NewerItem;

const STANDARD_LIMIT = 100;

/**
 * Groups that the backend is asked for at once, however many an answer may hold: pages count rows of groups that are gone and
 * groups that nobody asked for, and small ones would cost a query for each.
 */
const PAGE_SIZE = 100;

/** Pages that one answer may cost, enough for the largest `limit`. What an answer lacks then is behind its token. */
const MAX_PAGES = 10;

/**
 * ACIList: the running groups, or those of another state, fleet or location; a page at a time. An answer may be short, or empty, and still
 * bring a token. A public list shows no more than a player needs to join.
 */
export function aciList({ publicList }: { publicList: boolean }): HttpFunction {
  return {
    name: 'ACIList',
    methods: ['GET'],
    handle: async ({ client, query }) => {
      const { limit = STANDARD_LIMIT, continuationToken, ...asked } = parseRequest(listRequestSchema, query);
      const filter = filterOf(asked);
      const start = continuationToken === undefined ? {} : parseListToken(continuationToken, filter);
      const { items, next } = await collectItems(client, start, filter, limit);
      return {
        jsonBody: publicList ? items.map(toPublicItem) : items,
        headers: next === undefined ? {} : { 'x-continuation-token': formatListToken(next, filter) },
      };
    },
  };
}

function filterOf({ state = 'Running', fleet, location }: z.infer<typeof listRequestSchema>): ListFilter {
  return { state, ...defined({ fleet, location: location?.toLowerCase() }) };
}

/** Reads pages from a position on until the answer is full or has cost enough; `next` is there while there may be more. */
async function collectItems(
  client: DurableClient,
  start: ListPosition,
  filter: ListFilter,
  limit: number,
): Promise<{ items: ShownItem[]; next?: ListPosition }> {
  const items: ShownItem[] = [];
  let position = start;
  for (let pages = 1; ; pages += 1) {
    const { found, nextPage } = await readPage(client, position);
    const asked = found.filter(({ item }) => isAsked(item, filter));
    const taken = asked.slice(0, limit - items.length);
    items.push(...taken.map(({ item }) => item));
    if (taken.length < asked.length) {
      return { items, next: { ...position, ...defined({ after: taken.at(-1)?.key ?? position.after }) } };
    }
    if (nextPage === undefined) {
      return { items };
    }
    // A page that is read again can end earlier than before: what was handed out of it then stands on the next one.
    position = { page: nextPage, ...defined({ after: found.length === 0 ? position.after : undefined }) };
    if (items.length === limit || pages === MAX_PAGES) {
      return { items, next: position };
    }
  }
}

interface FoundItem {
  key: string;
  item: ShownItem;
}

/** The groups of one page in the order of their keys, without those that were handed out, and where the next page is. */
async function readPage(
  client: DurableClient,
  { page, after }: ListPosition,
): Promise<{ found: FoundItem[]; nextPage: string | undefined }> {
  const read = await client.query(containerGroupEntity, {
    limit: PAGE_SIZE,
    ...defined({ continuationToken: page }),
  });
  const found = [
    ...read.entities.map(({ key, state }) => ({ key, item: toListItem(state) })),
    ...read.newer.map(({ key, stored }) => ({ key, item: toNewerItem(key, stored) })),
  ]
    .filter(({ key }) => after === undefined || key > after)
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
  return { found, nextPage: read.continuationToken };
}

function toPublicItem({ containerGroupName, publicIP, ports, activeSessions, location }: ShownItem) {
  return { containerGroupName, ...defined({ publicIP }), ports, activeSessions, location };
}

function isAsked(item: ShownItem, { state, fleet, location }: ListFilter): boolean {
  return (
    (state === 'all' || listedAs(item) === state) &&
    (fleet === undefined || item.labels?.['fleet'] === fleet) &&
    (location === undefined || item.location?.toLowerCase() === location)
  );
}

/** A state that only a newer version of the app knows is for an operator to look at, and for no matchmaker. */
function listedAs({ state }: ShownItem): GroupState {
  return groupStateSchema.safeParse(state).data ?? 'Failed';
}
