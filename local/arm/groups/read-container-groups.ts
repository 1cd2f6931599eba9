import type { AciProvider } from '../aci-provider.ts';
import { invalidRequestContent, resourceNotFound } from '../wire/arm-errors.ts';
import { type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { type ArmRequest, parameterOf } from '../wire/arm-request.ts';
import { showContainerGroup } from './container-group-view.ts';
import type { JsonObject } from '../wire/json.ts';

const SKIP_TOKEN = '$skiptoken';

/** Reads one container group, with its instance view. */
export function getContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const group = provider.groups.find(resourceGroup, name);
  if (!group) return errorReply(resourceNotFound(resourceGroup, name));
  return { status: 200, body: showContainerGroup(group, provider.subscriptionId, { withInstanceView: true }) };
}

/** Lists the container groups of a resource group or of the subscription, a page at a time, without instance views. */
export function listContainerGroups(provider: AciProvider, request: ArmRequest): ArmReply {
  const token = request.url.searchParams.get(SKIP_TOKEN);
  const after = token === null ? 0 : readSkipToken(token);
  if (after === undefined) return errorReply(invalidRequestContent(`The skip token '${token}' is invalid.`));
  const resourceGroup = request.parameters['resourceGroup'];
  const limit = provider.faults().arm.pageSize;
  const nowMs = provider.clock.now();
  const lag = provider.incidents.hit('listsLag', {}, request.requestId, nowMs);
  const asOfMs = lag && nowMs - lag.lagSeconds * 1000;
  const page = provider.groups.list({ resourceGroup, after, limit, asOfMs });
  const body: JsonObject = {
    value: page.groups.map((group) => showContainerGroup(group, provider.subscriptionId, { withInstanceView: false })),
  };
  if (page.nextAfter !== undefined) body['nextLink'] = makeNextLink(provider, request, page.nextAfter);
  return { status: 200, body };
}

/**
 * Lists what a container group must reach in its network: "for container groups, this will always be an empty list"
 * (Azure/azure-rest-api-specs, containerInstance.json, ContainerGroups_GetOutboundNetworkDependenciesEndpoints).
 */
export function listOutboundDependencies(provider: AciProvider, request: ArmRequest): ArmReply {
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const group = provider.groups.find(resourceGroup, name);
  return group ? { status: 200, body: [] } : errorReply(resourceNotFound(resourceGroup, name));
}

function makeNextLink(provider: AciProvider, request: ArmRequest, after: number): string {
  const link = new URL(request.url.pathname, provider.endpoint);
  link.searchParams.set('api-version', request.url.searchParams.get('api-version') ?? '');
  link.searchParams.set(SKIP_TOKEN, Buffer.from(String(after)).toString('base64url'));
  return link.href;
}

function readSkipToken(token: string): number | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
