import type { AciProvider } from '../aci-provider.ts';
import type { ArmReply } from '../wire/arm-reply.ts';
import type { ArmRequest } from '../wire/arm-request.ts';
import { deleteContainerGroup, patchContainerGroup } from '../groups/change-container-group.ts';
import { listContainerLogs } from '../groups/container-logs.ts';
import { restartContainerGroup, startContainerGroup, stopContainerGroup } from '../groups/control-container-group.ts';
import type { FaultOperation } from '../faults/fault-operation.ts';
import {
  getOperation,
  getOperationResult,
  listCachedImages,
  listCapabilities,
  listUsage,
} from './location-operations.ts';
import { OPERATION_API_VERSION } from '../wire/operation-headers.ts';
import { putContainerGroup } from '../groups/put-container-group.ts';
import { getContainerGroup, listContainerGroups, listOutboundDependencies } from '../groups/read-container-groups.ts';

/** The version that the answers have: what `@azure/arm-containerinstance` 9 speaks. */
const API_VERSION = '2023-05-01';

/** One operation of the API. */
export interface ArmRoute {
  method: string;
  /** What it does, for counting. */
  type: string;
  /** What it works on, for messages. */
  resourceType: string;
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

/** The type of a resource, from the part of its path below the provider: every second segment is a name. */
export function resourceTypeOf(path: readonly string[]): string {
  return path.filter((_, index) => index % 2 === 0).join('/');
}

/** Tells whether a path is one of the API's, with whatever method. */
export function isRoute(segments: readonly string[]): boolean {
  return ROUTES.some(({ path }) => matchPath(path, segments) !== undefined);
}

const SUBSCRIPTION = 'subscriptions/:subscription';
const PROVIDER = 'providers/Microsoft.ContainerInstance';
const GROUPS = `${SUBSCRIPTION}/resourceGroups/:resourceGroup/${PROVIDER}/containerGroups`;
const LOCATION = `${SUBSCRIPTION}/${PROVIDER}/locations/:location`;

const ROUTES: readonly (ArmRoute & { path: readonly string[] })[] = [
  define('PUT', `${GROUPS}/:name`, 'containerGroups', 'PUT', putContainerGroup),
  define('GET', `${GROUPS}/:name`, 'containerGroups', 'GET', getContainerGroup),
  define('PATCH', `${GROUPS}/:name`, 'containerGroups', 'PATCH', patchContainerGroup),
  define('DELETE', `${GROUPS}/:name`, 'containerGroups', 'DELETE', deleteContainerGroup),
  define('GET', GROUPS, 'containerGroups list', 'LIST', listContainerGroups),
  define('GET', `${SUBSCRIPTION}/${PROVIDER}/containerGroups`, 'containerGroups list', 'LIST', listContainerGroups),
  define('POST', `${GROUPS}/:name/start`, 'containerGroups start', 'POST', startContainerGroup),
  define('POST', `${GROUPS}/:name/stop`, 'containerGroups stop', 'POST', stopContainerGroup),
  define('POST', `${GROUPS}/:name/restart`, 'containerGroups restart', 'POST', restartContainerGroup),
  define(
    'GET',
    `${GROUPS}/:name/outboundNetworkDependenciesEndpoints`,
    'outboundNetworkDependenciesEndpoints',
    'GET',
    listOutboundDependencies,
  ),
  define('GET', `${GROUPS}/:name/containers/:container/logs`, 'containers logs', 'LOGS', listContainerLogs),
  {
    ...define('GET', `${LOCATION}/operations/:operationId`, 'operations', 'POLL', getOperation),
    apiVersions: [API_VERSION, OPERATION_API_VERSION],
  },
  {
    ...define('GET', `${LOCATION}/operationresults/:operationId`, 'operations', 'POLL', getOperationResult),
    apiVersions: [API_VERSION, OPERATION_API_VERSION],
  },
  define('GET', `${LOCATION}/usages`, 'usages', 'LIST', listUsage),
  define('GET', `${LOCATION}/capabilities`, 'capabilities', 'LIST', listCapabilities),
  define('GET', `${LOCATION}/cachedImages`, 'cachedImages', 'LIST', listCachedImages),
];

function define(
  method: string,
  path: string,
  type: string,
  operation: FaultOperation,
  handle: ArmRoute['handle'],
): ArmRoute & { path: readonly string[] } {
  const segments = path.split('/');
  const resource = method === 'POST' ? segments.slice(0, -1) : segments;
  const resourceType = resourceTypeOf(resource.slice(resource.indexOf('providers') + 2));
  return { method, type, resourceType, operation, handle, path: segments, apiVersions: [API_VERSION] };
}

function matchPath(path: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (path.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of path.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}
