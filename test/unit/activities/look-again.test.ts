import { describe, expect, test } from 'vitest';
import type { ContainerGroups } from '../../../src/aci/container-groups.ts';
import { lookAgainActivity } from '../../../src/activities/look-again.ts';
import { tagContainerGroupActivity } from '../../../src/activities/tag-container-group.ts';
import type { Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { createFakeContainerGroups } from '../aci/fake-container-groups.ts';
import { LATER, marked, running } from '../domain/group/group-fixture.ts';
import { observation, seen } from '../domain/reconcile/seen-fixture.ts';
import { createFakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';

const there: ContainerGroups['examine'] = async () => ({ ok: true, found: { resource: seen(), observation } });
const gone: ContainerGroups['examine'] = async () => ({ ok: true, found: undefined });
const suspect = (kind: Suspect['kinds'][number], containerGroupName = 'game-1'): Suspect => ({
  resourceGroup: 'Games',
  containerGroupName,
  incarnation: 'first',
  kinds: [kind],
});

async function lookAt(
  suspects: Suspect[],
  examine: ContainerGroups['examine'],
  { group, instances = {} }: { group?: unknown; instances?: Record<string, FakeInstance> } = {},
) {
  const client = createFakeDurableClient();
  if (group !== undefined) {
    client.entities.set('games:game-1', group);
  }
  for (const [id, instance] of Object.entries(instances)) {
    client.instances.set(id, instance);
  }
  const lookAgain = lookAgainActivity(
    { examine },
    {
      now: () => Date.parse(LATER),
      failedCreationRetentionMs: 600_000,
      owner: 'ours',
      orphanPolicy: 'adopt',
      tokenDigestOf: ({ containerGroupName }) => `token of ${containerGroupName}`,
    },
  );
  const lines: string[] = [];
  const result = await lookAgain({ suspects }, { client, log: (line) => void lines.push(line) });
  return { ...result, lines };
}

describe('a second look', () => {
  test('settles what it shows as well', async () => {
    const ghost = await lookAt([suspect('ghost')], gone, { group: running });
    expect(ghost).toMatchObject({ settlements: [{ do: 'recordAbsence', incarnation: 'first' }], failed: [] });
    const orphan = await lookAt([suspect('orphan')], there);
    expect(orphan).toMatchObject({ settlements: [{ do: 'adopt', tokenDigest: 'token of game-1' }] });
  });

  test.each<[string, unknown, Record<string, FakeInstance>]>([
    ['has an entity after all', running, {}],
    ['has one that a newer version wrote', { ...marked, schemaVersion: 2 }, {}],
    ['is being created', undefined, { 'provision:games:game-1': {} }],
    ['is being deleted', undefined, { 'delete:games:game-1': {} }],
  ])('leaves an orphan alone that %s', async (_, group, instances) => {
    expect(await lookAt([suspect('orphan')], there, { group, instances })).toMatchObject({
      settlements: [],
      failed: [],
    });
  });

  test('knows how the creation of a name ended', async () => {
    const { endpoint: _endpoint, ...unseen } = {
      ...running,
      state: 'Failed',
      failure: { code: 'internal', message: '' },
    };
    const group = { ...unseen, stateSince: '2026-11-24T09:00:00.000Z' };
    const ended = (runtimeStatus: 'Completed' | 'Terminated') => ({
      'provision:games:game-1': { lastUpdatedTime: '2026-11-24T10:03:00.000Z', isFinished: true, runtimeStatus },
    });
    const orderly = await lookAt([suspect('ghost')], gone, { group, instances: ended('Completed') });
    expect(orderly.settlements).toHaveLength(1);
    const stray = await lookAt([suspect('ghost')], gone, { group, instances: ended('Terminated') });
    expect(stray.settlements).toEqual([]);
  });

  test('that fails keeps none of the others, and a refusal for the number of calls is logged', async () => {
    const failure = { code: 'throttled', message: 'ARM answered 429.' } as const;
    const names = Array.from({ length: 20 }, (_, index) => `game-${index}`);
    const examine: ContainerGroups['examine'] = async (id) => {
      if (id.containerGroupName === 'game-3') throw new Error('The socket is closed.');
      return id.containerGroupName === 'game-9' ? { ok: false, failure } : there(id);
    };
    const { settlements, failed, lines } = await lookAt(
      names.map((name) => suspect('orphan', name)),
      examine,
    );
    expect(settlements).toHaveLength(18);
    expect(failed).toMatchObject([
      {
        containerGroupName: 'game-3',
        failure: { code: 'internal', message: 'The second look broke: The socket is closed.' },
      },
      { containerGroupName: 'game-9', kinds: ['orphan'], failure },
    ]);
    expect(lines).toEqual(['game-9 throttled by Azure']);
  });
});

test('tags are set through the port, and a refusal for the number of calls is logged', async () => {
  const containerGroups = createFakeContainerGroups();
  const lines: string[] = [];
  const tools = { client: createFakeDurableClient(), log: (line: string) => void lines.push(line) };
  const group = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first' };
  expect(await tagContainerGroupActivity(containerGroups)(group, tools)).toEqual({ ok: true, tagged: false });
  containerGroups.failNext({ ok: false, failure: { code: 'throttled', message: 'No.' } });
  expect(await tagContainerGroupActivity(containerGroups)(group, tools)).toMatchObject({ ok: false });
  expect(containerGroups.calls).toEqual(['tag game-1 first', 'tag game-1 first']);
  expect(lines).toEqual(['game-1 throttled by Azure']);
});
