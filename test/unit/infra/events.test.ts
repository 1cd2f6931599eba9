import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resourcesOf } from './scenario.ts';
import { compiledTemplates } from './template.ts';

const topicIdentity = z.object({ userAssignedIdentities: z.record(z.string(), z.unknown()) });
const subscriptionType = 'Microsoft.EventGrid/systemTopics/eventSubscriptions';

describe('the event subscriptions', () => {
  it('are one for each target resource group, on the topic in that group', () => {
    const groupOf = (id: string): string => id.split('/')[4] ?? '';
    expect(resourcesOf('everything', subscriptionType).map(({ id, name }) => [groupOf(id), name])).toStrictEqual([
      [
        'a-resource-group-with-the-longest-name-that-azure-allows-which-is-ninety-characters-012345',
        'egst-abcdefghi-auyuu2z7de5bs/func-abcdefghi-orggof53tcgza',
      ],
      ['Worlds', 'a-topic-that-was-there-before/func-abcdefghi-orggof53tcgza'],
    ]);
  });

  it('bring what happens to container groups, and nothing else, to ACIMonitor', () => {
    expect(resourcesOf('one-click', subscriptionType)[0]?.properties).toMatchObject({
      destination: {
        endpointType: 'AzureFunction',
        properties: {
          resourceId: expect.stringMatching(/\/sites\/func-aci-[a-z0-9]+\/functions\/ACIMonitor$/) as unknown,
        },
      },
      eventDeliverySchema: 'EventGridSchema',
      filter: {
        includedEventTypes: ['Write', 'Delete', 'Action'].flatMap((kind) =>
          ['Success', 'Failure', 'Cancel'].map((outcome) => `Microsoft.Resources.Resource${kind}${outcome}`),
        ),
        advancedFilters: [
          {
            key: 'data.operationName',
            operatorType: 'StringIn',
            values: ['write', 'delete', 'start/action', 'stop/action', 'restart/action'].map(
              (operation) => `Microsoft.ContainerInstance/containerGroups/${operation}`,
            ),
          },
        ],
      },
    });
  });

  it('keep what can not be delivered in a container that only the identity of the topic may write', () => {
    const identity = expect.stringMatching(/\/userAssignedIdentities\/id-aci-events-[a-z0-9]+$/) as unknown;
    expect(resourcesOf('one-click', subscriptionType)[0]?.properties).toMatchObject({
      deadLetterWithResourceIdentity: {
        identity: { type: 'UserAssigned', userAssignedIdentity: identity },
        deadLetterDestination: { endpointType: 'StorageBlob', properties: { blobContainerName: 'dead-letters' } },
      },
    });
    const [topic] = resourcesOf('one-click', 'Microsoft.EventGrid/systemTopics');
    expect(topic?.location).toBe('global');
    expect(topic?.['identity']).toMatchObject({ type: 'UserAssigned' });
    expect(
      resourcesOf('one-click', 'Microsoft.Storage/storageAccounts/blobServices/containers').map(({ name }) =>
        name.split('/').at(-1),
      ),
    ).toContain('dead-letters');
  });

  it('leave the identities of another app to a topic that was there before', () => {
    const carried = resourcesOf('everything', 'Microsoft.EventGrid/systemTopics').map(({ name, identity }) => [
      name,
      Object.keys(topicIdentity.parse(identity).userAssignedIdentities).map((id) => id.split('/').at(-1)),
    ]);
    expect(carried).toStrictEqual([
      ['egst-abcdefghi-auyuu2z7de5bs', ['id-abcdefghi-events-orggof53tcgza']],
      ['a-topic-that-was-there-before', ['id-abcdefghi-events-orggof53tcgza', 'id-of-another-app']],
    ]);
  });

  it('are raised an alert for when an event could not be delivered', () => {
    const criteria = resourcesOf('everything', 'Microsoft.Insights/metricAlerts').map(({ properties }) => properties);
    expect(criteria).toHaveLength(2);
    for (const properties of criteria) {
      expect(JSON.stringify(properties)).toContain('"metricName":"DeadLetteredCount"');
    }
  });
});

describe('the order of a deployment', () => {
  const [main] = compiledTemplates();
  const deployments = new Map(main?.resources.map((resource) => [resource.name, resource.dependsOn ?? []]));

  it('installs the code after the app and its rights, and then wires what needs the code', () => {
    expect(deployments.get('app-code')).toStrictEqual(['functionApp']);
    expect(deployments.get('function-app')).toContain('targets');
    expect(deployments.get('wiring')).toContain('appCode');
  });

  it('sets the role keys before it subscribes to events', () => {
    const wiring = compiledTemplates().find(({ path }) => path === '/wiring');
    const subscriptions = wiring?.resources.find(({ name }) => name.startsWith("[format('event-subscription"));
    expect(subscriptions?.dependsOn).toContain('roleKeys');
  });

  it('does neither without a package', () => {
    for (const type of ['Microsoft.Web/sites/extensions', 'Microsoft.Web/sites/functions/keys', subscriptionType]) {
      expect(resourcesOf('no-code', type)).toStrictEqual([]);
      expect(resourcesOf('one-click', type)).not.toStrictEqual([]);
    }
  });

  it('gives the hook after `azd deploy` the same wiring to deploy', () => {
    for (const hook of ['postdeploy.sh', 'postdeploy.ps1']) {
      expect(readFileSync(new URL(`../../../infra/hooks/${hook}`, import.meta.url), 'utf8')).toContain(
        'infra/wiring.json',
      );
    }
  });
});
