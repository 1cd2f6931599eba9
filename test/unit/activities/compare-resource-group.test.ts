import { describe, expect, test } from 'vitest';
import type { ContainerGroups } from '../../../src/aci/container-groups.ts';
import { compareResourceGroupActivity, MAX_SUSPECTS } from '../../../src/activities/compare-resource-group.ts';
import { groupKey } from '../../../src/domain/group/group-id.ts';
import type { OrphanPolicy } from '../../../src/domain/reconcile/settlement.ts';
import type { SeenResource } from '../../../src/domain/reconcile/seen-resource.ts';
import { creating, LATER, marked, running } from '../domain/group/group-fixture.ts';
import { seen } from '../domain/reconcile/seen-fixture.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../durable/fake-durable-client.ts';

const named = (containerGroupName: string, facts = {}, change = {}): SeenResource =>
  seen({ incarnation: containerGroupName, ...facts }, { containerGroupName, ...change });

/** Lists so many on a page. */
function armWith(resources: readonly SeenResource[], pageSize = 2) {
  const asked: string[] = [];
  const list: ContainerGroups['list'] = async (resourceGroup, page = '0') => {
    asked.push(`${resourceGroup} ${page}`);
    const from = Number(page);
    const next = from + pageSize < resources.length ? { nextPage: String(from + pageSize) } : {};
    return { ok: true, resources: resources.slice(from, from + pageSize), ...next };
  };
  return { list, asked };
}

function clientWith(groups: Record<string, unknown>): FakeDurableClient {
  const client = createFakeDurableClient();
  for (const [key, group] of Object.entries(groups)) {
    client.entities.set(key, group);
  }
  return client;
}

function compareWith(
  { list }: Pick<ContainerGroups, 'list'>,
  client: FakeDurableClient,
  {
    timesHeldBack = 0,
    orphanPolicy = 'adopt',
    ...more
  }: { afterName?: string; timesHeldBack?: number; orphanPolicy?: OrphanPolicy } = {},
) {
  const now = (): number => Date.parse(LATER);
  const settings = { now, failedCreationRetentionMs: 600_000, owner: 'ours', orphanPolicy };
  const activity = compareResourceGroupActivity({ list }, settings);
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  return activity({ resourceGroup: 'games', timesHeldBack, ...more }, { client, log });
}

/** A group whose incarnation is its name. */
const game = (containerGroupName: string) => ({ ...running, containerGroupName, incarnation: containerGroupName });

describe('a comparison', () => {
  test('reads every page of ARM once, and every entity of the resource group and no other', async () => {
    const arm = armWith([
      named('same'),
      named('alone'),
      named('moved', {}, { endpoint: { publicIP: '1.2.3.4', ports: [] } }),
    ]);
    const client = clientWith({
      'games:same': game('same'),
      'games:gone': game('gone'),
      'games:moved': game('moved'),
      'games2:gone': { ...game('gone'), resourceGroup: 'games2' },
    });
    expect(await compareWith(arm, client)).toEqual({
      found: 'comparison',
      comparedCount: 4,
      foreignCount: 0,
      orphanCount: 0,
      orphans: [],
      driftCount: 0,
      drifted: [],
      suspects: [
        { resourceGroup: 'games', containerGroupName: 'alone', incarnation: 'alone', kinds: ['orphan'] },
        { resourceGroup: 'games', containerGroupName: 'gone', incarnation: 'gone', kinds: ['ghost'] },
        { resourceGroup: 'games', containerGroupName: 'moved', incarnation: 'moved', kinds: ['moved'] },
      ],
    });
    expect(arm.asked).toEqual(['games 0', 'games 2']);
  });

  test('counts what is left alone and lists the first of it', async () => {
    const noOwner = { tags: { own: { 'aci-incarnation': 'x' }, otherCount: 0 } };
    const unclaimed = Array.from({ length: 25 }, (_, index) => named(`unclaimed-${index}`, {}, noOwner));
    const client = clientWith({ 'games:taken': game('taken') });
    const arm = armWith([...unclaimed, named('theirs', { owner: 'theirs' }), named('taken', { owner: 'theirs' })]);
    const found = await compareWith(arm, client);
    expect(found).toMatchObject({ comparedCount: 27, foreignCount: 1, orphanCount: 25, driftCount: 1, suspects: [] });
    expect(found).toMatchObject({ drifted: [{ containerGroupName: 'taken', what: 'foreignOwner' }] });
    expect(found).toHaveProperty('orphans.length', 20);
    expect(found).toHaveProperty('orphans[0]', {
      resourceGroup: 'games',
      containerGroupName: 'unclaimed-0',
      became: 'reported',
      reason: 'noOwner',
    });
  });

  test('reports a resource that says it is a group which has another name, and does nothing about it', async () => {
    const client = clientWith({ 'games:one': game('one') });
    const found = await compareWith(armWith([named('one'), named('one-copied', { incarnation: 'one' })]), client);
    expect(found).toMatchObject({
      orphanCount: 1,
      orphans: [{ containerGroupName: 'one-copied', became: 'reported', reason: 'copy' }],
      suspects: [],
    });
  });

  test('only reports an orphan at once where that is all that becomes of it', async () => {
    const arm = armWith([named('alone')]);
    const orphan = { resourceGroup: 'games', containerGroupName: 'alone' };
    expect(await compareWith(arm, clientWith({}), { orphanPolicy: 'report' })).toMatchObject({
      orphanCount: 1,
      orphans: [{ ...orphan, became: 'reported', reason: 'policy' }],
      suspects: [],
    });
    for (const orphanPolicy of ['adopt', 'delete'] as const) {
      expect(await compareWith(arm, clientWith({}), { orphanPolicy })).toMatchObject({
        orphanCount: 0,
        suspects: [{ ...orphan, kinds: ['orphan'] }],
      });
    }
  });

  test('leaves alone what a newer version wrote, or nobody can read', async () => {
    const client = clientWith({
      'games:newer': { ...marked, schemaVersion: 2 },
      'games:odd': { state: 'Running', activeSessions: -1 },
    });
    const found = await compareWith(armWith([named('newer'), named('odd')]), client);
    expect(found).toMatchObject({ comparedCount: 2, suspects: [] });
  });

  test('hands out as many differences as a turn settles, and goes on after the last of them', async () => {
    const names = Array.from({ length: MAX_SUSPECTS + 10 }, (_, index) => `orphan-${100 + index}`);
    const arm = armWith(
      names.toReversed().map((name) => named(name)),
      100,
    );
    const client = clientWith({ 'games:same': game('same') });
    const first = await compareWith(arm, client);
    const last = groupKey({ resourceGroup: 'games', containerGroupName: String(names[MAX_SUSPECTS - 1]) });
    expect(first).toMatchObject({ afterName: last });
    expect(first).toHaveProperty('suspects.length', MAX_SUSPECTS);
    const second = await compareWith(arm, client, { afterName: last });
    expect(second).toHaveProperty('suspects.length', 11);
    expect(second).not.toHaveProperty('afterName');
  });

  test('is none where a page of ARM is missing', async () => {
    const whole = armWith([named('a'), named('b'), named('c')]);
    const failure = { code: 'throttled', message: 'ARM answered 429.' } as const;
    const list: ContainerGroups['list'] = async (resourceGroup, page) =>
      page === undefined ? whole.list(resourceGroup) : { ok: false, failure, retryAfterMs: 7_000 };
    const client = clientWith({ 'games:c': game('c') });
    expect(await compareWith({ list }, client)).toEqual({
      found: 'failure',
      failure,
      retryAfterMs: 7_000,
    });
  });
});

describe('a resource group in which too much is missing', () => {
  const names = Array.from({ length: 8 }, (_, index) => `game-${index}`);
  const client = clientWith({
    ...Object.fromEntries(names.map((name) => [`games:${name}`, game(name)])),
    'games:creating': { ...creating, containerGroupName: 'creating', incarnation: 'creating' },
    'games:other': game('other'),
  });
  /** Two of eight are there, one stands in place of another group, and one has no entity. */
  const arm = armWith([named('game-0'), named('game-1'), named('other', { incarnation: 'x' }), named('orphan')], 10);

  test('has none of that looked at again, and all else', async () => {
    const found = await compareWith(arm, client);
    expect(found).toMatchObject({ heldBack: { absentCount: 7, expectedCount: 9 }, comparedCount: 11 });
    expect(found).toMatchObject({
      suspects: [{ containerGroupName: 'orphan', kinds: ['orphan'] }],
    });
  });

  test('has nothing looked at again either where other creations stand in place of its groups', async () => {
    const others = names.map((name) => named(name, { incarnation: `other-${name}` }));
    const found = await compareWith(armWith([...others, named('other')], 10), client);
    expect(found).toMatchObject({ heldBack: { absentCount: 8, expectedCount: 9 }, suspects: [] });
  });

  test('is taken at its word once it was so for long enough', async () => {
    expect(await compareWith(arm, client, { timesHeldBack: 2 })).toHaveProperty('heldBack');
    const found = await compareWith(arm, client, { timesHeldBack: 3 });
    expect(found).toHaveProperty('suspects.length', 8);
    expect(found).not.toHaveProperty('heldBack');
  });

  test('has nothing held back where as much is there', async () => {
    const more = armWith(
      ['game-0', 'game-1', 'game-2', 'game-3', 'other'].map((name) => named(name)),
      10,
    );
    expect(await compareWith(more, client)).not.toHaveProperty('heldBack');
  });
});
