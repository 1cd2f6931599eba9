import { describe, expect, it } from 'vitest';
import { scenario, scenarios } from './scenario.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, by the last part of the name. */
const rules: Readonly<Record<string, RegExp>> = {
  'Microsoft.DurableTask/schedulers': /^[a-zA-Z0-9-]{3,64}$/,
  'Microsoft.DurableTask/schedulers/taskHubs': /^[a-zA-Z0-9-]{3,64}$/,
  'Microsoft.EventGrid/systemTopics': /^[a-zA-Z0-9-]{3,50}$/,
  'Microsoft.EventGrid/systemTopics/eventSubscriptions': /^[a-zA-Z0-9-]{3,64}$/,
  'Microsoft.Insights/actionGroups': /^[^:<>+/&%\\?|]{1,259}[^:<>+/&%\\?|. ]$/,
  'Microsoft.Insights/components': /^[^%&\\?/]{1,259}[^%&\\?/. ]$/,
  'Microsoft.Insights/metricAlerts': /^[^*#&+:<>?@%{}\\/|]{1,259}[^*#&+:<>?@%{}\\/|. ]$/,
  'Microsoft.Insights/scheduledQueryRules': /^[^*<>%{}&:\\?/#|]{1,259}[^*<>%{}&:\\?/#|. ]$/,
  'Microsoft.Insights/workbooks': /^[0-9a-f-]{36}$/,
  'Microsoft.KeyVault/vaults': /^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  'Microsoft.KeyVault/vaults/secrets': /^[a-zA-Z0-9-]{1,127}$/,
  'Microsoft.ManagedIdentity/userAssignedIdentities': /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
  'Microsoft.Network/privateEndpoints': /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9_]$/,
  'Microsoft.Network/virtualNetworks': /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9_]$/,
  'Microsoft.OperationalInsights/workspaces': /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
  'Microsoft.Resources/resourceGroups': /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.Storage/storageAccounts/blobServices/containers': /^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/,
  'Microsoft.Web/serverfarms': /^[a-zA-Z0-9-]{1,60}$/,
  // The host tells apps apart by the first 32 characters:
  // https://learn.microsoft.com/azure/azure-functions/storage-considerations#host-id-considerations
  'Microsoft.Web/sites': /^[a-zA-Z0-9][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]$/,
};

describe('the names of resources', () => {
  it.for(scenarios)('keep to the rules of Azure (%s)', (name) => {
    const named = scenario(name).predictedResources.filter(({ type }) => rules[type] !== undefined);
    expect(named.length).toBeGreaterThan(10);
    for (const resource of named) {
      expect(resource.name.split('/').at(-1), resource.type).toMatch(rules[resource.type] ?? '');
    }
  });

  it('are as long as they get in one scenario: the longest prefix and the longest resource group', () => {
    const names = scenario('everything').predictedResources.map((resource) => resource.name);
    expect(names).toContain('stabcdefghiorggof53tcgza');
    expect(names).toContain('kv-abcdefg-orggof53tcgza');
    expect(names.some((name) => name.length === 90)).toBe(true);
  });

  it.for(scenarios)('are given once (%s)', (name) => {
    const ids = scenario(name).predictedResources.map(({ id }) => id.toLowerCase());
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toStrictEqual([]);
  });
});
