import { makeBaseUrl, makeCommonQuery, makeInstanceUrls } from './management-urls.ts';
import type { ManagementPlace } from './management-urls.ts';

/** Where the durable client of the app finds its hub. */
export interface DurableClientPayloadOptions extends ManagementPlace {
  /** Where the client sends its own requests: the same API without a key, on loopback; must end with a slash. */
  rpcBaseUrl: string;
}

/**
 * Makes the JSON text that a `durableClient` input is given. Words in braces and `INSTANCEID` are replaced by
 * durable-functions (lib/src/durableClient/DurableClient.js).
 */
export function durableClientPayload({ rpcBaseUrl, ...place }: DurableClientPayloadOptions): string {
  const baseUrl = makeBaseUrl(place);
  const code = place.systemKey === undefined ? '' : `code=${encodeURIComponent(place.systemKey)}`;
  const creation = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]`;
  return JSON.stringify({
    taskHubName: place.hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${creation}?${code}`,
      createAndWaitOnNewInstancePostUri: `${creation}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: { id: 'INSTANCEID', ...makeInstanceUrls(place, 'INSTANCEID') },
    baseUrl,
    requiredQueryStringParameters: code === '' ? makeCommonQuery(place) : code,
    rpcBaseUrl,
    httpBaseUrl: null,
  });
}
