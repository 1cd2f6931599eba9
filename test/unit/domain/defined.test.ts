import { describe, expect, expectTypeOf, test } from 'vitest';
import { defined } from '../../../src/domain/defined.ts';

describe('an object without what is undefined', () => {
  test('has the other fields, in their order', () => {
    const fields = defined({ last: 1, gone: undefined, first: 'one', nothing: null, zero: 0, empty: '', no: false });
    expect(JSON.stringify(fields)).toBe('{"last":1,"first":"one","nothing":null,"zero":0,"empty":"","no":false}');
    expect(fields).not.toHaveProperty('gone');
  });

  test('leaves the object that it was given as it was', () => {
    const given = { gone: undefined };
    defined(given);
    expect(given).toHaveProperty('gone');
  });

  test('has an optional field where one may be undefined, and no undefined in it', () => {
    const count = (text: string): number | undefined => (text === '' ? undefined : Number(text));
    const fields = defined({ key: 'a', count: count('1') });
    expect(fields).toEqual({ key: 'a', count: 1 });
    expectTypeOf(fields).toExtend<{ key: string; count?: number }>();
    expectTypeOf<{ key: string }>().toExtend<typeof fields>();
    expectTypeOf<{ key: string; count: undefined }>().not.toExtend<typeof fields>();
  });
});
