import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { resourcesOf, scenario, scenarios } from './scenario.ts';
import { compiledTemplates } from './template.ts';

const guids = z
  .record(z.string(), z.guid())
  .parse(JSON.parse(readFileSync(new URL('../../../infra/roles.json', import.meta.url), 'utf8')));
const guide = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
const builtInRoles = new Map([
  ['5d977122-f97e-4b4d-a52f-6b43003ddb4d', 'Azure Container Instances Contributor Role'],
  ['f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator'],
  ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner'],
  ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Storage Blob Data Contributor'],
  ['974c5e8b-45b9-4653-ba55-5f855dd0fb88', 'Storage Queue Data Contributor'],
  ['0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'Storage Table Data Contributor'],
  ['3913510d-42f4-4e42-8a64-420c390055eb', 'Monitoring Metrics Publisher'],
  ['4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets User'],
  ['0ad04412-c4d5-4796-b79c-f76d14c8d402', 'Durable Task Data Contributor'],
]);

interface Grant {
  readonly to: string;
  readonly role: string;
  readonly on: string;
}

/** Our own roles in a scenario by GUID, without the resource group in their names. */
function ownRoles(name: (typeof scenarios)[number]): Map<string, string> {
  const definitions = resourcesOf(name, 'Microsoft.Authorization/roleDefinitions');
  return new Map(
    definitions.map(({ name: guid, properties = {} }) => [guid, String(properties['roleName']).split(' (')[0] ?? '']),
  );
}

/** The role assignments of a scenario, in words: which identity, which role, on what kind of resource or resource group. */
function grants(name: (typeof scenarios)[number]): Grant[] {
  const own = ownRoles(name);
  return resourcesOf(name, 'Microsoft.Authorization/roleAssignments').map(({ id, properties = {} }) => {
    const role = String(properties['roleDefinitionId']).split('/').at(-1) ?? '';
    return {
      to: /id-[a-z]+-(app|events)-/.exec(String(properties['principalId']))?.[1] ?? String(properties['principalId']),
      role: builtInRoles.get(role) ?? own.get(role) ?? role,
      on: scopeOf(id),
    };
  });
}

/** The id is left as an expression, because the name in it depends on a principal that only Azure knows. */
function scopeOf(assignmentId: string): string {
  const resource = /^\[extensionResourceId\('([^']+)'/.exec(assignmentId)?.[1];
  const group = /^\[resourceId\('[^']+', '([^']+)', 'Microsoft.Authorization/.exec(assignmentId)?.[1];
  return (resource ?? `/resourceGroups/${group ?? assignmentId}`)
    .replace(/^\/subscriptions\/[0-9a-f-]+/, '')
    .replace(/^\/resourceGroups\/a-resource-group\/providers\//, '')
    .replace('/providers/', ' ')
    .replaceAll(/-?orggof53tcgza/g, '');
}

const ofEveryApp: Grant[] = [
  { to: 'app', role: 'Storage Blob Data Owner', on: 'Microsoft.Storage/storageAccounts/staci' },
  { to: 'app', role: 'Storage Queue Data Contributor', on: 'Microsoft.Storage/storageAccounts/staci' },
  { to: 'app', role: 'Storage Table Data Contributor', on: 'Microsoft.Storage/storageAccounts/staci' },
  {
    to: 'events',
    role: 'Storage Blob Data Contributor',
    on: 'Microsoft.Storage/storageAccounts/staci/blobServices/default/containers/dead-letters',
  },
  { to: 'app', role: 'Monitoring Metrics Publisher', on: 'Microsoft.Insights/components/appi-aci' },
  { to: 'app', role: 'Key Vault Secrets User', on: 'Microsoft.KeyVault/vaults/kv-aci/secrets/sealing-keys' },
  { to: 'app', role: 'Make and delete container groups', on: '/resourceGroups/a-resource-group-groups' },
];

describe('role assignments', () => {
  it('of an app on Azure Storage are these and no others', () => {
    expect(grants('one-click')).toStrictEqual(ofEveryApp);
  });

  it('take the built-in role for container groups where no role may be made', () => {
    expect(grants('no-code')).toStrictEqual(
      ofEveryApp.with(6, {
        to: 'app',
        role: 'Azure Container Instances Contributor Role',
        on: '/resourceGroups/a-resource-group-groups',
      }),
    );
    expect(resourcesOf('no-code', 'Microsoft.Authorization/roleDefinitions')).toStrictEqual([]);
  });

  it('of an app on Durable Task Scheduler are one more, on its own task hub', () => {
    expect(grants('scheduler-consumption')).toStrictEqual(
      ofEveryApp.toSpliced(6, 0, {
        to: 'app',
        role: 'Durable Task Data Contributor',
        on: 'Microsoft.DurableTask/schedulers/dts-aci/taskHubs/container-groups',
      }),
    );
  });

  it('for the optional parts reach one identity, one subnet, and each target resource group', () => {
    const optional = grants('everything').filter(({ on }) => on.startsWith('/resourceGroups/'));
    expect(optional.map(({ to, role, on }) => `${to}: ${role} on ${on}`)).toStrictEqual([
      'app: Make and delete container groups on /resourceGroups/a-resource-group-with-the-longest-name-that-azure-allows-which-is-ninety-characters-012345',
      'app: Make and delete container groups on /resourceGroups/Worlds',
      'app: Managed Identity Operator on /resourceGroups/identities Microsoft.ManagedIdentity/userAssignedIdentities/id-of-games',
      'app: Join a subnet with a container group on /resourceGroups/networks Microsoft.Network/virtualNetworks/vnet-games/subnets/groups-1',
      'app: Join a subnet with a container group on /resourceGroups/networks Microsoft.Network/virtualNetworks/vnet-games/subnets/groups-2',
    ]);
  });

  it('name built-in roles by the GUIDs that Azure documents', () => {
    expect(Object.values(guids).toSorted()).toStrictEqual([...builtInRoles.keys()].toSorted());
  });

  it('are all in the operations guide, by name and GUID', () => {
    for (const [guid, name] of builtInRoles) {
      expect(guide).toContain(guid);
      expect(guide).toContain(name);
    }
  });

  it('say what kind of principal they are for, so that a new identity is not looked for before it is known everywhere', () => {
    for (const name of scenarios) {
      for (const { properties } of resourcesOf(name, 'Microsoft.Authorization/roleAssignments')) {
        expect(properties?.['principalType']).toBe('ServicePrincipal');
      }
    }
  });

  // https://learn.microsoft.com/azure/role-based-access-control/permissions/containers#microsoftcontainerinstance
  it.for([
    [
      'Make and delete container groups',
      [
        'Microsoft.ContainerInstance/containerGroups/read',
        'Microsoft.ContainerInstance/containerGroups/write',
        'Microsoft.ContainerInstance/containerGroups/delete',
        'Microsoft.ContainerInstance/containerGroups/containers/logs/read',
        'Microsoft.ContainerInstance/containerGroups/operationResults/read',
      ],
    ],
    [
      'Join a subnet with a container group',
      ['Microsoft.Network/virtualNetworks/subnets/join/action', 'Microsoft.Network/virtualNetworks/subnets/read'],
    ],
  ] as const)('use a role of our own that lets do no more (%s)', ([name, actions]) => {
    const definitions = resourcesOf('everything', 'Microsoft.Authorization/roleDefinitions').filter(({ properties }) =>
      String(properties?.['roleName']).startsWith(`${name} (`),
    );
    expect(definitions).not.toHaveLength(0);
    for (const { id, properties } of definitions) {
      expect(properties?.['permissions']).toStrictEqual([{ actions }]);
      expect(properties?.['assignableScopes']).toStrictEqual([id.split('/providers/')[0]]);
    }
  });

  it('are nowhere on a subscription', () => {
    for (const { template, resources } of compiledTemplates()) {
      if (!String(template['$schema']).includes('subscriptionDeploymentTemplate')) continue;
      expect(resources.map(({ type }) => type)).not.toContain('Microsoft.Authorization/roleAssignments');
    }
  });
});

describe('a scenario', () => {
  for (const name of scenarios) {
    it(`compiles and resolves without a word (${name})`, () => {
      expect(scenario(name).diagnostics).toStrictEqual([]);
    });
  }
});
