import type { AciProvider } from '../aci-provider.ts';
import type { ArmRequest } from './arm-request.ts';

/** The version that ACI puts into the address of an operation, whatever version the request had (recordings of Azure's SDK tests). */
export const OPERATION_API_VERSION = '2018-06-01';

/** The header that tells a client where to ask about the operation it began. */
export function operationHeaders(provider: AciProvider, location: string, operationId: string): Record<string, string> {
  return { 'Azure-AsyncOperation': operationUrl(provider, location, `operations/${operationId}`) };
}

/** The header of an operation that has no status of its own: 202 until it has ended (github.com/Azure/azure-resource-manager-rpc, async-api-reference.md). */
export function resultHeaders(provider: AciProvider, location: string, operationId: string): Record<string, string> {
  return { Location: operationUrl(provider, location, `operationresults/${operationId}`) };
}

function operationUrl({ endpoint, subscriptionId }: AciProvider, location: string, path: string): string {
  const locations = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerInstance/locations`;
  return `${endpoint}${locations}/${location}/${path}?api-version=${OPERATION_API_VERSION}`;
}

/** How long a write's answer takes. */
export function answerDelayMs(provider: AciProvider, request: ArmRequest): number {
  const { fromMs, toMs } = provider.timing.answer;
  return Math.round(provider.random.between(fromMs, toMs, request.requestId, 'answer'));
}
