import { expect, test } from 'vitest';
import { confirmDeletionActivity } from '../../../src/activities/confirm-deletion.ts';
import { beingDeleted, marked } from '../domain/group/group-fixture.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

test.each([
  ['has begun', beingDeleted, true],
  ['has not begun', marked, false],
  ['has begun of another incarnation', { ...beingDeleted, incarnation: 'second' }, false],
  ['is over', undefined, false],
])('a deletion that %s is found so in the committed state', async (_, group, isBegun) => {
  const client = createFakeDurableClient();
  if (group !== undefined) {
    client.entities.set('games:game-1', group);
  }
  const input = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first' };
  expect(await confirmDeletionActivity(input, { client, log: () => undefined })).toEqual({ isBegun });
});
