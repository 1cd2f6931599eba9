import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, randomUuid } from '../../../../local/host/random.ts';

const take = (random: () => number, count: number): number[] => Array.from({ length: count }, () => random());

test('the same seeds give the same numbers, all from 0 up to but not 1', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, boot) => {
      const numbers = take(createRandom(seed, boot), 50);
      expect(take(createRandom(seed, boot), 50)).toEqual(numbers);
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    }),
  );
});

test('another start of the same seed gives other numbers', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, boot) => {
      expect(take(createRandom(seed, boot), 8)).not.toEqual(take(createRandom(seed, boot + 1), 8));
    }),
  );
});

test('UUIDs are of version 4 and differ', () => {
  const random = createRandom(1);
  const ids = Array.from({ length: 1_000 }, () => randomUuid(random));
  expect(ids.every((id) => /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
