import { describe, expect, test } from 'vitest';
import {
  containerGroupSchema,
  deletionOf,
  endpointOf,
  isBeingDeleted,
  type ContainerGroup,
} from '../../../../src/domain/group/container-group.ts';
import { beingDeleted, BORN, creating, failed, groups, marked, running } from './group-fixture.ts';

const failedBeingDeleted: ContainerGroup = { ...failed, deletion: { requestedAt: BORN, cause: 'request 1' } };

test.each<[string, ContainerGroup, boolean]>([
  ['being created', creating, false],
  ['running', running, false],
  ['marked', marked, false],
  ['failed', failed, false],
  ['marked with its deletion begun', beingDeleted, true],
  ['failed with its deletion begun', failedBeingDeleted, true],
])('a group that is %s is being deleted: %s', (_, group, expected) => {
  expect(isBeingDeleted(group)).toBe(expected);
  expect(deletionOf(group) !== undefined).toBe(expected);
});

test.each<[string, ContainerGroup, string | undefined]>([
  ['being created', creating, undefined],
  ['running', running, '20.0.0.1'],
  ['marked', marked, '20.0.0.1'],
  ['failed before it ran', failed, undefined],
  ['failed after it ran', { ...failed, endpoint: running.endpoint }, '20.0.0.1'],
])('a group that is %s answers at %s', (_, group, publicIP) => {
  expect(endpointOf(group)?.publicIP).toBe(publicIP);
});

describe('what is stored of a group', () => {
  test.each(groups)('comes back from storage as it went in: $state', (group) => {
    expect(containerGroupSchema.parse(JSON.parse(JSON.stringify(group)))).toEqual(group);
  });

  test('needs in each state what is true in it', () => {
    expect(containerGroupSchema.safeParse({ ...running, endpoint: undefined }).success).toBe(false);
    expect(containerGroupSchema.safeParse({ ...failed, failure: undefined }).success).toBe(false);
    expect(containerGroupSchema.safeParse({ ...running, state: 'Deleting' }).success).toBe(false);
  });

  test('has moments as ISO 8601 text', () => {
    expect(containerGroupSchema.safeParse({ ...running, createdAt: 'yesterday' }).success).toBe(false);
  });
});
