import type { ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { expect, test } from 'vitest';
import { createArmComparison } from '../../../src/aci/arm-comparison.ts';

const group = {
  resourceGroup: 'games',
  containerGroupName: 'game-1',
  incarnation: 'first',
  wishes: { maxSessions: 4 },
};
const present = { tags: { 'aci-incarnation': 'first', cost: 'center 7' } };

/** Tags the resource where Azure makes this of what it is asked for. */
async function tagWhere(policy: (tags: Record<string, string>) => Record<string, string> | undefined) {
  const update = async (_group: string, _name: string, { tags = {} }: { tags?: Record<string, string> }) => ({
    tags: policy(tags),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the client has dozens of methods, of which one is called
  const client = { containerGroups: { update } } as unknown as Pick<
    ContainerInstanceManagementClient,
    'containerGroups'
  >;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a resource has more than its tags
  const find = async () => present as unknown as ContainerGroup;
  return createArmComparison(client, find, 'ours').tag(group);
}

test('tags that Azure keeps are set, whatever it adds and in whatever letter case it shows them', async () => {
  const shown = (tags: Record<string, string>) => ({
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toUpperCase(), value])),
    added: 'by a policy',
  });
  expect(await tagWhere(shown)).toEqual({ ok: true, tagged: true });
});

test('tags that Azure takes and does not keep are refused, since they would be set again for ever', async () => {
  for (const policy of [() => ({ cost: 'center 8' }), () => undefined]) {
    const refused = await tagWhere(policy);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'tagsRefused' } });
  }
});
