import { expect, test } from 'vitest';
import { listResourceGroupsActivity, MAX_RESOURCE_GROUPS } from '../../../src/activities/list-resource-groups.ts';
import { running } from '../domain/group/group-fixture.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

function list(named: readonly string[] | undefined, known: readonly string[], after?: string) {
  const client = createFakeDurableClient();
  for (const resourceGroup of known) {
    client.entities.set(`${resourceGroup}:game`, { ...running, resourceGroup });
  }
  const activity = listResourceGroupsActivity({ reconcileIntervalMs: 300_000, resourceGroups: named });
  return activity(after === undefined ? {} : { after }, { client, log: () => undefined });
}

test('the resource groups are those of the settings and those in which there are groups, each once, in order', async () => {
  expect(await list(['Arena', 'GAMES'], ['games', 'lobbies'])).toEqual({
    resourceGroups: ['Arena', 'GAMES', 'lobbies'],
    reconcileIntervalMs: 300_000,
  });
  expect(await list(undefined, ['games'])).toMatchObject({ resourceGroups: ['games'] });
  expect(await list(undefined, [])).toMatchObject({ resourceGroups: [] });
});

test('more than an input carries come in parts, which miss none', async () => {
  const known = Array.from({ length: MAX_RESOURCE_GROUPS + 2 }, (_, index) => `games-${1_000 + index}`);
  const first = await list(['ARENA'], known);
  expect(first.resourceGroups).toEqual(['ARENA', ...known.slice(0, MAX_RESOURCE_GROUPS - 1)]);
  expect(first.moreAfter).toBe(known[MAX_RESOURCE_GROUPS - 2]);
  const second = await list(['ARENA'], known, first.moreAfter);
  expect(second.resourceGroups).toEqual(known.slice(MAX_RESOURCE_GROUPS - 1));
  expect(second).not.toHaveProperty('moreAfter');
});
