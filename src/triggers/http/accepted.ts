import type { HttpResponseInit } from '@azure/functions';
import type { Failure } from '../../domain/failure.ts';
import type { Instance, ManagementPayload } from '../../durable/durable-client.ts';
import type { ApiRequest } from './api-request.ts';

/** Which URLs tell how an operation goes. */
export interface StatusUrlSettings {
  /** What they begin with: never the host that a request names, which its sender makes up. */
  publicUrl: string;
  /** Our own ones, which hold no key, instead of the platform's, which hold a system key. */
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

/** The answer about an operation that was ended from outside or broke, so that nothing says how it went. */
export function endedWithoutOutcome({ runtimeStatus }: Pick<Instance<unknown, unknown>, 'runtimeStatus'>): Failure {
  const message = `The operation ended as ${runtimeStatus}, without an outcome that this app can read: it was ended from outside, or it broke. ACIDetails tells how the group is.`;
  return { code: 'endedWithoutOutcome', message };
}

/** Where to ask how an operation goes. */
export function statusUrls(
  { client }: Pick<ApiRequest, 'client'>,
  instanceId: string,
  { publicUrl, keylessStatusUrls }: StatusUrlSettings,
): ManagementPayload {
  return keylessStatusUrls
    ? { id: instanceId, statusQueryGetUri: `${publicUrl}/api/ACIOperation?id=${encodeURIComponent(instanceId)}` }
    : client.managementPayload(instanceId, publicUrl);
}
