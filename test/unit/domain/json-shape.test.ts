import { describe, expect, test } from 'vitest';
import { checkJsonShape, MAX_JSON_DEPTH, MAX_NAME_LENGTH, MAX_STRING_LENGTH } from '../../../src/domain/json-shape.ts';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('a document', () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 7],
    ['texts and lists', { a: ['b', 1, true, null] }],
    ['the longest text', { a: 'x'.repeat(MAX_STRING_LENGTH) }],
    ['the longest name', { ['x'.repeat(MAX_NAME_LENGTH)]: 1 }],
    ['as many levels as there may be', nested(MAX_JSON_DEPTH)],
    ['an item of a list that has the name of a prototype as text', ['__proto__']],
  ])('may be or hold %s', (_, value) => {
    expect(checkJsonShape(value)).toEqual([]);
  });

  test.each<[string, unknown, RegExp]>([
    ['a text that is too long', { a: ['x'.repeat(MAX_STRING_LENGTH + 1)] }, /texts of at most/],
    ['a name that is too long', { ['x'.repeat(MAX_NAME_LENGTH + 1)]: 1 }, /names of at most 1024/],
    ['a level too many', nested(MAX_JSON_DEPTH + 1), /32 levels/],
    ['__proto__', JSON.parse('{"a":{"__proto__":{}}}'), /no field named/],
    ['constructor', { constructor: 1 }, /no field named/],
    ['prototype', [{ prototype: 1 }], /no field named/],
  ])('is refused with %s', (_, value, expected) => {
    const [violation] = checkJsonShape(value);
    expect(violation?.field).toBe('body');
    expect(violation?.expected).toMatch(expected);
  });
});
