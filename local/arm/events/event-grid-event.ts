import { LOCAL_CLIENT_ID, LOCAL_PRINCIPAL_ID, LOCAL_TENANT_ID } from '../identity/access-token.ts';
import { containerGroupId } from '../groups/container-group.ts';
import type { JsonObject } from '../wire/json.ts';
import type { SeededRandom } from '../faults/seeded-random.ts';

/** What a request did, as the event about it tells. */
export interface ResourceAction {
  operationName: 'write' | 'delete' | 'start/action' | 'stop/action' | 'restart/action';
  /** Equals `x-ms-correlation-request-id` of the answer to the request. */
  correlationId: string;
  /** Who did it is not the managed identity of the app. */
  isBySomebodyElse?: true;
  /** Absent on a create, as it often is in Azure. */
  httpRequest?: { clientRequestId: string; clientIpAddress: string; method: string; url: string } | undefined;
}

/** How a request ended. */
export type ResourceActionOutcome = 'Success' | 'Failure' | 'Cancel';

/**
 * Makes the event of a resource group's system topic about a container group, in the Event Grid schema
 * (learn.microsoft.com/azure/event-grid/event-schema-resource-groups). It says nothing of the reason, the code or the IP address. As in
 * Azure, names come in one letter case or another.
 */
export function makeResourceEvent(
  subscriptionId: string,
  group: { resourceGroup: string; name: string },
  action: ResourceAction,
  outcome: ResourceActionOutcome,
  { atMs, random, key }: { atMs: number; random: SeededRandom; key: string },
): JsonObject {
  const id = containerGroupId(subscriptionId, group);
  const operationName = `Microsoft.ContainerInstance/containerGroups/${action.operationName}`;
  const isLowerCase = random.draw(key, 'case') < 0.5;
  const resourceUri = isLowerCase ? id.replace('/resourceGroups/', '/resourcegroups/') : id;
  const principalId = action.isBySomebodyElse ? OTHER_PRINCIPAL_ID : LOCAL_PRINCIPAL_ID;
  const data: JsonObject = {
    authorization: {
      scope: resourceUri,
      action: operationName,
      evidence: {
        role: action.isBySomebodyElse ? 'Contributor' : 'Azure Container Instances Contributor Role',
        principalId,
        principalType: action.isBySomebodyElse ? 'User' : 'ServicePrincipal',
      },
    },
    claims: {
      aud: 'https://management.azure.com',
      iss: `https://sts.windows.net/${LOCAL_TENANT_ID}/`,
      appid: action.isBySomebodyElse ? PORTAL_CLIENT_ID : LOCAL_CLIENT_ID,
      oid: principalId,
      tid: LOCAL_TENANT_ID,
    },
    correlationId: action.correlationId,
    resourceProvider: 'Microsoft.ContainerInstance',
    resourceUri,
    operationName,
    status: STATUS[outcome],
    subscriptionId,
    tenantId: LOCAL_TENANT_ID,
  };
  if (action.httpRequest) data['httpRequest'] = { ...action.httpRequest };
  return {
    id: random.uuid(key, 'event'),
    topic: `/subscriptions/${subscriptionId}/resourceGroups/${group.resourceGroup}`,
    subject: resourceUri,
    eventType: `Microsoft.Resources.Resource${kindOf(action)}${outcome}`,
    eventTime: new Date(atMs).toISOString(),
    dataVersion: '2',
    metadataVersion: '1',
    data,
  };
}

/** A user of the local tenant who is not the app. */
const OTHER_PRINCIPAL_ID = '00000000-0000-0000-0000-00000000dddd';

/** The Azure portal (learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in). */
const PORTAL_CLIENT_ID = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';

const STATUS: Readonly<Record<ResourceActionOutcome, string>> = {
  Success: 'Succeeded',
  Failure: 'Failed',
  Cancel: 'Canceled',
};

function kindOf(action: ResourceAction): 'Write' | 'Delete' | 'Action' {
  switch (action.operationName) {
    case 'write':
      return 'Write';
    case 'delete':
      return 'Delete';
    case 'start/action':
    case 'stop/action':
    case 'restart/action':
      return 'Action';
  }
}
