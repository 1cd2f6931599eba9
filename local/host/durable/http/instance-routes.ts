import { emptyResponse, jsonResponse } from './durable-http.ts';
import type { DurableHttpResponse, DurableQuery } from './durable-http.ts';
import { toHistoryView } from './history-view.ts';
import type { HubClient } from '../hub-client.ts';
import type { InstanceFilter } from '../store/instance-store.ts';
import { isFinished } from '../instance.ts';
import type { Instance } from '../instance.ts';
import { cutPage, readPageStart } from './page.ts';
import type { RouteContext } from './route-context.ts';
import { makeBaseUrl } from './management-urls.ts';
import { toEntityStatusView, toStatusView } from './status-view.ts';

/** Answers 202 while an instance runs and 200 (or 500, if asked for) when it is finished. */
export function getInstance(context: RouteContext, instanceId: string): DurableHttpResponse {
  const { hub, request, query } = context;
  const instance = hub.client.findInstance(instanceId);
  const location = `${makeBaseUrl(request)}/instances/${encodeURIComponent(instanceId)}?${request.query.toString()}`;
  const stillRunning = { Location: location, 'Retry-After': '5' };
  if (!instance) {
    const entity = hub.client.findEntity(instanceId);
    if (!entity) return emptyResponse(404);
    return jsonResponse(202, toEntityStatusView(entity, hub.client.entityQueueSize(instanceId)), stillRunning);
  }
  const view = toStatusView(instance, {
    showsInput: query.flag('showInput', true),
    historyEvents: readHistory(context, instance),
  });
  if (!isFinished(instance.status)) return jsonResponse(202, view, stillRunning);
  const isError = instance.status === 'Failed' && query.flag('returnInternalServerErrorOnFailure', false);
  return jsonResponse(isError ? 500 : 200, view);
}

function readHistory({ hub, query }: RouteContext, { instanceId, status }: Instance): unknown[] | undefined {
  if (!query.flag('showHistory', false) || status === 'Pending') return undefined;
  const showsInput = query.flag('showInput', true);
  return toHistoryView(hub.client.history(instanceId), {
    showsInput,
    showsOutput: query.flag('showHistoryOutput', false),
  });
}

/** Lists orchestrations and, as the Azure Storage backend does, entities among them, living and deleted, in the order of their ids. */
export function listInstances({ hub, request, query }: RouteContext): DurableHttpResponse {
  const limit = query.top();
  const start = readPageStart(request);
  const filter = readFilter(query);
  const showsInput = query.flag('showInput', true);
  const instances = hub.client
    .listInstances(filter, start.first, limit + 1)
    .map((instance) => toStatusView(instance, { showsInput }));
  const views = [...instances, ...listEntityStatuses(hub.client, filter, start.first, limit + 1)];
  const items = views.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const { page, headers } = cutPage(hub.client.platform, { start, limit, items }, ({ instanceId }) => instanceId);
  return jsonResponse(200, page, headers);
}

function listEntityStatuses(client: HubClient, filter: InstanceFilter, first: string, limit: number) {
  if (filter.statuses && !filter.statuses.includes('Running')) return [];
  const { instanceIdPrefix, createdFromMs, createdToMs } = filter;
  return client
    .listEntities({ instanceIdPrefix, createdFromMs, createdToMs }, first, limit)
    .map((record) => toEntityStatusView(record, client.entityQueueSize(record.entityInstanceId)));
}

/**
 * Forgets one finished instance, or the row of an entity, living or dead, whose ids begin with @ (HttpApiHandler.cs,
 * HandleDeleteHistoryByIdRequestAsync, since pull request 3311).
 */
export async function purgeInstance({ hub }: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  if (!instanceId.startsWith('@')) {
    const instance = hub.client.findInstance(instanceId);
    if (!instance) return emptyResponse(404);
    if (!isFinished(instance.status)) {
      const state = `the orchestration with instance ID ${instanceId} has status ${instance.status}`;
      return jsonResponse(412, `Only orchestrations in a terminal state can be purged, but ${state}`);
    }
  }
  return jsonResponse(200, { instancesDeleted: await hub.client.purge([instanceId]) });
}

/** A transaction of this many keeps other writes waiting for some milliseconds at most. */
const PURGE_PAGE_SIZE = 200;

/**
 * Forgets the instances that the query selects. Statuses that are not terminal are left out of it, and a query that is left with none
 * selects whatever was created in its time, running orchestrations and living entities too (AzureTableTrackingStore.cs,
 * PurgeInstanceHistoryAsync).
 */
export async function purgeInstances({ hub, query }: RouteContext): Promise<DurableHttpResponse> {
  const { createdFromMs, createdToMs = hub.client.nowMs(), statuses: asked } = readFilter(query);
  if (createdFromMs === undefined) return jsonResponse(400, "Please provide value for 'createdTimeFrom' parameter.");
  const terminal = asked?.filter((status) => FINISHED_STATUSES.has(status));
  const statuses = terminal && terminal.length > 0 ? terminal : undefined;
  const filter = { createdFromMs, createdToMs };
  let instancesDeleted = await purgeRows(hub.client, (first) =>
    hub.client.listInstances({ ...filter, statuses }, first, PURGE_PAGE_SIZE).map(({ instanceId }) => instanceId),
  );
  if (!statuses) {
    instancesDeleted += await purgeRows(hub.client, (first) =>
      hub.client.listEntities(filter, first, PURGE_PAGE_SIZE).map(({ entityInstanceId }) => entityInstanceId),
    );
  }
  return instancesDeleted === 0 ? emptyResponse(404) : jsonResponse(200, { instancesDeleted });
}

async function purgeRows(client: HubClient, list: (first: string) => string[]): Promise<number> {
  let purgedCount = 0;
  for (let ids = list(''); ids.length > 0; ids = list(`${ids.at(-1)}\0`)) purgedCount += await client.purge(ids);
  return purgedCount;
}

const FINISHED_STATUSES: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Terminated', 'Canceled']);
const RUNNING_STATUSES = ['Unknown', 'Running', 'ContinuedAsNew', 'Pending', 'Suspended'];
const ALL_STATUSES: ReadonlySet<string> = new Set([...FINISHED_STATUSES, ...RUNNING_STATUSES]);

/** Names that are no status are left out, and a list of nothing else selects everything. */
function readFilter(query: DurableQuery): InstanceFilter {
  const statuses = query
    .text('runtimeStatus')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => ALL_STATUSES.has(name));
  return {
    instanceIdPrefix: query.text('instanceIdPrefix'),
    createdFromMs: query.timeMs('createdTimeFrom'),
    createdToMs: query.timeMs('createdTimeTo'),
    statuses: statuses && statuses.length > 0 ? statuses : undefined,
  };
}
