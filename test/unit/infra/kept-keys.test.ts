import { describe, expect, it } from 'vitest';
import { resourcesOf } from './scenario.ts';
import { compiledTemplates } from './template.ts';

const templates = compiledTemplates();

describe('a repeated deployment', () => {
  it('leaves every secret of the vault alone that is there', () => {
    const secrets = templates
      .flatMap(({ resources }) => resources)
      .filter(({ type, existing }) => type === 'Microsoft.KeyVault/vaults/secrets' && existing !== true);
    expect(secrets).not.toHaveLength(0);
    for (const secret of secrets) expect(secret['@options']?.onlyIfNotExists).toBeDefined();
  });

  it('leaves a resource group alone that is there', () => {
    const groups = templates
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => type === 'Microsoft.Resources/resourceGroups');
    expect(groups).toHaveLength(1);
    expect(groups[0]?.['@options']?.onlyIfNotExists).toBeDefined();
  });

  // Resource Manager refuses the option in a template without the version, and Bicep leaves the version out of simple ones.
  it('is understood: a template that keeps something says that it is of language version 2', () => {
    for (const { template, resources } of templates) {
      if (resources.some((resource) => resource['@options']?.onlyIfNotExists !== undefined)) {
        expect(template.languageVersion).toBe('2.0');
      }
    }
  });

  it('gives each function of a role the value that the vault keeps, the same for all of them', () => {
    const vault =
      '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/a-resource-group/providers/Microsoft.KeyVault/vaults/kv-aci-orggof53tcgza';
    const keys = resourcesOf('one-click', 'Microsoft.Web/sites/functions/keys');
    expect(keys).not.toHaveLength(0);
    for (const { name, properties } of keys) {
      const role = name.split('/').at(-1);
      expect(properties).toStrictEqual({ name: role, value: expect.stringContaining(`role-key-${role}`) as unknown });
      expect(properties?.['value']).toContain(vault);
    }
  });

  it.for(['one-click', 'everything', 'scheduler-consumption'] as const)(
    'leaves it to the running deployment which vault that is, because preflight would look for it before it is made (%s)',
    (name) => {
      const keys = resourcesOf(name, 'Microsoft.Web/sites/functions/keys');
      expect(keys).not.toHaveLength(0);
      for (const { properties } of keys) {
        expect(properties?.['value']).toMatch(/^\[getKeyVaultSecret\(resourceId\(.*\breference\('.*\.vaultUri/);
      }
    },
  );

  // What an alert asks for may differ each time (deployedAt); what a resource is called, or a caller has to know, may not.
  it('draws chance nowhere but for a secret that is kept, and looks at the clock for an alert alone', () => {
    for (const { template } of templates) {
      const { parameters = {}, ...rest } = { ...template, functions: [], resources: [] };
      const drawing = Object.entries(parameters).filter(([, { defaultValue }]) =>
        /newGuid|utcNow/.test(String(defaultValue)),
      );
      expect(
        drawing.map(([name]) => name).filter((name) => name !== 'randomGuids' && name !== 'deployedAt'),
      ).toStrictEqual([]);
      expect(JSON.stringify(rest)).not.toMatch(/newGuid|utcNow/);
    }
  });
});
