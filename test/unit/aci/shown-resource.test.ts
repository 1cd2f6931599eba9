import type { ContainerGroup } from '@azure/arm-containerinstance';
import { expect, test } from 'vitest';
import { toShownResource } from '../../../src/aci/shown-resource.ts';

const variables = [
  { name: 'PLAIN', value: 'open' },
  { name: 'SECRET', secureValue: 'hunter2' },
];

// Each secret of a resource once, in case ARM should ever show one.
const group: ContainerGroup = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [
    {
      name: 'game',
      image: 'nginx',
      resources: { requests: { cpu: 1, memoryInGB: 1 } },
      environmentVariables: variables,
    },
  ],
  initContainers: [{ name: 'init', environmentVariables: variables }],
  imageRegistryCredentials: [{ server: 'example.azurecr.io', username: 'user', password: 'hunter2' }],
  volumes: [
    { name: 'share', azureFile: { shareName: 's', storageAccountName: 'a', storageAccountKey: 'hunter2' } },
    { name: 'files', secret: { one: 'hunter2' } },
  ],
  diagnostics: { logAnalytics: { workspaceId: 'w', workspaceKey: 'hunter2' } },
  extensions: [{ name: 'e', protectedSettings: { kubeConfig: 'hunter2' } }],
};

test('a shown resource holds no secret, and everything else', () => {
  const shown = toShownResource(group);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toMatchObject({
    location: 'westeurope',
    containers: [{ environmentVariables: [{ value: 'open' }, { name: 'SECRET', secureValue: '***' }] }],
    imageRegistryCredentials: [{ username: 'user', password: '***' }],
    volumes: [{ azureFile: { shareName: 's', storageAccountKey: '***' } }, { secret: { one: '***' } }],
  });
});

test('the words of an instance view hold no credentials of an address', () => {
  const message = 'Cloning https://me:hunter2@example.com/maps.git failed.';
  const instanceView = {
    events: [{ name: 'Failed', message }],
    currentState: { state: 'Waiting', detailStatus: message },
  };
  const shown = toShownResource({ ...group, containers: group.containers.map((each) => ({ ...each, instanceView })) });
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(JSON.stringify(shown)).toContain('Cloning https://***@example.com/maps.git failed.');
});

test('the resource itself is left as it was', () => {
  toShownResource(group);
  expect(group.imageRegistryCredentials?.[0]?.password).toBe('hunter2');
});
