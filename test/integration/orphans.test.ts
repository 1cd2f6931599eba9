import { afterEach, expect, test } from 'vitest';
import { completed, createArmClient, namesInArm } from './stack/arm-client.ts';
import { mintToken, tokenOf } from './stack/callers.ts';
import { createBody, createRunning, groupOf, idOf, statesOf } from './stack/game.ts';
import { createInArm, forget, reconciled, silent } from './stack/reconciliation.ts';
import { startStack, type Stack } from './stack/stack.ts';

const HOUR_MS = 3_600_000;

let stack: Stack;

afterEach(async () => {
  const errors = stack.logs.filter(({ level }) => level === 'error');
  await stack.stop();
  expect(errors).toEqual([]);
});

/** Starts with nothing in store and nothing in Azure. */
async function start(settings: Record<string, string> = {}): Promise<void> {
  stack = await startStack({ settings: { ACI_OWNER: 'ours', ACI_ALLOWED_RESOURCE_GROUPS: 'Games', ...settings } });
  stack.arm.setFaults({ ...silent, quotas: 'off' });
}

test('a group whose store was emptied is adopted with what its tags tell, and its containers’ next reports are taken', async () => {
  await start();
  const names = Array.from({ length: 5 }, (_, index) => `adopted-${index}`);
  const more = { maxSessions: 8, labels: { fleet: 'eu', note: 'größer als „alles“ ' } };
  for (const name of names) {
    expect((await stack.api('ACICreate', { body: createBody(name, more) })).status).toBe(202);
  }
  await stack.advanceUntil(async () => (await statesOf(stack, names)).every((state) => state === 'Running'));
  const tokens = new Map<string, string>();
  for (const name of names) tokens.set(name, await tokenOf(stack, name));
  const before = await groupOf(stack, 'adopted-3');
  await Promise.all(names.map((name) => forget(stack, name)));
  expect(await statesOf(stack, names)).toEqual(names.map(() => undefined));

  await reconciled(stack, 2);
  expect(await statesOf(stack, names)).toEqual(names.map(() => 'Running'));
  const after = await groupOf(stack, 'adopted-3');
  expect(after).toMatchObject({ ...more, sessionsUnknown: true, publicIP: before.publicIP, ports: before.ports });
  expect(after.timeline).toMatchObject([{ event: 'adopted', state: 'Running' }]);
  expect(await namesInArm(stack.arm)).toHaveLength(names.length);

  await stack.api('ACISetState', { body: { ...idOf('adopted-0'), state: 'MarkedForDeletion' } });
  await stack.advance(HOUR_MS);
  expect(await groupOf(stack, 'adopted-0')).toMatchObject({ state: 'MarkedForDeletion' });
  for (const name of names) {
    const headers = { authorization: `Bearer ${tokens.get(name)}` };
    const report = await stack.api(`ACIReport/Games/${name}`, { body: { activeSessions: 2 }, headers });
    expect(report.body.results, report.text).toMatchObject([{ status: 'accepted' }]);
  }
  await stack.settle();
  expect(await groupOf(stack, 'adopted-3')).toMatchObject({ activeSessions: 2 });
  expect(await groupOf(stack, 'adopted-3')).not.toHaveProperty('sessionsUnknown');
});

test('a hundred groups whose store was emptied are adopted within two reconciliations, and their containers’ next reports are taken', async () => {
  await start();
  const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
  const { containerGroups } = createArmClient(stack.arm);
  const { containerGroup } = createBody('any');
  await completed(stack, () =>
    Promise.all(
      names.map((name) => {
        const tags = { 'aci-owner': 'ours', 'aci-incarnation': `incarnation-of-${name}` };
        return containerGroups.beginCreateOrUpdate('games', name, { ...containerGroup, tags });
      }),
    ),
  );
  await reconciled(stack, 2);
  expect(await statesOf(stack, names)).toEqual(names.map(() => 'Running'));
  for (const [index, name] of names.entries()) {
    // Their tokens had been rotated a different number of times.
    const token = mintToken(name, `incarnation-of-${name}`, 1 + (index % 3));
    const headers = { authorization: `Bearer ${token}` };
    const report = await stack.api(`ACIReport/Games/${name}`, { body: { activeSessions: 1 }, headers });
    expect(report.body.results, report.text).toMatchObject([{ status: 'accepted' }]);
  }
  await stack.settle();
  const list = (await stack.api('ACIList?limit=1000')).body;
  expect(list.map((group: { activeSessions: number }) => group.activeSessions)).toEqual(names.map(() => 1));
  expect(await namesInArm(stack.arm)).toHaveLength(names.length);
});

test('with ACI_ORPHANS=delete what the store does not know is deleted, if it is ours and seen twice, and nothing else', async () => {
  await start({ ACI_ORPHANS: 'delete' });
  await createRunning(stack, 'known');
  await createInArm(stack, 'orphan', { 'aci-owner': 'ours', 'aci-incarnation': 'an-orphan' });
  await createInArm(stack, 'of-theirs', { 'aci-owner': 'theirs', 'aci-incarnation': 'not-ours' });
  await createInArm(stack, 'without-owner', { 'aci-incarnation': 'before-owners' });
  await createInArm(stack, 'of-nobody', {});
  expect(await reconciled(stack)).toMatchObject({
    orphans: expect.arrayContaining([
      { resourceGroup: 'Games', containerGroupName: 'orphan', became: 'deleted' },
      { resourceGroup: 'Games', containerGroupName: 'without-owner', became: 'reported', reason: 'noOwner' },
    ]),
  });
  await stack.advanceUntil(async () => !(await namesInArm(stack.arm)).includes('orphan'));
  expect((await namesInArm(stack.arm)).toSorted()).toEqual(['known', 'of-nobody', 'of-theirs', 'without-owner']);
  expect(await groupOf(stack, 'known')).toMatchObject({ state: 'Running' });
  expect(await groupOf(stack, 'orphan')).toBeUndefined();
});
