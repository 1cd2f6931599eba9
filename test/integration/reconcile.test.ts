import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Faults } from '../../local/arm/faults/faults.ts';
import type { FaultsInput } from '../../local/arm/faults/faults-schema.ts';
import { parseIncidents } from '../../local/arm/faults/parse-faults.ts';
import { completed, createArmClient, namesInArm } from './stack/arm-client.ts';
import { createBody, createRunning, groupOf, idOf, statesOf } from './stack/game.ts';
import { createInArm, forget, reconciled, remove, silent } from './stack/reconciliation.ts';
import { startStack, type Stack } from './stack/stack.ts';

const HOUR_MS = 3_600_000;

function silentWith(...incidents: NonNullable<FaultsInput['incidents']>): Faults {
  return { ...silent, incidents: parseIncidents({ name: 'the test', input: { incidents } }) };
}

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { ACI_OWNER: 'ours', ACI_ALLOWED_RESOURCE_GROUPS: 'Games' } });
  stack.arm.setFaults(silent);
});

afterEach(() => {
  const errors = stack.logs.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors.filter((message) => !message.startsWith('The reconciliation holds back:'))).toEqual([]);
});

afterAll(async () => {
  await stack.stop();
});

async function tagsOf(name: string): Promise<Record<string, string>> {
  return (await createArmClient(stack.arm).containerGroups.get('games', name)).tags ?? {};
}

async function setTags(name: string, tags: Record<string, string>): Promise<void> {
  await createArmClient(stack.arm).containerGroups.update('games', name, { tags });
}

describe('a group that is deleted in Azure by somebody else, while no event tells', () => {
  test('is Failed within a reconciliation and the wait before it, and forgotten by the sweep after', async () => {
    await createRunning(stack, 'vanished');
    await createRunning(stack, 'stays');
    await stack.deleteInArm('vanished');
    expect(await groupOf(stack, 'vanished')).toMatchObject({ state: 'Running' });
    expect(await reconciled(stack)).toMatchObject({ ghostCount: 1, ghosts: [{ containerGroupName: 'vanished' }] });
    const { failure, timeline } = await groupOf(stack, 'vanished');
    expect(failure).toMatchObject({ code: 'deletedOutside' });
    expect(timeline.at(-1)).toMatchObject({
      event: 'deletedOutside',
      cause: expect.stringMatching(/^reconciliation \d+$/),
    });
    await stack.advanceUntil(async () => (await groupOf(stack, 'vanished')) === undefined);
    expect(await groupOf(stack, 'stays')).toMatchObject({ state: 'Running' });
    await remove(stack, 'stays');
  });
});

describe('a resource group in which most groups are missing at once', () => {
  const names = Array.from({ length: 6 }, (_, index) => `missing-${index}`);
  const massAbsence = { resourceGroup: 'Games', containerGroupName: '*', failure: { code: 'massAbsence' } };

  test('is held against Azure for a while, so that a wrong subscription gives up no group', async () => {
    for (const name of names) {
      expect((await stack.api('ACICreate', { body: createBody(name) })).status).toBe(202);
    }
    await stack.advanceUntil(async () => (await statesOf(stack, names)).every((state) => state === 'Running'));
    stack.arm.setFaults({ ...silent, resourceGroups: ['other'] });
    expect(await reconciled(stack, 2)).toMatchObject({ ghostCount: 0, failed: [massAbsence] });
    stack.arm.setFaults(silent);
    expect(await reconciled(stack)).toMatchObject({ ghostCount: 0, failedCount: 0 });
    expect(await statesOf(stack, names)).toEqual(names.map(() => 'Running'));
  });

  test('is believed after three reconciliations, so that what somebody really deleted is settled', async () => {
    for (const name of names) await stack.deleteInArm(name);
    expect(await reconciled(stack, 3)).toMatchObject({ ghostCount: 0, failed: [massAbsence] });
    expect(await reconciled(stack)).toMatchObject({ ghostCount: names.length, failedCount: 0 });
    await stack.advanceUntil(async () => (await statesOf(stack, names)).every((state) => state === undefined));
  });
});

test('two installations beside each other touch nothing of the other’s', async () => {
  const theirs = { 'aci-owner': 'theirs', 'aci-incarnation': 'their-incarnation', cost: 'center 7' };
  await createInArm(stack, 'of-theirs', theirs);
  await createInArm(stack, 'of-nobody', { cost: 'center 7' });
  await createInArm(stack, 'without-owner', { 'aci-incarnation': 'old-incarnation' });
  await createRunning(stack, 'of-ours');
  await setTags('of-ours', { ...(await tagsOf('of-ours')), 'aci-owner': 'theirs' });
  const { DELETE: _deletes, ...before } = writesToArm();
  expect(await reconciled(stack, 2)).toMatchObject({
    foreignCount: 2,
    orphans: [{ containerGroupName: 'without-owner', became: 'reported', reason: 'noOwner' }],
    drifted: [{ containerGroupName: 'of-ours', what: 'foreignOwner' }],
  });
  expect(writesToArm()).toMatchObject(before);
  expect(await tagsOf('of-theirs')).toEqual(theirs);
  expect(await groupOf(stack, 'of-theirs')).toBeUndefined();
  expect(await groupOf(stack, 'of-ours')).toMatchObject({ state: 'Running' });
  for (const name of ['of-theirs', 'of-nobody', 'without-owner']) await stack.deleteInArm(name);
  await remove(stack, 'of-ours');
});

function writesToArm() {
  const counts = stack.arm.requestCounts();
  return Object.fromEntries(['PUT', 'PATCH', 'DELETE'].map((verb) => [verb, counts[`${verb} containerGroups`] ?? 0]));
}

describe('tags that somebody replaced', () => {
  test('are set again while the resource still says which group it is', async () => {
    await createRunning(stack, 'half-tagged', { maxSessions: 4 });
    const { 'aci-incarnation': incarnation } = await tagsOf('half-tagged');
    await setTags('half-tagged', { 'aci-incarnation': String(incarnation), cost: 'center 7' });
    expect(await reconciled(stack)).toMatchObject({
      drifted: [{ containerGroupName: 'half-tagged', what: 'tagsSet' }],
    });
    const tags = {
      'aci-incarnation': incarnation,
      'aci-owner': 'ours',
      'aci-wishes': '{"maxSessions":4}',
      cost: 'center 7',
    };
    expect(await tagsOf('half-tagged')).toEqual(tags);
    expect(await reconciled(stack)).toMatchObject({ driftCount: 0 });
    await remove(stack, 'half-tagged');
  });

  test('make a group Failed whose resource no longer says what it is', async () => {
    await createRunning(stack, 'untagged');
    const tags = await tagsOf('untagged');
    await setTags('untagged', { cost: 'center 7' });
    await reconciled(stack);
    expect(await groupOf(stack, 'untagged')).toMatchObject({ state: 'Failed', failure: { code: 'tagMissing' } });
    await setTags('untagged', tags);
    await remove(stack, 'untagged');
  });

  test('and are set again by an operator let the group go on where it was, with its sessions', async () => {
    const names = ['tagged-again', 'marked-again'];
    for (const name of names) await createRunning(stack, name);
    await stack.api('ACISetSessions', { body: names.map((name) => ({ ...idOf(name), activeSessions: 2 })) });
    await stack.api('ACISetState', { body: { ...idOf('marked-again'), state: 'MarkedForDeletion' } });
    const tags = new Map<string, Record<string, string>>();
    for (const name of names) {
      tags.set(name, await tagsOf(name));
      await setTags(name, { cost: 'center 7' });
    }
    await stack.advanceUntil(async () => (await statesOf(stack, names)).every((state) => state === 'Failed'));
    for (const [name, all] of tags) await setTags(name, { 'aci-incarnation': String(all['aci-incarnation']) });
    expect(await reconciled(stack)).toMatchObject({
      drifted: expect.arrayContaining([
        { resourceGroup: 'Games', containerGroupName: 'tagged-again', what: 'restored' },
      ]),
    });
    expect(await statesOf(stack, names)).toEqual(['Running', 'MarkedForDeletion']);
    const restored = await groupOf(stack, 'tagged-again');
    expect(restored).toMatchObject({ activeSessions: 2 });
    expect(restored).not.toHaveProperty('failure');
    expect(restored.timeline.at(-1)).toMatchObject({ event: 'restored', detail: 'tagMissing' });
    await remove(stack, ...names);
  });
});

test('a name and a port that changed are shown after the next reconciliation', async () => {
  await createRunning(stack, 'moved');
  const tags = await tagsOf('moved');
  await stack.deleteInArm('moved');
  const ports = [{ port: 7778, protocol: 'UDP' }];
  await createInArm(stack, 'moved', tags, { type: 'Public', ports, dnsNameLabel: 'moved' });
  await reconciled(stack);
  const after = await groupOf(stack, 'moved');
  expect(after).toMatchObject({ state: 'Running', fqdn: expect.stringMatching(/^moved\./), ports });
  const detail = `none → ${after.fqdn}, 7777/UDP → 7778/UDP`;
  expect(after.timeline.at(-1)).toMatchObject({ event: 'endpointChanged', detail });
  await remove(stack, 'moved');
});

test('an IP that changed when Azure restarted the group is shown after the next reconciliation', async () => {
  await createRunning(stack, 'restarted');
  const before = await groupOf(stack, 'restarted');
  stack.arm.setFaults(silentWith({ kind: 'ipChanges' }));
  const { containerGroups } = createArmClient(stack.arm);
  await completed(stack, () => containerGroups.beginRestart('games', 'restarted'));
  const shown = async () => (await containerGroups.get('games', 'restarted')).ipAddress?.ip;
  await stack.advanceUntil(async () => ![undefined, before.publicIP].includes(await shown()));
  await reconciled(stack);
  expect(await groupOf(stack, 'restarted')).toMatchObject({ state: 'Running', publicIP: await shown() });
  stack.arm.setFaults(silent);
  await remove(stack, 'restarted');
});

test('a group that Azure calls failed without an event is Failed after the next reconciliation', async () => {
  stack.arm.setFaults(silentWith({ kind: 'failsAfterSuccess', afterSeconds: 90 }));
  await createRunning(stack, 'failed-later');
  await stack.advanceUntil(async () => {
    const resource = await createArmClient(stack.arm).containerGroups.get('games', 'failed-later');
    return resource.provisioningState === 'Failed';
  });
  await reconciled(stack);
  expect(await groupOf(stack, 'failed-later')).toMatchObject({
    state: 'Failed',
    failure: { code: 'provisioningFailed' },
  });
  stack.arm.setFaults(silent);
  await remove(stack, 'failed-later');
});

test('lists that are behind take no group for a ghost or an orphan that comes and goes', async () => {
  stack.arm.setFaults(silentWith({ kind: 'listsLag', lagSeconds: 60 }));
  await createRunning(stack, 'goes');
  const { number } = (await stack.get('/runtime/webhooks/durabletask/instances/reconcile')).body.customStatus;
  for (let count = 0; count < 6; count += 1) {
    await createRunning(stack, `comes-${count}`);
    await stack.advance(40_000);
    await remove(stack, `comes-${count}`);
  }
  await remove(stack, 'goes');
  await createRunning(stack, 'stays');
  const { reconciliation } = (await stack.api('ACIGC')).body;
  expect(reconciliation.number).toBeGreaterThanOrEqual(number);
  const last = await reconciled(stack);
  for (const { ghostCount, orphanCount } of [reconciliation, last]) {
    expect({ ghostCount, orphanCount }).toEqual({ ghostCount: 0, orphanCount: 0 });
  }
  expect(await groupOf(stack, 'stays')).toMatchObject({ state: 'Running' });
  stack.arm.setFaults(silent);
  await remove(stack, 'stays');
});

test('after an hour without events in which a fifth of the calls to ARM failed, entities and ARM agree within two reconciliations', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `rough-${index}`);
  stack.arm.setFaults({ ...silent, arm: { ...silent.arm, serverErrorRate: 0.2 } });
  for (const name of names) await stack.api('ACICreate', { body: createBody(name) });
  await stack.advance(HOUR_MS / 3);
  for (const name of ['rough-0', 'rough-1']) await deleteInArmAtLast(name);
  await forget(stack, 'rough-2');
  await stack.advance(HOUR_MS / 3);
  await deleteInArmAtLast('rough-3');
  for (const name of ['rough-4', 'rough-5']) await stack.api('ACIDelete', { body: idOf(name) });
  await stack.advance(HOUR_MS / 3);
  stack.arm.setFaults(silent);
  await reconciled(stack, 2);
  await stack.advance(600_000);
  const left = (await stack.api('ACIList?state=all')).body;
  const held = left.map((group: { containerGroupName: string }) => group.containerGroupName);
  expect(held.toSorted()).toEqual((await namesInArm(stack.arm)).toSorted());
  expect(held).toContain('rough-2');
  expect(new Set(left.map((group: { state: string }) => group.state))).toEqual(new Set(['Running']));
  await remove(stack, ...held);
});

async function deleteInArmAtLast(name: string): Promise<void> {
  const { containerGroups } = createArmClient(stack.arm);
  await completed(stack, () => containerGroups.beginDelete('games', name));
}
