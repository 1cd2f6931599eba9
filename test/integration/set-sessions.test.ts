import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunning, groupOf, idOf, isGone, untilState } from './stack/game.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
});

afterAll(async () => {
  await stack.stop();
});

/** Sends a request of ACISetSessions and lets it be applied. */
async function report(body: unknown): Promise<Answer> {
  const answer = await stack.api('ACISetSessions', { body });
  await stack.settle();
  return answer;
}

async function sessionsOf(name: string): Promise<number> {
  return (await groupOf(stack, name)).activeSessions;
}

test('every item of a batch has a result of its own, in its own place, and the good ones count', async () => {
  await createRunning(stack, 'first');
  await createRunning(stack, 'second');
  const answer = await report([
    { ...idOf('first'), activeSessions: 3 },
    { ...idOf('nobody'), activeSessions: 1 },
    { ...idOf('second'), activeSessions: -4 },
    'no report at all',
    { ...idOf('NOT-A-NAME'), activeSessions: 1 },
    { ...idOf('second'), activeSessions: 5 },
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body.results).toEqual([
    { ...idOf('first'), status: 'accepted', state: 'Running' },
    { ...idOf('nobody'), status: 'unknownGroup' },
    { ...idOf('second'), status: 'invalid', detail: 'activeSessions: expected at least 0.' },
    { status: 'invalid', detail: 'body: expected an object.' },
    {
      status: 'invalid',
      detail: 'containerGroupName: expected lower-case letters, digits and hyphens only.',
    },
    { ...idOf('second'), status: 'accepted', state: 'Running' },
  ]);
  expect(await sessionsOf('first')).toBe(3);
  expect(await sessionsOf('second')).toBe(5);
});

test('a batch without one good item is refused as a whole', async () => {
  const answer = await report([{ ...idOf('first'), activeSessions: 1.5 }, { resourceGroup: 'games' }]);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalidRequest', field: 'activeSessions' } });
  expect(answer.body.errors).toHaveLength(3);
});

test('the items of one group are applied in the order of the request, however many there are', async () => {
  await createRunning(stack, 'ordered');
  const items = Array.from({ length: 100 }, (_, index) => ({ ...idOf('ordered'), activeSessions: index + 1 }));
  const { results } = (await report(items)).body;
  expect(new Set(results.map(({ status }: { status: string }) => status))).toEqual(new Set(['accepted']));
  expect(await sessionsOf('ordered')).toBe(100);
});

test('an older or repeated sequence never overwrites a newer one', async () => {
  await createRunning(stack, 'sequenced');
  const numbered = (activeSessions: number, sequence: number) => ({ ...idOf('sequenced'), activeSessions, sequence });
  expect((await report(numbered(4, 10))).body.results).toMatchObject([{ status: 'accepted' }]);
  for (const sequence of [9, 10, 0]) {
    expect((await report(numbered(0, sequence))).body.results).toMatchObject([
      {
        status: 'stale',
        state: 'Running',
        detail: `Sequence ${sequence} is not after 10, which was reported already.`,
      },
    ]);
  }
  expect(await sessionsOf('sequenced')).toBe(4);
});

test('of one batch in the wrong order the newest sequence counts', async () => {
  await createRunning(stack, 'shuffled');
  const numbered = (activeSessions: number, sequence: number) => ({ ...idOf('shuffled'), activeSessions, sequence });
  // All are judged by the state that was read before any was applied; the entity judges again.
  await report([numbered(7, 3), numbered(1, 1), numbered(2, 2)]);
  expect(await sessionsOf('shuffled')).toBe(7);
});

test('a sequence starts over with a new boot, and the boot before is not heard any more', async () => {
  await createRunning(stack, 'rebooted');
  const of = (bootId: string, activeSessions: number, sequence: number) => ({
    ...idOf('rebooted'),
    activeSessions,
    sequence,
    bootId,
  });
  expect((await report(of('boot-1', 9, 50))).body.results).toMatchObject([{ status: 'accepted' }]);
  expect((await report(of('boot-2', 1, 1))).body.results).toMatchObject([{ status: 'accepted' }]);
  expect((await report(of('boot-1', 9, 51))).body.results).toMatchObject([{ status: 'stale', state: 'Running' }]);
  expect(await sessionsOf('rebooted')).toBe(1);
});

test('the answer says that the group is being drained', async () => {
  await createRunning(stack, 'drained');
  await report({ ...idOf('drained'), activeSessions: 2 });
  await stack.api('ACISetState', { body: { ...idOf('drained'), state: 'MarkedForDeletion' } });
  expect((await report({ ...idOf('drained'), activeSessions: 1 })).body.results).toEqual([
    { ...idOf('drained'), status: 'accepted', state: 'MarkedForDeletion' },
  ]);
});

test('a group that is created anew knows nothing of the sessions and sequences of the one before', async () => {
  await createRunning(stack, 'anew');
  await report({ ...idOf('anew'), activeSessions: 6, sequence: 1_000, bootId: 'boot-1' });
  await stack.api('ACIDelete', { body: idOf('anew') });
  await untilState(stack, 'anew', isGone);
  expect((await report({ ...idOf('anew'), activeSessions: 6, sequence: 1_001 })).body.results).toMatchObject([
    { status: 'unknownGroup' },
  ]);
  await createRunning(stack, 'anew');
  expect(await sessionsOf('anew')).toBe(0);
  expect((await report({ ...idOf('anew'), activeSessions: 2, sequence: 1 })).body.results).toMatchObject([
    { status: 'accepted' },
  ]);
  expect(await sessionsOf('anew')).toBe(2);
});

test('many requests for one group at the same time end with the highest sequence', async () => {
  await createRunning(stack, 'crowded');
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      stack.api('ACISetSessions', {
        body: { ...idOf('crowded'), activeSessions: (index * 7) % 200, sequence: (index * 7) % 200 },
      }),
    ),
  );
  await stack.settle();
  expect(await sessionsOf('crowded')).toBe(199);
});
