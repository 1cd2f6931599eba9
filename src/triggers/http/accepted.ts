import type { HttpResponseInit } from '@azure/functions';
import type { ApiRequest } from './api-request.ts';

/** The 202 answer of a command whose orchestration runs: the status-query URLs, as durable-functions hands them out. */
export function accepted(request: ApiRequest, instanceId: string): HttpResponseInit {
  const payload = request.client.managementPayload(instanceId, request.origin);
  const location = payload['statusQueryGetUri'] ?? '';
  return { status: 202, headers: { Location: location, 'Retry-After': '5' }, jsonBody: payload };
}
