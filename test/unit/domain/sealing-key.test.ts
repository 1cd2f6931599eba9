import { expect, test } from 'vitest';
import { parseSealingKeys } from '../../../src/domain/sealing-key.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 9).toString('base64');

test('keys are read newest first, with spaces around them or without', () => {
  const keys = parseSealingKeys(`new_2:${KEY}, old-1:${OTHER}`);
  expect(keys?.map(({ id }) => id)).toEqual(['new_2', 'old-1']);
  expect(keys?.[0].key).toEqual(Uint8Array.from(Buffer.alloc(32, 7)));
});

test.each([
  ['no text', ''],
  ['no id', `:${KEY}`],
  ['a key alone', KEY],
  ['an id that is too long', `${'i'.repeat(33)}:${KEY}`],
  ['an id with a dot', `a.b:${KEY}`],
  ['a key of 31 bytes', `a:${Buffer.alloc(31).toString('base64')}`],
  ['a key of 33 bytes', `a:${Buffer.alloc(33).toString('base64')}`],
  ['a key that is no base64', `a:${'?'.repeat(43)}=`],
  ['a bad key after a good one', `a:${KEY},b:short`],
  ['a comma at the end', `a:${KEY},`],
  ['the same id twice', `a:${KEY},a:${OTHER}`],
])('keys are refused with %s', (_, text) => {
  expect(parseSealingKeys(text)).toBeUndefined();
});
