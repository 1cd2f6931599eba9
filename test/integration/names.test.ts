import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFaults, type FailNext } from '../../local/arm/faults/faults.ts';
import { createBody, createRunning, groupOf, idOf, isGone, isRunning, untilState } from './stack/game.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

/** More than the other tests have at the same time. */
const MAX_GROUPS = 12;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    profile: 'instant',
    faults: { quotas: 'off' },
    settings: { ACI_MAX_GROUPS: String(MAX_GROUPS) },
  });
});

afterAll(async () => {
  await stack.stop();
});

/** The same creation, so often at the same time, by the status of the answers, once all that they told of is stored too. */
async function createAtOnce(count: number, name: string, key?: string): Promise<Map<number, Answer[]>> {
  const headers = key === undefined ? {} : { 'Idempotency-Key': key };
  const creations = Array.from({ length: count }, () =>
    stack.api('ACICreate?wait=60', { body: createBody(name), headers }),
  );
  const answers = await Promise.all(creations);
  await stack.settle();
  return Map.groupBy(answers, ({ status }) => status);
}

async function create(name: string, key: string, query = ''): Promise<Answer> {
  return stack.api(`ACICreate${query}`, { body: createBody(name), headers: { 'Idempotency-Key': key } });
}

async function untilRunning(name: string): Promise<void> {
  await untilState(stack, name, isRunning);
}

/** Deletes the group, and lets everything late come. */
async function remove(name: string): Promise<void> {
  await stack.api('ACIDelete', { body: idOf(name) });
  await untilState(stack, name, isGone);
  await stack.advance(60_000);
}

/** The list item of a group, without what only the timeline shows. */
async function itemOf(name: string) {
  const { timeline: _, ...item } = await groupOf(stack, name);
  return item;
}

describe('creations of a name at the same time', () => {
  test.each([2, 3, 10, 200])('make one group, of which one caller of %i is told and no other', async (count) => {
    const name = `contested-${count}`;
    const answers = await createAtOnce(count, name);
    expect([...answers.keys()].toSorted((one, other) => one - other)).toEqual([200, 409]);
    expect(answers.get(200)?.map(({ body }) => body)).toEqual([await itemOf(name)]);
    expect(new Set(answers.get(409)?.map(({ body }) => body.code))).toEqual(new Set(['alreadyExists']));
  });

  test('make one group, which every caller gets who has the same Idempotency-Key', async () => {
    const putsBefore = stack.arm.requestCounts()['PUT containerGroups'] ?? 0;
    const answers = await createAtOnce(200, 'shared', 'party-1');
    expect([...answers.keys()]).toEqual([200]);
    const item = JSON.stringify(await itemOf('shared'));
    expect(new Set(answers.get(200)?.map(({ body }) => JSON.stringify(body)))).toEqual(new Set([item]));
    expect((stack.arm.requestCounts()['PUT containerGroups'] ?? 0) - putsBefore).toBe(1);
  });
});

test('a late duplicate of a creation makes no group once its own is deleted, nor once a later one is', async () => {
  const first = await create('bygone', 'match-1');
  await untilRunning('bygone');
  await remove('bygone');
  expect(await create('bygone', 'match-1')).toMatchObject({ status: 202, body: first.body });
  expect(await create('bygone', 'match-1', '?wait=30')).toMatchObject({ status: 202, body: first.body });
  await stack.advance(60_000);
  expect(await groupOf(stack, 'bygone')).toBeUndefined();

  await create('bygone', 'match-2');
  await untilRunning('bygone');
  await remove('bygone');
  expect(await create('bygone', 'match-1')).toMatchObject({ status: 202, body: first.body });
  expect(await create('bygone', 'match-2')).toMatchObject({ status: 202, body: first.body });
  await stack.advance(60_000);
  expect(await groupOf(stack, 'bygone')).toBeUndefined();

  await create('bygone', 'match-3');
  await untilRunning('bygone');
  expect(await create('bygone', 'match-1')).toMatchObject({ status: 409, body: { code: 'alreadyExists' } });
});

describe('a deletion', () => {
  const deleteWith = async (name: string, key: string) =>
    stack.api('ACIDelete', { body: idOf(name), headers: { 'Idempotency-Key': key } });

  test('that is repeated with its Idempotency-Key never deletes a later group of the name', async () => {
    await createRunning(stack, 'reborn');
    const first = await deleteWith('reborn', 'end-1');
    expect(first.status, first.text).toBe(202);
    await untilState(stack, 'reborn', isGone);
    for (let round = 0; round < 2; round += 1) {
      await createRunning(stack, 'reborn');
      expect(await deleteWith('reborn', 'end-1')).toMatchObject({ status: 202, body: first.body });
      await stack.advance(60_000);
      expect(await groupOf(stack, 'reborn')).toMatchObject({ state: 'Running' });
      // By another deletion, after which the instance tells nothing of the first any more.
      await remove('reborn');
    }
    expect(await deleteWith('reborn', 'end-2')).toMatchObject({ status: 200, body: { deleted: true } });
    await createRunning(stack, 'reborn');
    expect(await deleteWith('reborn', 'end-2')).toMatchObject({ status: 200, body: { deleted: true } });
    await stack.advance(60_000);
    expect(await groupOf(stack, 'reborn')).toMatchObject({ state: 'Running' });
  });

  test('that is asked for many times at once ends the group, and no later one', async () => {
    await createRunning(stack, 'ended');
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => deleteWith('ended', `k-${index % 3}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await untilState(stack, 'ended', isGone);
    await createRunning(stack, 'ended');
    const repeated = await Promise.all(['k-0', 'k-1', 'k-2'].map((key) => deleteWith('ended', key)));
    expect(repeated.map(({ status }) => status)).toEqual([202, 202, 202]);
    await stack.advance(60_000);
    expect(await groupOf(stack, 'ended')).toMatchObject({ state: 'Running' });
  });
});

describe('creations that Azure refuses', () => {
  const names = Array.from({ length: MAX_GROUPS }, (_, index) => `refused-${index}`);

  beforeAll(async () => {
    const fault = {
      operation: 'PUT',
      status: 400,
      code: 'InvalidImageName',
      message: 'No.',
      afterEffect: false,
    } as const;
    // An activity may run twice.
    setFailNext([{ ...fault, times: names.length * 2 }]);
    for (const name of names) {
      const answer = await stack.api('ACICreate?wait=60', { body: createBody(name) });
      expect(answer).toMatchObject({ status: 400, body: { code: 'specRefused' } });
    }
    setFailNext([]);
  });

  function setFailNext(failNext: FailNext[]): void {
    stack.arm.setFaults({ ...noFaults, quotas: 'off', arm: { ...noFaults.arm, failNext } });
  }

  test('take no place: as many as the ceiling allows lock nobody out', async () => {
    expect(await stack.api('ACICreate?wait=60', { body: createBody('not-locked-out') })).toMatchObject({ status: 200 });
  });

  test('hold no name: of many that create it anew one gets it, as a group that knows nothing of the refusal', async () => {
    const answers = await createAtOnce(10, 'refused-0');
    expect([answers.get(200)?.length, answers.get(409)?.length]).toEqual([1, 9]);
    const { timeline } = await groupOf(stack, 'refused-0');
    expect(timeline.map(({ event }: { event: string }) => event)).toEqual(['created', 'provisioned']);
  });

  test('are forgotten after ten minutes, and what has come in their place is not', async () => {
    await stack.advance(5 * 60_000);
    expect(await groupOf(stack, 'refused-1')).toMatchObject({ state: 'Failed', failure: { code: 'specRefused' } });
    await stack.advance(11 * 60_000);
    expect((await stack.api('ACIList?state=Failed')).body).toEqual([]);
    expect(await groupOf(stack, 'refused-1')).toBeUndefined();
    expect(await groupOf(stack, 'refused-0')).toMatchObject({ state: 'Running' });
  });
});
