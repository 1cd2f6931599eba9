import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaceSecrets } from '../../../../src/domain/spec/secret-fields.ts';

const hide = (group: unknown): unknown => replaceSecrets(group, () => '***');

describe('a secret is replaced', () => {
  const rows: { says: string; group: unknown; hidden: unknown }[] = [
    {
      says: 'in a secure variable of a container, and its plain one is kept',
      group: {
        containers: [
          {
            environmentVariables: [
              { name: 'A', secureValue: 's' },
              { name: 'B', value: 'v' },
            ],
          },
        ],
      },
      hidden: {
        containers: [
          {
            environmentVariables: [
              { name: 'A', secureValue: '***' },
              { name: 'B', value: 'v' },
            ],
          },
        ],
      },
    },
    {
      says: 'in a secure variable of an init container',
      group: { initContainers: [{ environmentVariables: [{ name: 'A', secureValue: 's' }] }] },
      hidden: { initContainers: [{ environmentVariables: [{ name: 'A', secureValue: '***' }] }] },
    },
    {
      says: "in a registry's credentials",
      group: { imageRegistryCredentials: [{ server: 'x.azurecr.io', username: 'u', password: 'p', identity: 'i' }] },
      hidden: { imageRegistryCredentials: [{ server: 'x.azurecr.io', username: 'u', password: '***', identity: 'i' }] },
    },
    {
      says: 'in the key of a storage account',
      group: { volumes: [{ name: 'files', azureFile: { shareName: 's', storageAccountKey: 'k' } }] },
      hidden: { volumes: [{ name: 'files', azureFile: { shareName: 's', storageAccountKey: '***' } }] },
    },
    {
      says: 'in every file of a secret volume',
      group: { volumes: [{ name: 'files', secret: { one: 'MQ==', two: 'Mg==' } }] },
      hidden: { volumes: [{ name: 'files', secret: { one: '***', two: '***' } }] },
    },
    {
      says: 'in the key of a log workspace',
      group: { diagnostics: { logAnalytics: { workspaceId: 'w', workspaceKey: 'k', metadata: { a: 'b' } } } },
      hidden: { diagnostics: { logAnalytics: { workspaceId: 'w', workspaceKey: '***', metadata: { a: 'b' } } } },
    },
    {
      says: "in an extension's protected settings, whatever their shape",
      group: { extensions: [{ name: 'e', settings: { a: 1 }, protectedSettings: { deep: { key: 'k' } } }] },
      hidden: { extensions: [{ name: 'e', settings: { a: 1 }, protectedSettings: { deep: '***' } }] },
    },
    {
      says: "in the address of a repository, which may hold its user's token",
      group: { volumes: [{ name: 'maps', gitRepo: { repository: 'https://me:t@example.com/maps', revision: 'v1' } }] },
      hidden: { volumes: [{ name: 'maps', gitRepo: { repository: '***', revision: 'v1' } }] },
    },
    {
      says: 'in a field that a newer API puts beside the known ones',
      group: { imageRegistryCredentials: [{ server: 's', passwordReference: 'r' }] },
      hidden: { imageRegistryCredentials: [{ server: 's', passwordReference: '***' }] },
    },
    {
      says: 'nowhere where there is none',
      group: { containers: [{ environmentVariables: [{ name: 'A', secureValue: null }] }], volumes: undefined },
      hidden: { containers: [{ environmentVariables: [{ name: 'A', secureValue: null }] }], volumes: undefined },
    },
    {
      says: 'nowhere in what has another shape',
      group: { containers: 'many', volumes: [7], diagnostics: [] },
      hidden: { containers: 'many', volumes: [7], diagnostics: [] },
    },
    { says: 'nowhere in what is no object', group: 'text', hidden: 'text' },
  ];

  test.each(rows)('$says', ({ group, hidden }) => {
    expect(hide(group)).toEqual(hidden);
  });
});

test('the group that was given is left as it was', () => {
  const group = { imageRegistryCredentials: [{ server: 's', password: 'p' }] };
  expect(hide(group)).not.toBe(group);
  expect(group.imageRegistryCredentials[0]?.password).toBe('p');
});

test('a replacement that is turned back gives the group that was there', () => {
  const secret = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string());
  const variables = fc.array(fc.record({ name: fc.string(), secureValue: fc.string() }));
  fc.assert(
    fc.property(secret, variables, (files, environmentVariables) => {
      const group = { containers: [{ environmentVariables }], volumes: [{ name: 'files', secret: files }] };
      const sealed = replaceSecrets(group, (value) => ({ sealed: value }));
      const opened = replaceSecrets<unknown>(sealed, (value) =>
        typeof value === 'object' && value !== null && 'sealed' in value ? value.sealed : value,
      );
      expect(opened).toEqual(group);
    }),
  );
});
