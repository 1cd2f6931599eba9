import { expect, test } from 'vitest';
import { ownershipOf, tagMissing } from '../../../../src/domain/group/ownership.ts';

test.each([
  ['with the tag of this incarnation', 'first', 'ours'],
  ['with another tag', 'second', 'others'],
  ['without the tag', undefined, 'unmarked'],
  ['with an empty tag', '', 'unmarked'],
])('a resource %s is %s', (_, tag, ownership) => {
  expect(ownershipOf(tag, 'first')).toBe(ownership);
});

test('what to do about a missing tag names the tag and its value', () => {
  expect(tagMissing('first')).toMatchObject({ code: 'tagMissing', message: /aci-incarnation.*Set the tag to first / });
});
