import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { completed, createArmClient, namesInArm, SUBSCRIPTION_ID } from './stack/arm-client.ts';
import { createBody, createRunning, groupOf, idOf, isGone, isRunning, untilState } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(async () => {
  stack.arm.setFaults(noFaults);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

afterAll(async () => {
  await stack.stop();
});

/** Has somebody else create a container group in the resource group `games`, with a container of their own or of the name that ours has. */
async function createInArm(name: string, containerName = 'theirs'): Promise<void> {
  const { containerGroup } = createBody(name);
  const { containerGroups } = createArmClient(stack.arm);
  await completed(stack, () =>
    containerGroups.beginCreateOrUpdate('games', name, {
      ...containerGroup,
      containers: containerGroup.containers.map((container) => ({ ...container, name: containerName })),
      tags: { owner: 'somebody else' },
    }),
  );
}

/** Whose the resource of a name is, told by its first container. */
async function ownerInArm(name: string): Promise<string | undefined> {
  const { containers } = await createArmClient(stack.arm).containerGroups.get('games', name);
  return containers[0]?.name;
}

async function tagsOf(name: string): Promise<Record<string, string> | undefined> {
  return (await createArmClient(stack.arm).containerGroups.get('games', name)).tags;
}

async function setTags(name: string, tags: Record<string, string>): Promise<void> {
  await createArmClient(stack.arm).containerGroups.update('games', name, { tags });
}

async function untilTagMissing(name: string): Promise<void> {
  await stack.advanceUntil(async () => (await groupOf(stack, name))?.failure?.code === 'tagMissing');
}

async function outcomeOf(name: string) {
  const created = await stack.api('ACICreate', { body: createBody(name) });
  expect(created.status, created.text).toBe(202);
  return stack.advanceUntil(async () => {
    const { body } = await stack.get(created.body.statusQueryGetUri);
    return body.runtimeStatus === 'Completed' && body.output;
  });
}

async function untilGone(name: string): Promise<void> {
  await untilState(stack, name, isGone);
}

function countOf(operation: 'PUT' | 'DELETE'): number {
  return stack.arm.requestCounts()[`${operation} containerGroups`] ?? 0;
}

test("a name that is another owner's in Azure is refused, and that group is neither written nor deleted", async () => {
  await createInArm('theirs');
  const before = { put: countOf('PUT'), delete: countOf('DELETE') };
  expect(await outcomeOf('theirs')).toMatchObject({ ok: false, failure: { code: 'nameInUse' } });
  expect(await groupOf(stack, 'theirs')).toMatchObject({ state: 'Failed', failure: { code: 'nameInUse' } });
  await stack.api('ACIDelete', { body: idOf('theirs') });
  await untilGone('theirs');
  await stack.advance(3_600_000);
  expect({ put: countOf('PUT'), delete: countOf('DELETE') }).toEqual(before);
  expect(await ownerInArm('theirs')).toBe('theirs');
});

test('an unmarked resource that may be ours holds the name as a failure, until it is said to be somebody else’s', async () => {
  const container = createBody('look-alike').containerGroup.containers[0]?.name;
  await createInArm('look-alike', container);
  const before = { put: countOf('PUT'), delete: countOf('DELETE') };
  expect(await outcomeOf('look-alike')).toMatchObject({ ok: false, failure: { code: 'tagMissing' } });
  await stack.advance(3_600_000);
  expect(await groupOf(stack, 'look-alike')).toMatchObject({ state: 'Failed', failure: { code: 'tagMissing' } });
  expect((await stack.api('ACICreate', { body: createBody('look-alike') })).status).toBe(409);
  await stack.api('ACIDelete', { body: idOf('look-alike') });
  await stack.advance(60_000);
  expect(await groupOf(stack, 'look-alike')).toMatchObject({ state: 'Failed', failure: { code: 'tagMissing' } });
  await setTags('look-alike', { 'aci-incarnation': 'none' });
  await untilGone('look-alike');
  expect({ put: countOf('PUT'), delete: countOf('DELETE') }).toEqual(before);
  expect(await ownerInArm('look-alike')).toBe(container);
});

test('a resource that lost our tag is not forgotten: it stays as a failure, and goes once the tag is back', async () => {
  await createRunning(stack, 'retagged');
  const tags = await tagsOf('retagged');
  await setTags('retagged', { cost: 'center 7' });
  const deletesBefore = countOf('DELETE');
  await stack.api('ACIDelete', { body: idOf('retagged') });
  await untilTagMissing('retagged');
  await stack.advance(3_600_000);
  expect(await groupOf(stack, 'retagged')).toMatchObject({ state: 'Failed', deletion: {} });
  expect((await stack.api('ACIGC')).body.failed).toMatchObject([
    { containerGroupName: 'retagged', failure: { code: 'tagMissing' } },
  ]);
  expect((await stack.api('ACICreate', { body: createBody('retagged') })).status).toBe(409);
  expect(countOf('DELETE')).toBe(deletesBefore);
  await setTags('retagged', { cost: 'center 7', ...tags });
  await untilGone('retagged');
  expect(await namesInArm(stack.arm)).not.toContain('retagged');
});

test('a group that was replaced by one without our tag stays as a failure, until that is said to be somebody else’s', async () => {
  await createRunning(stack, 'replaced');
  // The events of the theft are lost: only the deletion itself finds out.
  stack.arm.setFaults({ ...noFaults, events: { ...noFaults.events, drop: 1 } });
  await stack.deleteInArm('replaced');
  await createInArm('replaced');
  expect(await groupOf(stack, 'replaced')).toMatchObject({ state: 'Running' });
  const deletesBefore = countOf('DELETE');
  await stack.api('ACISetState', { body: { ...idOf('replaced'), state: 'MarkedForDeletion' } });
  await untilTagMissing('replaced');
  await setTags('replaced', { 'Aci-Incarnation': 'none' });
  await untilGone('replaced');
  expect(countOf('DELETE')).toBe(deletesBefore);
  expect(await ownerInArm('replaced')).toBe('theirs');
});

test('a group that is replaced before anybody looks is a failure, and is forgotten when what replaced it is gone', async () => {
  await createRunning(stack, 'swapped');
  stack.arm.setFaults({ ...noFaults, events: { ...noFaults.events, delayMs: 300_000 } });
  await stack.deleteInArm('swapped');
  await createInArm('swapped');
  await untilTagMissing('swapped');
  await stack.advance(3_600_000);
  expect(await groupOf(stack, 'swapped')).toMatchObject({ state: 'Failed', failure: { code: 'tagMissing' } });
  await stack.deleteInArm('swapped');
  await stack.api('ACIDelete', { body: idOf('swapped') });
  await untilGone('swapped');
});

test('a group that loses its tags while it is being created fails, and says so', async () => {
  await stack.api('ACICreate', { body: createBody('stripped') });
  await stack.advanceUntil(async () => (await namesInArm(stack.arm)).includes('stripped'));
  await setTags('stripped', {});
  await untilTagMissing('stripped');
  expect(await namesInArm(stack.arm)).toContain('stripped');
});

test('a group whose row is purged while it is being created is created again, and runs', async () => {
  await stack.api('ACICreate', { body: createBody('purged') });
  await stack.advance(5_000);
  const before = await groupOf(stack, 'purged');
  expect(before).toMatchObject({ state: 'Creating' });
  const row = `${stack.origin}/runtime/webhooks/durabletask/instances/@containergroup@games:purged`;
  expect(await (await fetch(row, { method: 'DELETE' })).json()).toEqual({ instancesDeleted: 1 });
  expect(await groupOf(stack, 'purged')).toBeUndefined();
  await untilState(stack, 'purged', isRunning);
  expect(await groupOf(stack, 'purged')).toMatchObject({ createdAt: before.createdAt });
  expect(await namesInArm(stack.arm)).toContain('purged');
});

test('a group that is deleted by somebody else while it is being created fails, and says so', async () => {
  await stack.api('ACICreate', { body: createBody('nipped') });
  await stack.advance(5_000);
  await stack.deleteInArm('nipped');
  await stack.advanceUntil(async () => (await groupOf(stack, 'nipped'))?.state !== 'Creating');
  const output = (await stack.get('/runtime/webhooks/durabletask/instances/provision:games:nipped')).body.output;
  expect(output).toMatchObject({ ok: false, failure: { code: 'deletedOutside' } });
  await untilGone('nipped');
  expect(await namesInArm(stack.arm)).not.toContain('nipped');
});

test('a group that is deleted by somebody else while a sweep deletes it is collected', async () => {
  await createRunning(stack, 'deleted-by-both');
  await stack.api('ACISetState', { body: { ...idOf('deleted-by-both'), state: 'MarkedForDeletion' } });
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', {});
  await stack.deleteInArm('deleted-by-both');
  await untilGone('deleted-by-both');
  const { body } = await stack.get('/runtime/webhooks/durabletask/instances/delete:games:deleted-by-both');
  expect(body.output).toEqual({ ok: true, deleted: true });
});

test('a resource group that does not exist fails the creation, and the deletion of that is no error', async () => {
  stack.arm.setFaults({ ...noFaults, resourceGroups: ['other'] });
  expect(await outcomeOf('homeless')).toMatchObject({ ok: false, failure: { code: 'resourceGroupNotFound' } });
  await stack.api('ACIDelete', { body: idOf('homeless') });
  await untilGone('homeless');
});

test('a group that Azure denies for a while is not deleted by a sweep, which finds it there after all, and goes on', async () => {
  await createRunning(stack, 'denied');
  const missing = { operation: 'GET', status: 404, code: 'ResourceNotFound', message: 'It was not found.' } as const;
  const failNext = [{ ...missing, afterEffect: false, times: 100, containerGroupName: 'denied' }];
  stack.arm.setFaults({ ...noFaults, arm: { ...noFaults.arm, failNext } });
  const groups = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/Games/providers/Microsoft.ContainerInstance/containerGroups`;
  const data = {
    resourceProvider: 'Microsoft.ContainerInstance',
    operationName: 'Microsoft.ContainerInstance/containerGroups/delete',
    resourceUri: `${groups}/denied`,
  };
  const eventTime = new Date(stack.clock.now() + 60_000).toISOString();
  const event = { id: 'denied', eventType: 'Microsoft.Resources.ResourceDeleteSuccess', eventTime, dataVersion: '2' };
  await stack.postEvents([{ ...event, subject: data.resourceUri, topic: '', data }]);
  await stack.advanceUntil(async () => (await groupOf(stack, 'denied')).failure?.code === 'deletedOutside');
  stack.arm.setFaults(noFaults);
  const deletesBefore = countOf('DELETE');
  const failed = await stack.advanceUntil(async () => {
    const { body } = await stack.api('ACIGC');
    return body.failed?.find((each: { containerGroupName: string }) => each.containerGroupName === 'denied');
  });
  expect(failed).toMatchObject({ failure: { code: 'notGone' } });
  expect(countOf('DELETE')).toBe(deletesBefore);
  expect(await namesInArm(stack.arm)).toContain('denied');
  await untilState(stack, 'denied', isRunning);
  expect((await groupOf(stack, 'denied')).timeline.at(-1)).toMatchObject({
    event: 'restored',
    detail: 'deletedOutside',
    cause: expect.stringMatching(/^reconciliation \d+$/),
  });
  await stack.api('ACIDelete', { body: idOf('denied') });
  await untilGone('denied');
  expect(await namesInArm(stack.arm)).not.toContain('denied');
});

test('a resource group that is deleted with all its groups leaves none of ours behind', async () => {
  await createRunning(stack, 'swept-away');
  // ARM knows neither the resource group nor what was in it, and no event tells.
  stack.arm.setFaults({ ...noFaults, events: { ...noFaults.events, drop: 1 }, resourceGroups: ['other'] });
  await stack.api('ACISetState', { body: { ...idOf('swept-away'), state: 'MarkedForDeletion' } });
  await untilGone('swept-away');
});
