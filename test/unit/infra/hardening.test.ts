import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../../../src/security/policy.ts';
import { resourcesOf, scenario, scenarios } from './scenario.ts';
import { compiledTemplates } from './template.ts';

describe.for(scenarios)('the resources of %s', (name) => {
  it('include a storage account without keys, public blobs or old TLS', () => {
    const [account] = resourcesOf(name, 'Microsoft.Storage/storageAccounts');
    expect(account?.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
  });

  it('include an app that speaks HTTPS with TLS 1.2 or later and takes no publishing password', () => {
    const [app] = resourcesOf(name, 'Microsoft.Web/sites');
    expect(app?.properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2' },
      functionAppConfig: {
        runtime: { name: 'node', version: '24' },
        deployment: { storage: { authentication: { type: 'UserAssignedIdentity' } } },
      },
    });
    const policies = resourcesOf(name, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map((policy) => [policy.name.split('/')[1], policy.properties])).toStrictEqual([
      ['ftp', { allow: false }],
      ['scm', { allow: false }],
    ]);
  });

  it('include a vault that goes by roles and keeps what is removed', () => {
    const [vault] = resourcesOf(name, 'Microsoft.KeyVault/vaults');
    expect(vault?.properties).toMatchObject({ enableRbacAuthorization: true, enableSoftDelete: true });
    expect(vault?.properties?.['enablePurgeProtection'] ?? 'unset').toBe(name === 'no-code' ? 'unset' : true);
  });

  it('include a vault whose workspace keeps who did what with it', () => {
    const audits = resourcesOf(name, 'Microsoft.Insights/diagnosticSettings').filter(({ id }) =>
      id.includes('.KeyVault/'),
    );
    expect(audits.map(({ properties }) => properties?.['logs'])).toStrictEqual([
      [{ categoryGroup: 'audit', enabled: true }],
    ]);
  });

  it('include telemetry that takes Entra tokens only', () => {
    expect(resourcesOf(name, 'Microsoft.Insights/components')[0]?.properties).toMatchObject({ DisableLocalAuth: true });
    expect(resourcesOf(name, 'Microsoft.OperationalInsights/workspaces')[0]?.properties).toMatchObject({
      features: { disableLocalAuth: true },
    });
  });

  it('hold no key, password or signature in a setting or an output', () => {
    const { predictedResources, outputs } = scenario(name);
    const secretFunctions = /listKeys|listAccountSas|listCredentials|AccountKey=|SharedAccess|sig=/i;
    for (const resource of predictedResources) expect(JSON.stringify(resource)).not.toMatch(secretFunctions);
    expect(JSON.stringify(outputs)).not.toMatch(/getKeyVaultSecret|newGuid|sha256:/);
    expect(JSON.stringify(outputs)).not.toMatch(secretFunctions);
  });
});

describe('the sign-in with Entra ID', () => {
  const signIn = (name: (typeof scenarios)[number]) =>
    resourcesOf(name, 'Microsoft.Web/sites/config').find((config) => config.name.endsWith('/authsettingsV2'));

  it('is there where a client id is given, and believed by the app there only', () => {
    for (const name of scenarios) {
      const settings = resourcesOf(name, 'Microsoft.Web/sites/config').find((config) =>
        config.name.endsWith('/appsettings'),
      );
      expect(settings?.properties?.['ACI_EASY_AUTH']).toBe(name === 'everything' ? 'true' : undefined);
      expect(signIn(name) !== undefined).toBe(name === 'everything');
    }
  });

  // Containers, Event Grid and Durable's status addresses bring no token of Entra ID; a path left out could carry a forged principal.
  it('looks at every path, and leaves it to the app to refuse a request without a token', () => {
    expect(signIn('everything')?.properties).toMatchObject({
      platform: { enabled: true },
      globalValidation: { requireAuthentication: false, unauthenticatedClientAction: 'AllowAnonymous' },
    });
    expect(JSON.stringify(signIn('everything'))).not.toContain('excludedPaths');
  });

  it('is on before the settings tell the app to believe it', () => {
    const app = compiledTemplates().find(({ path }) => path.endsWith('/function-app'));
    const settings = app?.resources.find(({ name }) => name.includes("'appsettings'"));
    expect(settings?.dependsOn).toContain('app::signIn');
    for (const { properties } of app?.resources ?? []) {
      expect(JSON.stringify(properties?.['siteConfig'] ?? {})).not.toContain('appSettings');
    }
  });

  it('knows the roles of the app', () => {
    const roles = z
      .array(z.object({ id: z.guid(), value: z.string() }))
      .parse(JSON.parse(readFileSync(new URL('../../../infra/app-roles.json', import.meta.url), 'utf8')));
    expect(roles.map(({ value }) => value)).toStrictEqual(ROLES);
    expect(new Set(roles.map(({ id }) => id)).size).toBe(ROLES.length);
  });
});

describe('the private network', () => {
  it('closes the storage account and the vault to all but trusted services and private endpoints', () => {
    for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
      expect(resourcesOf('everything', type)[0]?.properties).toMatchObject({
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      });
    }
    const endpoints = resourcesOf('everything', 'Microsoft.Network/privateEndpoints');
    expect(endpoints.map(({ name }) => name.split('-').at(-1))).toStrictEqual(['blob', 'queue', 'table', 'vault']);
  });

  it('is what the app calls out through', () => {
    expect(resourcesOf('everything', 'Microsoft.Web/sites')[0]?.properties?.['virtualNetworkSubnetId']).toMatch(
      /\/virtualNetworks\/vnet-abcdefghi-[a-z0-9]+\/subnets\/app$/,
    );
  });
});

describe('the templates', () => {
  const templates = compiledTemplates();

  it('describe every parameter', () => {
    for (const { path, template } of templates) {
      for (const [name, { metadata }] of Object.entries(template.parameters ?? {})) {
        expect(metadata?.description, `${path} ${name}`).toMatch(/\w/);
      }
    }
  });

  it('take a secret in secure parameters only', () => {
    for (const { path, template } of templates) {
      for (const [name, parameter] of Object.entries(template.parameters ?? {})) {
        const looksSecret = /secret|password|value$|guids$/i.test(name);
        expect(parameter.type === 'securestring', `${path} ${name}`).toBe(looksSecret);
      }
    }
  });

  // https://github.com/Azure/azure-docs-json-samples/issues/42
  it('show the user of the button no expression for a list or an object', () => {
    const [main] = templates;
    for (const [name, { type, defaultValue }] of Object.entries(main?.template.parameters ?? {})) {
      if (type === 'array' || type === 'object') expect(typeof defaultValue, name).toBe('object');
      expect(JSON.stringify(defaultValue ?? null).slice(1), name).not.toMatch(/"\[/);
    }
  });

  it('ask the user of the button for the package alone', () => {
    const [main] = templates;
    const required = Object.entries(main?.template.parameters ?? {}).filter(
      ([, parameter]) => parameter.defaultValue === undefined,
    );
    expect(required.map(([name]) => name)).toStrictEqual(['packageUri']);
  });

  it('output no secret', () => {
    for (const { template } of templates) {
      for (const output of Object.values(template.outputs ?? {})) {
        expect(output.type).not.toMatch(/^secure/);
        expect(JSON.stringify(output)).not.toMatch(/listKeys|getSecret|randomGuids|newGuid/);
      }
    }
  });
});
