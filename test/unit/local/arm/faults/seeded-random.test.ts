import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../../../local/arm/faults/seeded-random.ts';

const anyKey = fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 3 });

test('a draw depends on the seed and the key alone', () => {
  fc.assert(
    fc.property(fc.nat(), anyKey, (seed, key) => {
      const first = createSeededRandom(seed);
      const drawn = first.draw(...key);
      first.draw('something else');
      expect(first.draw(...key)).toBe(drawn);
      expect(createSeededRandom(seed).draw(...key)).toBe(drawn);
      expect(createSeededRandom(seed + 1).draw(...key)).not.toBe(drawn);
      expect(drawn >= 0 && drawn < 1).toBe(true);
    }),
  );
});

test('draws are spread evenly', () => {
  const random = createSeededRandom(1);
  const draws = Array.from({ length: 10_000 }, (_, index) => random.between(10, 20, 'key', index));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  expect(mean).toBeGreaterThan(14.8);
  expect(mean).toBeLessThan(15.2);
  expect(Math.min(...draws)).toBeLessThan(10.1);
  expect(Math.max(...draws)).toBeGreaterThan(19.9);
});

test('ids are version 4 UUIDs and differ from key to key', () => {
  const random = createSeededRandom(1);
  const ids = new Set(Array.from({ length: 1_000 }, (_, index) => random.uuid('id', index)));
  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});
