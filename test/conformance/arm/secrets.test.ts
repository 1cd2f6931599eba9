import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ContainerGroup } from '@azure/arm-containerinstance';
import { expect, test } from 'vitest';
import { FAST_POLLING, gameServer, openArmHarness } from './harness.ts';
import { callArm } from './raw-arm.ts';

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

const ENVIRONMENT = '/admin/local/environment/games/game-1';

test('who has a token sees the environment of simulated containers, secure values too, after a restart as before', async () => {
  await using harness = await openArmHarness();
  expect(await callArm(harness.arm, 'GET', ENVIRONMENT)).toMatchObject({ status: 404 });
  await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', spec, FAST_POLLING);
  const environment = { server: { HIDDEN: SECRET, SHOWN: 'plain' }, init: { HIDDEN: SECRET } };
  expect(await callArm(harness.arm, 'GET', ENVIRONMENT)).toEqual({ status: 200, body: environment });
  await harness.reopen();
  expect(await callArm(harness.arm, 'GET', ENVIRONMENT)).toEqual({ status: 200, body: environment });

  await harness.client.containerGroups.beginDeleteAndWait('games', 'game-1');
  await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), FAST_POLLING);
  expect(await callArm(harness.arm, 'GET', ENVIRONMENT)).toEqual({ status: 200, body: { server: {} } });
});

test('the environment is refused without a token, and where an older version has not kept it', async () => {
  await using harness = await openArmHarness();
  const { arm, client } = harness;
  await client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', spec, FAST_POLLING);
  const identityHeader = 'wrong';
  await expect(callArm({ ...arm, identityHeader }, 'GET', ENVIRONMENT)).rejects.toThrow('access_token');
  expect(await callArm(arm, 'GET', ENVIRONMENT, undefined, 'a.b.c')).toMatchObject({ status: 401 });
  expect(await callArm(arm, 'GET', ENVIRONMENT, undefined, '')).toMatchObject({ status: 401 });
  expect(await callArm(arm, 'POST', ENVIRONMENT)).toMatchObject({ status: 501 });

  using database = new DatabaseSync(join(harness.dataDirectory, 'arm.sqlite'));
  database.exec("UPDATE container_groups SET document = json_remove(document, '$.sealedEnvironments')");
  expect(await callArm(arm, 'GET', ENVIRONMENT)).toMatchObject({
    status: 404,
    body: { error: { code: 'EnvironmentNotKept' } },
  });
});
