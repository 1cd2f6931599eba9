import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEntity } from '../../../src/contracts/contract.ts';
import { readState, sortStates, writeState } from '../../../src/durable/stored-state.ts';

const variants = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('open'), seats: z.int() }),
  z.looseObject({ kind: z.literal('shut') }),
]);
const first = defineEntity('room', { schemaVersion: 1, migrations: {}, state: variants, operations: {} });

/** Calls the seats `seats`, which were called `places` in version 2 and `chairs` in version 1. */
const third = defineEntity('room', {
  schemaVersion: 3,
  migrations: {
    1: (state) => {
      const { chairs, ...others } = z.looseObject({ chairs: z.int() }).parse(state);
      return { ...others, places: chairs };
    },
    2: (state) => {
      const { places, ...others } = z.looseObject({ places: z.int() }).parse(state);
      return { ...others, seats: places };
    },
  },
  state: variants,
  operations: {},
});

describe('a stored state', () => {
  test('without a version is of the first schema, and is written back without one', () => {
    const stored = { kind: 'open', seats: 3, unknown: { deep: [1] } };
    const read = readState(first, stored);
    expect(read).toEqual({ is: 'known', state: stored });
    expect(writeState(first, { kind: 'open', seats: 3 })).toEqual({ kind: 'open', seats: 3 });
  });

  test('of an older schema is migrated version by version, and written back as the newest', () => {
    expect(readState(third, { kind: 'open', chairs: 3, more: 1 })).toEqual({
      is: 'known',
      state: { kind: 'open', seats: 3, more: 1 },
    });
    expect(readState(third, { kind: 'open', places: 4, schemaVersion: 2 })).toMatchObject({ state: { seats: 4 } });
    expect(readState(third, { kind: 'open', seats: 5, schemaVersion: 3 })).toMatchObject({ state: { seats: 5 } });
    expect(writeState(third, { kind: 'shut' })).toEqual({ kind: 'shut', schemaVersion: 3 });
  });

  test('that was written back is read as it was', () => {
    const stored = writeState(third, { kind: 'open', seats: 3 });
    expect(readState(third, JSON.parse(JSON.stringify(stored)))).toEqual({
      is: 'known',
      state: { kind: 'open', seats: 3 },
    });
  });

  test.each([
    ['of a newer schema, whatever is in it', { schemaVersion: 2, kind: 7 }],
    ['of a variant that is not known', { kind: 'reserved', seats: 3 }],
  ])('%s is newer, and is kept as it is', (_, stored) => {
    expect(readState(first, stored)).toEqual({ is: 'newer', stored });
  });

  test.each([
    ['a field of another type', { kind: 'open', seats: 'three' }],
    ['no variant', { seats: 3 }],
    ['a variant that is no word', { kind: 3 }],
    ['no object', 'open'],
    ['a version that counts nothing', { schemaVersion: 0, kind: 'shut' }],
  ])('with %s makes no sense, and is no newer one', (_, stored) => {
    expect(() => readState(first, stored)).toThrow("A state of room can't be read.");
  });

  test('that its migration cannot read makes no sense', () => {
    expect(() => readState(third, { kind: 'open' })).toThrow("A state of room can't be read.");
  });
});

test('the states of a page are told apart, and none hides another', () => {
  const states = { a: { kind: 'shut' }, b: { kind: 'reserved' }, c: { kind: 'open' }, d: { kind: 'open', seats: 1 } };
  const found = Object.entries(states).map(([key, state]) => ({ key, state }));
  expect(sortStates(first, found)).toEqual({
    entities: [
      { key: 'a', state: { kind: 'shut' } },
      { key: 'd', state: { kind: 'open', seats: 1 } },
    ],
    newer: [{ key: 'b', stored: { kind: 'reserved' } }],
    unreadableKeys: ['c'],
  });
});
