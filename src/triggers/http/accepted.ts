import type { HttpResponseInit } from '@azure/functions';
import type { ManagementPayload } from '../../durable/durable-client.ts';
import type { ApiRequest } from './api-request.ts';

/** Which URLs tell how an operation goes: the platform's, which hold a system key, or our own, which hold none. */
export interface StatusUrlSettings {
  keylessStatusUrls: boolean;
}

/** The 202 answer of a command whose orchestration runs. */
export function accepted(request: ApiRequest, instanceId: string, settings: StatusUrlSettings): HttpResponseInit {
  const payload = statusUrls(request, instanceId, settings);
  return {
    status: 202,
    headers: { Location: payload['statusQueryGetUri'] ?? '', 'Retry-After': '5' },
    jsonBody: payload,
  };
}

/** Where to ask how an operation goes. */
export function statusUrls(
  { client, origin }: ApiRequest,
  instanceId: string,
  { keylessStatusUrls }: StatusUrlSettings,
): ManagementPayload {
  return keylessStatusUrls
    ? { id: instanceId, statusQueryGetUri: `${origin}/api/ACIOperation?id=${encodeURIComponent(instanceId)}` }
    : client.managementPayload(instanceId, origin);
}
