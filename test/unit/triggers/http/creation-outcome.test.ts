import { expect, test } from 'vitest';
import { toListItem } from '../../../../src/domain/group/list-item.ts';
import { creationOutcome } from '../../../../src/triggers/http/creation-outcome.ts';
import { creating, running } from '../../domain/group/group-fixture.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';

const KEY = 'games:game-1';

const input = {
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation: 'first',
  spec: {
    location: 'westeurope',
    osType: 'Linux',
    containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
  },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 60_000 },
};

/** A creation that has ended well, by the entity's word for it. */
function clientAfterCreation() {
  const client = createFakeDurableClient();
  const output = { ok: true, group: toListItem(running) };
  client.instances.set(`provision:${KEY}`, { isFinished: true, input, output });
  return client;
}

test('a creation that ended well is answered once the group has kept it, with what it has kept', async () => {
  const client = clientAfterCreation();
  client.entities.set(KEY, creating);
  expect(await creationOutcome(client, running, 'first', 0)).toBeUndefined();
  client.entities.set(KEY, { ...running, activeSessions: 1 });
  expect(await creationOutcome(client, running, 'first', 0)).toMatchObject({
    status: 200,
    jsonBody: { state: 'Running', activeSessions: 1 },
  });
});
