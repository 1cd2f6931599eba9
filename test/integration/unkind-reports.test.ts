import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, groupOf, idOf, isRunning, untilStates } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

const names = Array.from({ length: 20 }, (_, index) => `game-${index}`);

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant', faults: { quotas: 'off' } });
  await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  await untilStates(stack, names, isRunning);
});

afterAll(async () => {
  await stack.stop();
});

test('the report that came last counts, though messages overtake each other and come twice', async () => {
  await Promise.all(
    names.map(async (name) => {
      for (let activeSessions = 0; activeSessions < 20; activeSessions += 1) {
        await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions } });
      }
    }),
  );
  await stack.settle();
  const groups = await Promise.all(names.map((name) => groupOf(stack, name)));
  expect(groups.map((group) => group.activeSessions)).toEqual(names.map(() => 19));
});
