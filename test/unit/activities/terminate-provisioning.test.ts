import { describe, expect, test } from 'vitest';
import { terminateProvisioningActivity } from '../../../src/activities/terminate-provisioning.ts';
import { createFakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first' };
const instanceId = 'provision:games:game-1';
const log = () => undefined;
const input = {
  ...id,
  spec: {
    location: 'westeurope',
    osType: 'Linux',
    containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
  },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 1, deadlineMs: 1 },
};

async function terminate(instance?: FakeInstance): Promise<string[]> {
  const client = createFakeDurableClient();
  if (instance !== undefined) {
    client.instances.set(instanceId, instance);
  }
  expect(await terminateProvisioningActivity(id, { client, log })).toEqual({});
  return client.terminated;
}

describe('terminating a provisioning', () => {
  test.each(['Running', 'Pending', 'Suspended'] as const)('ends one that is %s', async (runtimeStatus) => {
    expect(await terminate({ input, runtimeStatus })).toEqual([instanceId]);
  });

  test.each<[string, FakeInstance | undefined]>([
    ['there is none', undefined],
    ['it has ended', { input, isFinished: true }],
    ['it is that of another group of the name', { input: { ...input, incarnation: 'second' } }],
    ['nobody can tell of which group it is', { input: 'of another version' }],
  ])('leaves everything alone when %s', async (_, instance) => {
    expect(await terminate(instance)).toEqual([]);
  });
});
