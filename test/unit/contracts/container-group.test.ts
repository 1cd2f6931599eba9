import { describe, expect, test } from 'vitest';
import { containerGroupEntity } from '../../../src/contracts/container-group.ts';
import { MAX_SESSIONS } from '../../../src/domain/group/group-wishes.ts';
import { acceptanceTable } from '../../../src/domain/group/group-command.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { BORN, createCommand, failed, running } from '../domain/group/group-fixture.ts';

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
