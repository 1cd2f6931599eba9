import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerGroup } from '@azure/arm-containerinstance';
import { expect, test } from 'vitest';
import { FAST_POLLING, gameServer, openArmHarness } from './harness.ts';

/** In every field that the specification of the API calls secure. */
const SECRET = 'c2VjcmV0LXRoYXQtbXVzdC1ub3QtYXBwZWFy';

const spec: ContainerGroup = gameServer({
  containers: [
    {
      name: 'server',
      image: 'game:1',
      resources: { requests: { cpu: 1, memoryInGB: 1 } },
      environmentVariables: [
        { name: 'HIDDEN', secureValue: SECRET },
        { name: 'SHOWN', value: 'plain' },
      ],
    },
  ],
  initContainers: [{ name: 'init', image: 'init:1', environmentVariables: [{ name: 'HIDDEN', secureValue: SECRET }] }],
  imageRegistryCredentials: [{ server: 'example.azurecr.io', username: 'user', password: SECRET }],
  volumes: [
    { name: 'share', azureFile: { shareName: 'saves', storageAccountName: 'account', storageAccountKey: SECRET } },
    { name: 'secrets', secret: { 'token.txt': SECRET } },
  ],
  diagnostics: { logAnalytics: { workspaceId: 'workspace', workspaceKey: SECRET } },
  extensions: [{ name: 'ext', extensionType: 'realtime', version: '1.0', protectedSettings: { key: SECRET } }],
});

test('a secret is taken and never seen again: not in an answer, not in a file, not in a line for the user', async () => {
  await using harness = await openArmHarness();
  const { containerGroups } = harness.client;
  const bodies: (string | null | undefined)[] = [];
  const onResponse = ({ bodyAsText }: { bodyAsText?: string | null }): unknown => bodies.push(bodyAsText);
  const created = await containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', spec, {
    ...FAST_POLLING,
    onResponse,
  });
  await containerGroups.get('games', 'game-1', { onResponse });
  for await (const _ of containerGroups.list({ onResponse })) continue;
  await containerGroups.update('games', 'game-1', { tags: {} }, { onResponse });
  await containerGroups.beginDeleteAndWait('games', 'game-1', { onResponse });
  expect(bodies.length).toBeGreaterThan(5);
  expect(bodies.join('\n')).not.toContain(SECRET);
  expect(harness.lines.join('\n')).not.toContain(SECRET);

  expect(created.containers[0]?.environmentVariables).toEqual([{ name: 'HIDDEN' }, { name: 'SHOWN', value: 'plain' }]);
  expect(created.imageRegistryCredentials).toEqual([{ server: 'example.azurecr.io', username: 'user' }]);
  expect(created.volumes).toEqual([
    { name: 'share', azureFile: { shareName: 'saves', storageAccountName: 'account' } },
    { name: 'secrets', secret: {} },
  ]);

  const files = await readdir(harness.dataDirectory);
  expect(files).toContain('arm.sqlite');
  for (const file of files.filter((name) => name.startsWith('arm.sqlite'))) {
    const content = await readFile(join(harness.dataDirectory, file));
    expect(content.includes(SECRET), `${file} holds the secret`).toBe(false);
  }
});
