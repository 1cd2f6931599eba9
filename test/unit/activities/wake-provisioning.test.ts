import { describe, expect, test } from 'vitest';
import { wakeProvisioningActivity } from '../../../src/activities/wake-provisioning.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const instanceId = 'provision:games:game-1';
const log = () => undefined;
const input = {
  ...id,
  incarnation: 'first',
  spec: { location: 'westeurope', osType: 'Linux', containers: [] },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 1, deadlineMs: 1 },
};

describe('waking a provisioning', () => {
  test('raises the event that it waits for', async () => {
    const client = createFakeDurableClient();
    client.instances.set(instanceId, { input: 'of another version', status: 17 });
    expect(await wakeProvisioningActivity(id, { client, log })).toEqual({ running: true });
    expect(client.raised).toEqual([{ event: 'resourceChanged', instanceId, data: {} }]);
  });

  test.each([
    ['there is none', undefined],
    ['it has ended', { input, isFinished: true }],
    ['one of another version died', { input: 7, status: 'odd', output: 'It broke.', runtimeStatus: 'Failed' as const }],
  ])('raises nothing when %s', async (_, instance) => {
    const client = createFakeDurableClient();
    if (instance !== undefined) {
      client.instances.set(instanceId, instance);
    }
    expect(await wakeProvisioningActivity(id, { client, log })).toEqual({ running: false });
    expect(client.raised).toEqual([]);
  });
});
