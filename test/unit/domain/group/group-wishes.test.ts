import { expect, test } from 'vitest';
import { groupWishes, wishesOf } from '../../../../src/domain/group/group-wishes.ts';
import { groups, running } from './group-fixture.ts';

test('the wishes of a group are all that it has of them, and nothing else', () => {
  expect(wishesOf(running)).toEqual({});
  const seasoned = groups.find(({ readiness }) => readiness !== undefined);
  expect(Object.keys(wishesOf(seasoned ?? running)).toSorted()).toEqual(Object.keys(groupWishes).toSorted());
});
