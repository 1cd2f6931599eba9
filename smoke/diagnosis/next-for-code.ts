/** What to look at next after a failure that the app has told, by its code; all codes are in docs/failures.md. */
export function nextForCode(code: string, requestId?: string): string {
  const known = NEXT[code];
  if (known !== undefined) return known;
  const log = requestId === undefined ? '' : ` The log has the request under the invocation ${requestId}.`;
  return `docs/failures.md says what ${code} means.${log}`;
}

/** The codes that a first deployment is likely to meet. */
export const NEXT: Readonly<Record<string, string>> = {
  quotaReached:
    'The subscription has no quota left in the region: docs/operations.md, Quotas, shows how to see it. Try another --location, or ask for more.',
  insufficientCapacity: 'The region has no room now. Try another --location, or the same one later.',
  throttled: 'Azure takes no more creations for now (100 in five minutes, 300 an hour). Wait some minutes.',
  notAuthorized:
    "The app's identity may not make container groups there. Is --resource-group one of the output targetResourceGroups? A new role assignment takes up to ten minutes to be known: try again then. Else look at the assignments: az role assignment list --resource-group NAME --output table.",
  providerNotRegistered:
    'Register it, and try again: az provider register --namespace Microsoft.ContainerInstance --wait',
  resourceGroupNotFound:
    'There is no such resource group: take one of the output targetResourceGroups; az group list shows what there is.',
  imageInaccessible: 'Azure may not pull the image: is its name right, and is it public? --image takes another.',
  imagePullFailed: 'Azure could not pull the image. Try once more; --image takes another.',
  registryUnavailable: 'The registry of the image did not answer Azure. Try once more; --image takes another.',
  containersExited: 'The container ended at once: --image has to name one that goes on running.',
  containerCrashed:
    'The container crashed after it ran: containerEnd in ACIDetails has its exit code and last lines. --image takes another.',
  deadlineExceeded:
    'The group did not run in time. az container show --resource-group NAME --name GROUP tells what Azure waits for.',
  armUnavailable: 'Resource Manager did not answer the app. Look at https://azure.status.microsoft, and try again.',
  specRefused: 'Azure refused the group, in the words above. Is --location one that has Container Instances?',
  notAllowed:
    "The app's settings, or the role of the key, do not allow this. With a field: --resource-group, --location and --image have to fit to ACI_ALLOWED_* and ACI_MAX_* (docs/operations.md). Without one: take the key of the role operator.",
  notAuthenticated:
    'The app takes tokens of Entra ID and no keys: put one with the role operator into SMOKE_TOKEN (docs/operations.md, Sign in with Entra ID).',
  tooManyGroups: 'There are as many groups as ACI_MAX_GROUPS allows: delete one, or raise it.',
  unsealFailed: 'ACI_SEALING_KEYS lost a key: SECURITY.md, Sealing keys.',
  commandPending:
    'The durable backend is slow: it has the command, and has not carried it out. Try again; then look at the storage account (az storage queue list) and at Application Insights.',
  endedWithoutOutcome:
    'An orchestration broke or was ended from outside. Application Insights has why: traces of DurableTask, and exceptions.',
  internal: 'Something is wrong in the app: its log in Application Insights has the request under its x-request-id.',
};
