import { expect, test } from 'vitest';
import { deleteContainerGroupResourceActivity } from '../../../src/activities/delete-container-group-resource.ts';
import { readContainerGroupActivity } from '../../../src/activities/read-container-group.ts';
import { createFakeContainerGroups } from '../aci/fake-container-groups.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const tools = { client: createFakeDurableClient(), log: () => undefined };
const refused = { ok: false, failure: { code: 'throttled', message: 'Later.' } } as const;

test('reading a group answers with what ARM shows of it', async () => {
  const containerGroups = createFakeContainerGroups();
  const read = readContainerGroupActivity(containerGroups);
  expect(await read(id, tools)).toEqual({ ok: true, observation: { found: false } });
  containerGroups.failNext(refused);
  expect(await read(id, tools)).toEqual(refused);
});

test('deleting a resource deletes that of one incarnation, and says whether it is gone', async () => {
  const containerGroups = createFakeContainerGroups();
  const remove = deleteContainerGroupResourceActivity(containerGroups);
  expect(await remove({ ...id, incarnation: 'first' }, tools)).toEqual({ ok: true, gone: true });
  expect(containerGroups.calls).toEqual(['delete game-1 first']);
  containerGroups.failNext(refused);
  expect(await remove({ ...id, incarnation: 'first' }, tools)).toEqual(refused);
});
