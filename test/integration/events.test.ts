import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFaults, type Faults } from '../../local/arm/faults/faults.ts';
import {
  createBody,
  groupOf,
  idOf,
  isFailed,
  isGone,
  isRunning,
  statesOf,
  untilState,
  untilStates,
} from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;

beforeAll(async () => {
  // A refused creation is kept for longer than an event may be late.
  stack = await startStack({ settings: { ACI_FAILED_CREATION_RETENTION: 'P1D' } });
});

afterAll(async () => {
  await stack.stop();
});

const conditions: { says: string; events: Partial<Faults['events']>; runsWithinMs: number }[] = [
  { says: 'every event on its usual way', events: {}, runsWithinMs: 60_000 },
  { says: 'every event lost', events: { drop: 1 }, runsWithinMs: 90_000 },
  { says: 'every event twice and in reverse', events: { duplicate: 1, reverse: true }, runsWithinMs: 60_000 },
  { says: 'every event an hour late', events: { delayMs: 3_600_000 }, runsWithinMs: 90_000 },
];

describe.each(conditions)('with $says', ({ events, runsWithinMs }) => {
  const names = ['one', 'two', 'three'];
  const states = async () => statesOf(stack, names);

  test('groups live from their creation to their collection', async () => {
    stack.arm.setFaults({ ...noFaults, events: { ...noFaults.events, ...events } });
    const putsBefore = stack.arm.requestCounts()['PUT containerGroups'] ?? 0;
    const beganMs = stack.clock.now();
    for (const name of names) {
      expect((await stack.api('ACICreate', { body: createBody(name) })).status).toBe(202);
    }
    await untilStates(stack, names, isRunning);
    expect(stack.clock.now() - beganMs).toBeLessThan(runsWithinMs);

    await stack.api('ACISetSessions', { body: { ...idOf('one'), activeSessions: 3 } });
    await stack.settle();
    for (const name of names) {
      await stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } });
    }
    await untilStates(stack, ['two', 'three'], isGone);
    // One sweep more, which still leaves it alone.
    await stack.advance(6 * 60_000);
    expect(await groupOf(stack, 'one')).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 3 });
    await stack.api('ACISetSessions', { body: { ...idOf('one'), activeSessions: 0 } });
    await untilState(stack, 'one', isGone);

    expect((stack.arm.requestCounts()['PUT containerGroups'] ?? 0) - putsBefore).toBe(3);
    // What is late, or comes twice, tells of groups that are long gone, and brings none of them back.
    await stack.advance((events.delayMs ?? 0) + 5 * 60_000);
    expect(await states()).toEqual([undefined, undefined, undefined]);
    expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('a late event of an earlier group does not touch the next one of its name', async () => {
  stack.arm.setFaults({ ...noFaults, events: { ...noFaults.events, delayMs: 3_600_000 } });
  const create = async () => {
    await stack.api('ACICreate', { body: createBody('again') });
    await untilState(stack, 'again', isRunning);
  };
  await create();
  await stack.api('ACIDelete', { body: idOf('again') });
  await untilState(stack, 'again', isGone);
  await create();
  const before = await groupOf(stack, 'again');
  // The event of the first one's deletion comes now.
  await stack.advance(65 * 60_000);
  expect(stack.arm.eventCounts()).toEqual({ pending: 0, deadLetters: 0 });
  expect(await groupOf(stack, 'again')).toEqual(before);
});

test('a late event of an earlier deletion is not the cause of the next failure of that name', async () => {
  const events = { ...noFaults.events, delayMs: 3_600_000 };
  stack.arm.setFaults({ ...noFaults, events });
  await stack.api('ACIDelete', { body: idOf('again') });
  await untilState(stack, 'again', isGone);
  const refusal = { status: 400, code: 'InvalidImageName', message: 'Not that one.', afterEffect: false } as const;
  // An activity may run twice (row 2 of the unkind host), and ARM refuses the same request again.
  const failNext = [{ ...refusal, operation: 'PUT' as const, times: 2 }];
  stack.arm.setFaults({ ...noFaults, events, arm: { ...noFaults.arm, failNext } });
  await stack.api('ACICreate', { body: createBody('again') });
  await untilState(stack, 'again', isFailed);
  await stack.advance(65 * 60_000);
  expect(stack.arm.eventCounts().pending).toBe(0);
  expect((await groupOf(stack, 'again')).failure.code).toBe('specRefused');
});
