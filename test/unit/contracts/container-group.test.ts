import { describe, expect, test } from 'vitest';
import {
  containerGroupEntity,
  containerGroupSchema,
  listItemSchema,
  MAX_SESSIONS,
} from '../../../src/contracts/container-group.ts';
import { acceptanceTable } from '../../../src/domain/group/group-command.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import {
  beingDeleted,
  BORN,
  createCommand,
  creating,
  failed,
  LATER,
  marked,
  running,
} from '../domain/group/group-fixture.ts';

const seasoned = {
  ...failed,
  endpoint: { ...running.endpoint, fqdn: 'game.example.com' },
  deletion: { requestedAt: LATER, cause: 'sweep 1' },
  maxSessions: 8,
  labels: { fleet: 'eu' },
  token: { ...failed.token, previous: { digest: 'old', validUntil: LATER } },
  lastReport: { at: LATER, bootId: 'b', sequence: 3, earlierBootIds: ['a'] },
  outcomes: [
    { commandId: 'c1', at: LATER, refusal: failed.failure },
    { commandId: 'c2', at: LATER },
  ],
};

const groups = [creating, running, marked, failed, beingDeleted, seasoned];

describe('the state of the entity', () => {
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

test.each(groups)('a list item comes back as it went out: $state', (group) => {
  const item = toListItem(group);
  expect(listItemSchema.parse(JSON.parse(JSON.stringify(item)))).toEqual(item);
});

describe('the operations of the entity', () => {
  test('are the commands of the domain and a look', () => {
    expect(Object.keys(containerGroupEntity.operations).toSorted()).toEqual(
      [...Object.keys(acceptanceTable), 'look'].toSorted(),
    );
  });

  test('take their command as it is, less its name', () => {
    const { command: _, ...input } = createCommand;
    expect(containerGroupEntity.operations.create.input.parse(input)).toEqual(input);
  });

  test.each([-1, 0.5, MAX_SESSIONS + 1, '3', null])('refuse %s sessions', (activeSessions) => {
    expect(containerGroupEntity.operations.reportSessions.input.safeParse({ at: BORN, activeSessions }).success).toBe(
      false,
    );
  });

  test('answer with the group after them, or with a refusal', () => {
    const reply = { outcome: 'refused', group: toListItem(running), incarnation: 'first', refusal: failed.failure };
    expect(containerGroupEntity.operations.mark.reply.parse(reply)).toEqual(reply);
  });
});
