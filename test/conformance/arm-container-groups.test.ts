import { expect, test } from 'vitest';
import { FAST_POLLING, gameServer, openArmHarness } from './arm-harness.ts';

test('a create answers 201 with an operation, and ends with a running group that has an address', async () => {
  await using harness = await openArmHarness();
  let status = 0;
  let operationUrl: string | null = null;
  const group = await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'game-1', gameServer(), {
    ...FAST_POLLING,
    onResponse: (response) => {
      if (response.request.method !== 'PUT') return;
      status = response.status;
      operationUrl = response.headers.get('azure-asyncoperation') ?? null;
    },
  });
  expect(status).toBe(201);
  expect(operationUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/subscriptions\/.*\/locations\/westeurope\/operations\//);
  expect(group).toMatchObject({
    name: 'game-1',
    location: 'westeurope',
    provisioningState: 'Succeeded',
    ipAddress: { ip: '127.0.0.1', ports: [{ port: 25565, protocol: 'TCP' }] },
    instanceView: { state: 'Running' },
  });
  expect(group.containers[0]?.instanceView?.currentState?.state).toBe('Running');
  expect(group.containers[0]?.instanceView?.events?.map(({ name }) => name)).toEqual([
    'Pulling',
    'Pulled',
    'Created',
    'Started',
  ]);
});
