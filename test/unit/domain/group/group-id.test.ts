import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  COLLECT_GARBAGE_INSTANCE_ID,
  deleteInstanceId,
  groupIdOfKey,
  groupKey,
  provisionInstanceId,
  rememberedDeletionId,
} from '../../../../src/domain/group/group-id.ts';

test('the key of a group is lower case, since Azure compares names without regard to case', () => {
  expect(groupKey({ resourceGroup: 'Games_EU', containerGroupName: 'Server-1' })).toBe('games_eu:server-1');
});

test('instances are named after what they do and the group', () => {
  expect(provisionInstanceId('games:one')).toBe('provision:games:one');
  expect(deleteInstanceId('games:one')).toBe('delete:games:one');
  expect(rememberedDeletionId('digest')).toBe('deletion-key:digest');
  expect(COLLECT_GARBAGE_INSTANCE_ID).toBe('collect-garbage');
});

test('groups whose names differ in more than case have different keys', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9.-]{1,20}$/);
  fc.assert(
    fc.property(name, name, name, name, (resourceGroup, containerGroupName, otherGroup, otherName) => {
      const isSame =
        resourceGroup.toLowerCase() === otherGroup.toLowerCase() &&
        containerGroupName.toLowerCase() === otherName.toLowerCase();
      expect(
        groupKey({ resourceGroup, containerGroupName }) ===
          groupKey({ resourceGroup: otherGroup, containerGroupName: otherName }),
      ).toBe(isSame);
    }),
  );
});

test('a key tells the names it was made of, in lower case', () => {
  const key = groupKey({ resourceGroup: 'Games-(EU).1', containerGroupName: 'game-1' });
  expect(groupIdOfKey(key)).toEqual({ resourceGroup: 'games-(eu).1', containerGroupName: 'game-1' });
});

test('what is no key of a group names nothing', () => {
  expect(groupIdOfKey('')).toEqual({ resourceGroup: '', containerGroupName: '' });
});
