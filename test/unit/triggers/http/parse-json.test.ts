import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../src/triggers/http/parse-json.ts';

describe('JSON', () => {
  test.each([
    ['{"a":{"b":[1,"x, y: z"]}}', { a: { b: [1, 'x, y: z'] } }],
    ['{a:1,"b":2, c_1 : {d:"{e:1}"}}', { a: 1, b: 2, c_1: { d: '{e:1}' } }],
    ['{a:"one \\", b: \\\\",c:true}', { a: 'one ", b: \\', c: true }],
    ['[{a:null},\r\n{ a :false}]', [{ a: null }, { a: false }]],
  ])('may have names without quotation marks: %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('keeps a name that objects have by themselves as a name like any other', () => {
    expect(JSON.stringify(parseJson('{__proto__:1}'))).toBe('{"__proto__":1}');
  });

  test.each(['{', '{a}', '{a:b}', "{a:'b'}", '{a:1,}', 'a:1', '{"a:1}', '{1:2}', '{a b:1}'])(
    'is nothing else that JavaScript takes: %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  test.each([
    ['"\\"'.repeat(300_000)],
    ['{'.repeat(900_000)],
    [`{${' '.repeat(900_000)}`],
    [`{${'a'.repeat(900_000)}`],
  ])('of a megabyte that is none is refused after one look at it', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
