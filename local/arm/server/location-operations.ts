import type { AciProvider } from '../aci-provider.ts';
import { locationNotAvailable } from '../wire/arm-errors.ts';
import { type ArmError, type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { type ArmRequest, parameterOf } from '../wire/arm-request.ts';
import { showAllEvents } from '../groups/container-group-view.ts';
import type { JsonObject } from '../wire/json.ts';
import { resultHeaders } from '../wire/operation-headers.ts';
import { isRegion, listRegions, normalizeLocation } from './regions.ts';
import { MAX_CPU, MAX_MEMORY_GB } from '../groups/validation/validate-containers.ts';

/** Shown as the limit when quotas are off. */
const NO_LIMIT = 1_000_000;

/** Those of the example in the specification (Azure/azure-rest-api-specs, CachedImagesList.json, version 2025-09-01). */
const CACHED_IMAGES = [
  { osType: 'Linux', image: 'ubuntu:16.04' },
  { osType: 'Linux', image: 'alpine:3.6' },
  { osType: 'Windows', image: 'microsoft/nanoserver:10.0.14393.2485' },
];

/** Shows how much of its quotas a subscription uses in a region, from the groups that exist. */
export function listUsage(provider: AciProvider, request: ArmRequest): ArmReply {
  const location = normalizeLocation(parameterOf(request, 'location'));
  if (!isRegion(location)) return errorReply(locationNotAvailable(location, listRegions()));
  const { quotas } = provider.faults();
  const usage = provider.groups.usage(location);
  const prefix = `/subscriptions/${provider.subscriptionId}/providers/Microsoft.ContainerInstance/locations/${location}/usages`;
  const show = (name: string, text: string, currentValue: number, limit: number): JsonObject => ({
    id: `${prefix}/${name}`,
    unit: 'Count',
    currentValue,
    limit,
    name: { value: name, localizedValue: text },
  });
  const limits = quotas === 'off' ? { containerGroups: NO_LIMIT, standardCores: NO_LIMIT } : quotas;
  return {
    status: 200,
    body: {
      value: [
        show('ContainerGroups', 'Container Groups', usage.containerGroups, limits.containerGroups),
        // An integer in the specification (`Usage.currentValue`, int32); that a part of a core counts as one, is our reading.
        show('StandardCores', 'Standard Cores', Math.ceil(usage.standardCores), limits.standardCores),
      ],
    },
  };
}

/** Shows the largest group that a region takes. */
export function listCapabilities(_provider: AciProvider, request: ArmRequest): ArmReply {
  const location = normalizeLocation(parameterOf(request, 'location'));
  if (!isRegion(location)) return errorReply(locationNotAvailable(location, listRegions()));
  const value = ['Linux', 'Windows'].flatMap((osType) =>
    ['Public', 'Private'].map((ipAddressType) => ({
      resourceType: 'containerGroups',
      osType,
      location,
      ipAddressType,
      gpu: 'None',
      capabilities: { maxMemoryInGB: MAX_MEMORY_GB, maxCpu: MAX_CPU, maxGpuCount: 0 },
    })),
  );
  return { status: 200, body: { value } };
}

/** Lists the images that a region keeps at hand. */
export function listCachedImages(_provider: AciProvider, request: ArmRequest): ArmReply {
  const location = normalizeLocation(parameterOf(request, 'location'));
  if (!isRegion(location)) return errorReply(locationNotAvailable(location, listRegions()));
  return { status: 200, body: { value: CACHED_IMAGES.map((cached) => ({ ...cached })) } };
}

/** Tells how far an operation is. A failed one has events and no error, as ACI's. */
export function getOperation(provider: AciProvider, request: ArmRequest): ArmReply {
  const id = parameterOf(request, 'operationId');
  const operation = provider.operations.find(id);
  if (!operation) return errorReply(operationNotFound(id));
  const group =
    operation.status === 'Pending' ? provider.groups.find(operation.resourceGroup, operation.name) : undefined;
  const hasBegun = group !== undefined && group.provisioningState !== 'Pending';
  return {
    status: 200,
    body: {
      id: request.url.pathname,
      status: hasBegun ? 'Creating' : operation.status,
      startTime: new Date(operation.startedMs).toISOString(),
      properties: { events: group ? showAllEvents(group) : operation.events },
    },
  };
}

/** Tells whether an operation that answers with its result has ended: 202 and where to ask again until then. */
export function getOperationResult(provider: AciProvider, request: ArmRequest): ArmReply {
  const id = parameterOf(request, 'operationId');
  const operation = provider.operations.find(id);
  if (!operation) return errorReply(operationNotFound(id));
  return operation.status === 'Pending'
    ? { status: 202, headers: resultHeaders(provider, operation.location, id) }
    : { status: 204 };
}

function operationNotFound(id: string): ArmError {
  return { status: 404, code: 'NotFound', message: `The operation '${id}' was not found.` };
}
