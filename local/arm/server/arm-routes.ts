import type { AciProvider } from '../aci-provider.ts';
import type { ArmReply } from '../wire/arm-reply.ts';
import type { ArmRequest } from '../wire/arm-request.ts';
import { deleteContainerGroup, patchContainerGroup } from '../groups/change-container-group.ts';
import { listContainerLogs } from '../groups/container-logs.ts';
import { restartContainerGroup, startContainerGroup, stopContainerGroup } from '../groups/control-container-group.ts';
import type { FaultOperation } from '../faults/faults.ts';
import { getOperation, listCapabilities, listUsage } from './location-operations.ts';
import { OPERATION_API_VERSION } from '../wire/operation-headers.ts';
import { putContainerGroup } from '../groups/put-container-group.ts';
import { getContainerGroup, listContainerGroups } from '../groups/read-container-groups.ts';

/** The version that the answers have: what `@azure/arm-containerinstance` 9 speaks. */
const API_VERSION = '2023-05-01';

/** One operation of the API. */
export interface ArmRoute {
  method: string;
  /** What it works on, for counting and for messages. */
  type: string;
  /** Which faults hit it. */
  operation: FaultOperation;
  apiVersions: readonly string[];
  handle: (provider: AciProvider, request: ArmRequest) => ArmReply;
}

/** A route and the variable parts of the path. */
export interface RouteMatch {
  route: ArmRoute;
  parameters: Record<string, string>;
}

/** Finds the operation of a request; fixed parts of the path are compared without regard to case. */
export function findRoute(method: string, segments: readonly string[]): RouteMatch | undefined {
  for (const { path, ...route } of ROUTES) {
    if (route.method !== method) continue;
    const parameters = matchPath(path, segments);
    if (parameters) return { route, parameters };
  }
  return undefined;
}

const SUBSCRIPTION = 'subscriptions/:subscription';
const PROVIDER = 'providers/microsoft.containerinstance';
const GROUPS = `${SUBSCRIPTION}/resourcegroups/:resourceGroup/${PROVIDER}/containergroups`;
const LOCATION = `${SUBSCRIPTION}/${PROVIDER}/locations/:location`;

const ROUTES: readonly (ArmRoute & { path: readonly string[] })[] = [
  define('PUT', `${GROUPS}/:name`, 'containerGroups', 'PUT', putContainerGroup),
  define('GET', `${GROUPS}/:name`, 'containerGroups', 'GET', getContainerGroup),
  define('PATCH', `${GROUPS}/:name`, 'containerGroups', 'PATCH', patchContainerGroup),
  define('DELETE', `${GROUPS}/:name`, 'containerGroups', 'DELETE', deleteContainerGroup),
  define('GET', GROUPS, 'containerGroups list', 'LIST', listContainerGroups),
  define('GET', `${SUBSCRIPTION}/${PROVIDER}/containergroups`, 'containerGroups list', 'LIST', listContainerGroups),
  define('POST', `${GROUPS}/:name/start`, 'containerGroups start', 'POST', startContainerGroup),
  define('POST', `${GROUPS}/:name/stop`, 'containerGroups stop', 'POST', stopContainerGroup),
  define('POST', `${GROUPS}/:name/restart`, 'containerGroups restart', 'POST', restartContainerGroup),
  define('GET', `${GROUPS}/:name/containers/:container/logs`, 'containers logs', 'LOGS', listContainerLogs),
  {
    ...define('GET', `${LOCATION}/operations/:operationId`, 'operations', 'POLL', getOperation),
    apiVersions: [API_VERSION, OPERATION_API_VERSION],
  },
  define('GET', `${LOCATION}/usages`, 'usages', 'LIST', listUsage),
  define('GET', `${LOCATION}/capabilities`, 'capabilities', 'LIST', listCapabilities),
];

function define(
  method: string,
  path: string,
  type: string,
  operation: FaultOperation,
  handle: ArmRoute['handle'],
): ArmRoute & { path: readonly string[] } {
  return { method, type, operation, handle, path: path.split('/'), apiVersions: [API_VERSION] };
}

function matchPath(path: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (path.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of path.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = segment;
    else if (part !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}
