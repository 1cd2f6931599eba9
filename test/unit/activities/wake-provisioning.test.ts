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

  test('raises nothing to one that is suspended, which would keep every event until it is resumed', async () => {
    const client = createFakeDurableClient();
    client.instances.set(instanceId, { input, runtimeStatus: 'Suspended' });
    expect(await wakeProvisioningActivity(id, { client, log })).toEqual({ running: true });
    expect(client.raised).toEqual([]);
  });

  const at = '2026-11-24T10:00:31Z';
  test.each([
    ['there is none', undefined, undefined],
    ['it has ended', { input, isFinished: true, lastUpdatedTime: at }, { at, isOrderly: true }],
    [
      'it was terminated',
      { input, runtimeStatus: 'Terminated' as const, lastUpdatedTime: at },
      { at, isOrderly: false },
    ],
    [
      'one of another version died',
      { input: 7, status: 'odd', output: 'It broke.', runtimeStatus: 'Failed' as const, lastUpdatedTime: at },
      { at, isOrderly: false },
    ],
  ])('raises nothing and tells when it ended, when %s', async (_, instance, ended) => {
    const client = createFakeDurableClient();
    if (instance !== undefined) {
      client.instances.set(instanceId, instance);
    }
    expect(await wakeProvisioningActivity(id, { client, log })).toEqual({ running: false, ...(ended && { ended }) });
    expect(client.raised).toEqual([]);
  });
});
