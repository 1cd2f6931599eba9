import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { type DurableHub, type DurableHubOptions, openDurableHub } from './durable/durable-hub.ts';
import type { DurableFunctionInvoker } from './durable/function-invoker.ts';
import { createManagementApi } from './durable/management-api.ts';
import type { HostJson } from './host-json.ts';
import type { HostLog } from './host-log.ts';
import { readBody } from './http/request-body.ts';

const HUB_SETTINGS = [
  'maxConcurrentActivityFunctions',
  'maxConcurrentOrchestratorFunctions',
  'maxConcurrentEntityFunctions',
  'maxEntityOperationBatchSize',
  'overridableExistingInstanceStates',
  'storeInputsInOrchestrationHistory',
] as const;

export interface DurableMountOptions {
  hostJson: HostJson;
  dataDirectory: string;
  clock: Clock;
  random: () => number;
  invoker: DurableFunctionInvoker;
  log: HostLog;
  /** The system key in the URLs handed out; undefined when keys are not in force. */
  systemKey: string | undefined;
}

/** The durable engine of the app, and its HTTP API at whatever place it is mounted. */
export interface DurableMount {
  hub: DurableHub;
  /** Answers one request; `base` is what comes before the API's own paths, such as `/runtime/webhooks/durabletask/`. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    place: { url: URL; base: string; origin: string },
  ): Promise<void>;
}

/** Opens the task hub that host.json names, in the data directory. */
export function openDurableMount({
  hostJson,
  dataDirectory,
  clock,
  random,
  invoker,
  log,
  systemKey,
}: DurableMountOptions): DurableMount {
  const { durableTask } = hostJson;
  const hub = openDurableHub({
    hubName: hostJson.hubName,
    databasePath: join(dataDirectory, `task-hub-${hostJson.hubName.toLowerCase()}.sqlite`),
    clock,
    random,
    invoker,
    ...hubSettingsOf(durableTask),
    log: (level, message) => log({ level, category: 'system', message }),
  });
  const api = createManagementApi(hub);

  return {
    hub,
    async answer(request, response, { url, base, origin }) {
      const body = await readBody(request);
      if (!body) {
        response.writeHead(413, { connection: 'close', 'content-length': '0' }).end();
        return;
      }
      const answer = await api({
        method: request.method ?? 'GET',
        path: url.pathname.slice(base.length),
        query: url.searchParams,
        headers: headersOf(request),
        body,
        origin,
        systemKey,
      });
      const length = answer.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) };
      response.writeHead(answer.status, { ...length, ...answer.headers }).end(answer.body);
    },
  };
}

/** Leaves out what host.json doesn't say, so that the engine's own defaults hold. */
function hubSettingsOf(durableTask: HostJson['durableTask']): Partial<DurableHubOptions> {
  const settings: Partial<DurableHubOptions> = {};
  for (const name of HUB_SETTINGS) {
    if (durableTask[name] !== undefined) Object.assign(settings, { [name]: durableTask[name] });
  }
  return settings;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(',');
  }
  return headers;
}
