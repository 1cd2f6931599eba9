import { describe, expect, test } from 'vitest';
import { attendSlowCreationsActivity } from '../../../src/activities/attend-slow-creations.ts';
import { addMs } from '../../../src/domain/time.ts';
import { createFakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';
import { LATER } from '../domain/group/group-fixture.ts';

const settings = { pollIntervalMs: 10_000, provisioningDeadlineMs: 600_000, now: () => Date.parse(LATER) };
const instanceId = 'provision:games:game-1';
const log = () => undefined;
const slow = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first', isOverdue: false };

async function attend(isOverdue: boolean, instance?: FakeInstance) {
  const client = createFakeDurableClient();
  if (instance !== undefined) {
    client.instances.set(instanceId, instance);
  }
  const attendSlowCreations = attendSlowCreationsActivity(settings);
  await attendSlowCreations({ groups: [{ ...slow, isOverdue }], cause: 'sweep 3' }, { client, log });
  return client;
}

describe('attending a slow creation', () => {
  test('wakes a provisioning that lies still', async () => {
    const { raised, signals } = await attend(false, { lastUpdatedTime: addMs(LATER, -181_000) });
    expect(raised).toEqual([{ event: 'resourceChanged', instanceId, data: {} }]);
    expect(signals).toEqual([]);
  });

  test.each<[string, FakeInstance | undefined]>([
    ['that looked at Azure of late', { lastUpdatedTime: addMs(LATER, -180_000) }],
    ['that is suspended', { lastUpdatedTime: addMs(LATER, -900_000), runtimeStatus: 'Suspended' }],
    ['that has ended', { lastUpdatedTime: addMs(LATER, -900_000), runtimeStatus: 'Terminated' }],
    ['that nobody knows of', undefined],
  ])('wakes no provisioning %s', async (_, instance) => {
    expect((await attend(false, instance)).raised).toEqual([]);
  });

  test.each<[string, FakeInstance | undefined]>([
    ['runs', { lastUpdatedTime: LATER }],
    ['was terminated', { runtimeStatus: 'Terminated' }],
    ['broke', { runtimeStatus: 'Failed', status: 17 }],
    ['is gone', undefined],
  ])('tells the group that it is past its deadline, though its provisioning %s', async (_, instance) => {
    expect((await attend(true, instance)).signals).toEqual([
      {
        key: 'games:game-1',
        operation: 'enforceDeadline',
        input: { at: LATER, incarnation: 'first', deadlineMs: 600_000, cause: 'sweep 3' },
      },
    ]);
  });
});
