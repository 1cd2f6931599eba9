import { expect, test } from 'vitest';
import { z } from 'zod';
import { openEnum, openObject, readable } from '../../../src/domain/open-shape.ts';

test('an open object keeps fields that it does not know, at every depth that is open', () => {
  const shape = openObject({ inner: openObject({ a: z.int() }), list: z.array(openObject({ b: z.int() })) });
  const stored = { inner: { a: 1, more: [1] }, list: [{ b: 2, more: {} }], more: 'x' };
  expect(shape.parse(stored)).toEqual(stored);
  expect(shape.safeParse({ ...stored, inner: {} }).success).toBe(false);
});

test('an open object can be extended, and stays open', () => {
  expect(openObject({ a: z.int() }).extend({ b: z.int() }).parse({ a: 1, b: 2, c: 3 })).toEqual({ a: 1, b: 2, c: 3 });
});

test('an open enum keeps a word that it does not know, and takes nothing but words', () => {
  const shape = openEnum(z.enum(['TCP', 'UDP']));
  expect([shape.parse('TCP'), shape.parse('SCTP')]).toEqual(['TCP', 'SCTP']);
  expect(shape.safeParse(17).success).toBe(false);
});

test.each([
  [3, 3],
  ['3', undefined],
  [undefined, undefined],
])('of %j, a whole number can be read as %j', (value, expected) => {
  expect(readable(z.int()).parse(value)).toBe(expected);
});
