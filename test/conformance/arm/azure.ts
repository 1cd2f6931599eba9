import { randomBytes } from 'node:crypto';
import { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { isRestError } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential } from '@azure/identity';
import type { ArmTarget } from './target.ts';

/** Where a run against Azure takes place. */
export interface AzureSettings {
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  endpoint: string;
}

/** Reads where to run, or says in some lines what is missing. */
export function readAzureSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { ok: true; settings: AzureSettings } | { ok: false; missing: string } {
  const {
    AZURE_LIVE,
    AZURE_SUBSCRIPTION_ID: subscriptionId = '',
    AZURE_LIVE_RESOURCE_GROUP: resourceGroup = '',
    AZURE_LIVE_LOCATION: location = 'eastus',
    AZURE_LIVE_ENDPOINT: endpoint = 'https://management.azure.com',
  } = environment;
  const required = [
    { name: 'AZURE_LIVE', isGiven: AZURE_LIVE === '1', is: 'the figure 1, since Azure costs something' },
    { name: 'AZURE_SUBSCRIPTION_ID', isGiven: GUID.test(subscriptionId), is: 'the id of a subscription, a GUID' },
    {
      name: 'AZURE_LIVE_RESOURCE_GROUP',
      isGiven: resourceGroup !== '',
      is: 'the name of a resource group in which you may create and delete container groups',
    },
  ];
  const missing = required.filter(({ isGiven }) => !isGiven).map(({ name, is }) => `\n  ${name}: ${is}`);
  return missing.length === 0
    ? { ok: true, settings: { subscriptionId, resourceGroup, location, endpoint } }
    : {
        ok: false,
        missing: `Nothing was run. Azure needs a subscription, and these in the environment:${missing.join('')}`,
      };
}

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Signs in as DefaultAzureCredential does, and removes first what a run that was killed has left. */
export async function openAzure({
  subscriptionId,
  resourceGroup,
  location,
  endpoint,
}: AzureSettings): Promise<ArmTarget> {
  const credential = new DefaultAzureCredential();
  const client = new ContainerInstanceManagementClient(credential, subscriptionId, { endpoint });
  await removeLeftovers(client, resourceGroup);
  const prefix = `${PREFIX}${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`;
  const names = new Set<string>();
  return {
    client,
    resourceGroup,
    location,
    polling: { updateIntervalInMs: 5_000 },
    claim(name) {
      names.add(name);
      return name;
    },
    prefix,
    [Symbol.asyncDispose]: () => remove(client, resourceGroup, [...names]),
  };
}

const PREFIX = 'aci-conformance-';

/** Longer than any run takes: a group of another run that goes on is not touched. */
const LEFTOVER_AFTER_MS = 2 * 3_600_000;

async function removeLeftovers(client: ContainerInstanceManagementClient, resourceGroup: string): Promise<void> {
  const names: string[] = [];
  for await (const { name = '' } of client.containerGroups.listByResourceGroup(resourceGroup)) {
    const began = new RegExp(`^${PREFIX}([\\da-z]{8,9})-`).exec(name)?.[1];
    if (began !== undefined && Date.now() - Number.parseInt(began, 36) > LEFTOVER_AFTER_MS) names.push(name);
  }
  await remove(client, resourceGroup, names);
}

/** Deletes what is there of these, all that it can; throws when something stays, which costs until somebody deletes it. */
async function remove(
  { containerGroups }: ContainerInstanceManagementClient,
  resourceGroup: string,
  names: readonly string[],
): Promise<void> {
  const ends = await Promise.allSettled(
    names.map(async (name) => {
      try {
        await containerGroups.beginDeleteAndWait(resourceGroup, name);
      } catch (error) {
        // There is none of a name that no group may have.
        if (!isRestError(error) || error.code !== 'InvalidContainerGroupName') throw error;
      }
    }),
  );
  const causes: unknown[] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (causes.length === 0) return;
  const left = names.filter((_, index) => ends[index]?.status === 'rejected').join(', ');
  throw new AggregateError(causes, `Delete these of the resource group ${resourceGroup} yourself: ${left}.`);
}
