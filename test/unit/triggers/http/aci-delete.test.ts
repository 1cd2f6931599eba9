import { describe, expect, test } from 'vitest';
import { aciDelete } from '../../../../src/triggers/http/aci-delete.ts';
import {
  createFakeDurableClient,
  type FakeDurableClient,
  type FakeInstance,
} from '../../durable/fake-durable-client.ts';
import { running } from '../../domain/group/group-fixture.ts';
import { requestWith } from './request.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const { handle } = aciDelete({
  pollIntervalMs: 10_000,
  provisioningDeadlineMs: 1_800_000,
  sessionsStaleAfterMs: 60_000,
  publicUrl: 'https://games.example.com',
  keylessStatusUrls: true,
});

/** What an instance of another version of the app may look like. */
const unreadable: FakeInstance = { input: 'of another version', status: 17, output: ['odd'] };

function clientWith(instances: Record<string, FakeInstance>): FakeDurableClient {
  const client = createFakeDurableClient();
  for (const [instanceId, instance] of Object.entries(instances)) {
    client.instances.set(instanceId, instance);
  }
  return client;
}

describe('ACIDelete, beside instances that it cannot read,', () => {
  test('deletes a group whose provisioning runs and has not reached the entity yet', async () => {
    const client = clientWith({ 'provision:games:game-1': { ...unreadable, runtimeStatus: 'Running' } });
    expect(await handle(requestWith(client, id))).toMatchObject({ status: 202 });
    expect(client.started).toMatchObject([{ instanceId: 'delete:games:game-1', input: { mode: 'force' } }]);
  });

  test('says that a group is gone whose provisioning failed', async () => {
    const client = clientWith({ 'provision:games:game-1': { ...unreadable, runtimeStatus: 'Failed' } });
    expect(await handle(requestWith(client, id))).toEqual({ status: 200, jsonBody: { deleted: true } });
  });

  test('deletes a group whose last deletion died', async () => {
    const client = clientWith({ 'delete:games:game-1': { ...unreadable, runtimeStatus: 'Failed' } });
    client.entities.set('games:game-1', running);
    expect(await handle(requestWith(client, id))).toMatchObject({ status: 202 });
    expect(client.started).toMatchObject([{ instanceId: 'delete:games:game-1' }]);
  });

  test('leaves a group to a deletion under way whose status it can read', async () => {
    const client = clientWith({ 'delete:games:game-1': { ...unreadable, status: { phase: 'deleting' } } });
    client.entities.set('games:game-1', running);
    expect(await handle(requestWith(client, id))).toMatchObject({ status: 202 });
    expect(client.started).toEqual([]);
  });
});
