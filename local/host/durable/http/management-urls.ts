/** Where the management API of a hub is reached from outside, and what its URLs carry. */
export interface ManagementPlace {
  hubName: string;
  /** Such as http://127.0.0.1:7071. */
  origin: string;
  /** Put as `code` into each URL; undefined when no key is needed. */
  systemKey: string | undefined;
}

/** The path of the API on the Functions host (learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api). */
const BASE_PATH = '/runtime/webhooks/durabletask';

/** The URL below which the API is found, without a slash at its end. */
export function makeBaseUrl({ origin }: Pick<ManagementPlace, 'origin'>): string {
  return `${origin}${BASE_PATH}`;
}

/** The parameters that every URL carries. */
export function makeCommonQuery({ hubName, systemKey }: ManagementPlace): string {
  const key = systemKey === undefined ? '' : `&code=${encodeURIComponent(systemKey)}`;
  return `taskHub=${encodeURIComponent(hubName)}&connection=Storage${key}`;
}

/** The URLs for one instance, under the names that the Durable extension gives them; `instanceId` must be encoded already. */
export function makeInstanceUrls(place: ManagementPlace, instanceId: string) {
  const url = `${makeBaseUrl(place)}/instances/${instanceId}`;
  const query = makeCommonQuery(place);
  return {
    statusQueryGetUri: `${url}?${query}`,
    sendEventPostUri: `${url}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${url}/terminate?reason={text}&${query}`,
    rewindPostUri: `${url}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${url}?${query}`,
    restartPostUri: `${url}/restart?${query}`,
    suspendPostUri: `${url}/suspend?reason={text}&${query}`,
    resumePostUri: `${url}/resume?reason={text}&${query}`,
  };
}
