import { describe, expect, test } from 'vitest';
import { provisionContainerGroup } from '../../../../src/contracts/provisioning.ts';
import { aciDelete } from '../../../../src/triggers/http/aci-delete.ts';
import { createKnownGroups } from '../../../../src/triggers/http/known-groups.ts';
import {
  createFakeDurableClient,
  type FakeDurableClient,
  type FakeInstance,
} from '../../durable/fake-durable-client.ts';
import { running } from '../../domain/group/group-fixture.ts';
import { requestWith } from './request.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const settings = {
  pollIntervalMs: 10_000,
  provisioningDeadlineMs: 1_800_000,
  sessionsStaleAfterMs: 60_000,
  publicUrl: 'https://games.example.com',
  keylessStatusUrls: true,
};
const { handle } = aciDelete(
  settings,
  createKnownGroups(() => 0),
);

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

const waitPolicy = { pollIntervalMs: 10_000, deadlineMs: 1_800_000 };
const forFirst = { ...id, incarnation: 'first', mode: 'force' } as const;

function clientWithGroup(incarnation = 'first'): FakeDurableClient {
  const client = createFakeDurableClient();
  client.entities.set('games:game-1', { ...running, incarnation });
  return client;
}

/** What of the started orchestrations deletes. */
function deletionsOf({ started }: FakeDurableClient) {
  return started.filter(({ orchestrator }) => orchestrator === 'deleteContainerGroup');
}

describe('ACIDelete', () => {
  test('deletes the group that it saw, and no later one of the name', async () => {
    const client = clientWithGroup();
    await handle(requestWith(client, id));
    expect(client.started).toMatchObject([{ instanceId: 'delete:games:game-1', input: forFirst }]);
  });

  test('deletes the group that a provisioning is about to make', async () => {
    const client = createFakeDurableClient();
    await aboutToBe(client);
    await handle(requestWith(client, id));
    expect(deletionsOf(client)).toMatchObject([{ input: forFirst }]);
  });

  test.each([
    ['an earlier group of the name', { ...forFirst, incarnation: 'of-another' }],
    ['the same group, which it may spare', { ...forFirst, mode: 'ifIdle' }],
  ])('starts when a deletion of %s has ended, which was carried out instead', async (_, other) => {
    const client = clientWithGroup();
    const { start } = client;
    let count = 0;
    client.start = async (orchestrator, instanceId, input) => {
      const answer = await start(orchestrator, instanceId, input);
      count += 1;
      if (count === 1) {
        const failure = { code: 'sessionsActive', message: 'Played on.' };
        const theirs = { ...forFirst, sessionsStaleAfterMs: 1, cause: 'request 6', waitPolicy, ...other };
        client.instances.set(instanceId, { input: theirs, isFinished: true, output: { ok: false, failure } });
      }
      return answer;
    };
    expect(await handle(requestWith(client, id))).toMatchObject({ status: 202 });
    expect(deletionsOf(client)).toHaveLength(2);
  });

  test('joins a deletion of the same group that is under way', async () => {
    const client = clientWithGroup();
    await handle(requestWith(client, id));
    expect(await handle(requestWith(client, { ...id, ifIdle: true }))).toMatchObject({ status: 202 });
    expect(deletionsOf(client)).toHaveLength(1);
  });
});

describe('ACIDelete with an Idempotency-Key', () => {
  test('answers a repetition as the first time, and deletes no later group of the name', async () => {
    const client = clientWithGroup();
    const first = await handle(requestWith(client, id, 'key-1'));
    client.entities.set('games:game-1', { ...running, incarnation: 'second' });
    expect(await handle(requestWith(client, id, 'key-1'))).toEqual(first);
    client.entities.delete('games:game-1');
    expect(await handle(requestWith(client, id, 'key-1'))).toEqual(first);
    expect(deletionsOf(client)).toHaveLength(1);
  });

  test('that found nothing the first time deletes nothing the second time', async () => {
    const client = createFakeDurableClient();
    const first = await handle(requestWith(client, id, 'key-1'));
    client.entities.set('games:game-1', running);
    expect(await handle(requestWith(client, id, 'key-1'))).toEqual(first);
    expect(first).toEqual({ status: 200, jsonBody: { deleted: true } });
    expect(deletionsOf(client)).toEqual([]);
  });

  test('carries out with a repetition what the first time could not', async () => {
    const client = clientWithGroup();
    client.entities.set('games:game-1', { ...running, activeSessions: 1 });
    const ask = async () => handle(requestWith(client, { ...id, ifIdle: true }, 'key-1'));
    await expect(ask()).rejects.toMatchObject({ failure: { code: 'sessionsActive' } });
    client.entities.set('games:game-1', running);
    expect(await ask()).toMatchObject({ status: 202 });
    expect(deletionsOf(client)).toMatchObject([{ input: { incarnation: 'first', mode: 'ifIdle' } }]);
  });

  test('whose group could not be told the first time deletes that one then, and no later one', async () => {
    const unknown = { ...unreadable, runtimeStatus: 'Running' } as const;
    const client = clientWith({ 'provision:games:game-1': unknown });
    const first = await handle(requestWith(client, id, 'key-1'));
    expect(deletionsOf(client)).toHaveLength(1);
    client.instances.set('delete:games:game-1', { ...unreadable, runtimeStatus: 'Completed' });
    expect(await handle(requestWith(client, id, 'key-1'))).toEqual(first);
    client.entities.set('games:game-1', running);
    expect(await handle(requestWith(client, id, 'key-1'))).toEqual(first);
    expect(deletionsOf(client)).toHaveLength(1);
  });

  test('refuses the key of another body, and takes it for another name', async () => {
    const client = clientWithGroup();
    await handle(requestWith(client, id, 'key-1'));
    const withOther = handle(requestWith(client, { ...id, ifIdle: true }, 'key-1'));
    await expect(withOther).rejects.toMatchObject({ failure: { code: 'idempotencyKeyReused' } });
    const elsewhere = { ...id, containerGroupName: 'game-2', ifIdle: true };
    expect(await handle(requestWith(client, elsewhere, 'key-1'))).toMatchObject({ status: 200 });
  });

  test('means what another one at the same time meant whose memory was kept', async () => {
    const client = clientWithGroup('second');
    const { start } = client;
    client.start = async (orchestrator, instanceId, input) => {
      const answer = await start(orchestrator, instanceId, input);
      if (orchestrator.name === 'rememberDeletion') {
        client.instances.set(instanceId, { input: { ...id, ifIdle: false, found: true, incarnation: 'first' } });
      }
      return answer;
    };
    expect(await handle(requestWith(client, id, 'key-1'))).toMatchObject({ status: 202 });
    expect(deletionsOf(client)).toEqual([]);
  });
});

/** Has a provisioning run that has not reached the entity yet. */
async function aboutToBe(client: FakeDurableClient): Promise<void> {
  await client.start(provisionContainerGroup, 'provision:games:game-1', {
    ...id,
    incarnation: 'first',
    spec: { location: 'westeurope', osType: 'Linux', containers: [] },
    creation: { requestDigest: 'digest' },
    tokenDigest: 'token',
    cause: 'request 1',
    waitPolicy: { pollIntervalMs: 1, deadlineMs: 1 },
  });
}
