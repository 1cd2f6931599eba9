import { expect, test } from 'vitest';
import { enforceLimitsActivity } from '../../../src/activities/enforce-limits.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';
import { LATER } from '../domain/group/group-fixture.ts';

test('each group is asked to look at its limits, of the incarnation that was seen', async () => {
  const client = createFakeDurableClient();
  const enforceLimits = enforceLimitsActivity({ now: () => Date.parse(LATER) });
  const groups = ['one', 'two'].map((name) => ({
    resourceGroup: 'Games',
    containerGroupName: name,
    incarnation: name,
  }));
  expect(await enforceLimits({ groups, cause: 'sweep 3' }, { client, log: () => undefined })).toEqual({});
  expect(client.signals).toEqual(
    ['one', 'two'].map((name) => ({
      key: `games:${name}`,
      operation: 'enforceLimits',
      input: { at: LATER, incarnation: name, cause: 'sweep 3' },
    })),
  );
});
