import { describe, expect, test } from 'vitest';
import { deletionOf, type ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import {
  beingDeleted,
  BORN,
  commandsNotGuarded as commands,
  failed,
  LATER,
  marked,
  refusedCreation,
  running,
} from './group-fixture.ts';

const deletion = { requestedAt: BORN, cause: 'request 2' };

describe('what Azure shows of a group that runs', () => {
  test('moves it to another address without another word on its state', () => {
    const { group } = decide(running, commands.recordEndpoint);
    expect(group).toMatchObject({ state: 'Running', endpoint: { publicIP: '20.0.0.2' }, stateSince: BORN });
    expect(group?.timeline.at(-1)).toMatchObject({
      event: 'endpointChanged',
      detail: '20.0.0.1 → 20.0.0.2, 7777/UDP → none',
    });
    expect(decide(marked, commands.recordEndpoint).group).toMatchObject({ state: 'MarkedForDeletion' });
    expect(decide(running, { ...commands.recordEndpoint, endpoint: running.endpoint }).outcome).toBe('unchanged');
  });

  test('fails it with the reason', () => {
    const { group } = decide(marked, commands.recordFailure);
    expect(group).toMatchObject({
      state: 'Failed',
      failure: commands.recordFailure.failure,
      endpoint: marked.endpoint,
    });
    expect(group?.timeline.at(-1)).toMatchObject({ event: 'failedInAzure' });
  });

  test('tells one that never had an address by other words that it is gone', () => {
    const message = (group: ContainerGroup): unknown => {
      const { group: after } = decide(group, commands.recordAbsence);
      return after?.state === 'Failed' ? after.failure.message : undefined;
    };
    expect(message(running)).toContain('was deleted in Azure by somebody else');
    expect(message(failed)).toContain('is not in Azure');
  });
});

describe('a resource that is not there, or that nobody can say the owner of', () => {
  test('a group deleted by somebody else is Failed with the code deletedOutside', () => {
    expect(decide(running, commands.recordAbsence).group).toMatchObject({
      state: 'Failed',
      failure: { code: 'deletedOutside' },
    });
  });

  test.each<ContainerGroup>([running, marked, beingDeleted, { ...failed, deletion }])(
    'a $state group whose resource does not say whose it is stays, as a failure that says what to do',
    (group) => {
      const { outcome, group: after } = decide(group, commands.recordTagMissing);
      expect(outcome).toBe('changed');
      expect(after).toMatchObject({ state: 'Failed', failure: { code: 'tagMissing' } });
      expect(deletionOf(after ?? group)).toEqual(deletionOf(group));
      expect(after?.timeline.at(-1)).toMatchObject({ event: 'tagMissing', state: 'Failed', at: LATER });
      // Every sweep looks again, and finds the same.
      expect(decide(after, commands.recordTagMissing).outcome).toBe('unchanged');
    },
  );

  test('a creation that left nothing in Azure goes with its deletion, whatever the resource of its name says', () => {
    expect(decide(refusedCreation, commands.recordTagMissing)).toEqual({
      outcome: 'unchanged',
      group: refusedCreation,
    });
    const ending = { ...refusedCreation, deletion };
    expect(decide(ending, commands.recordTagMissing)).toEqual({ outcome: 'changed', group: undefined });
  });

  test('a creation that found its name in use stays, as those of 0.1.0 do, unless it is certain that the resource is not its own', () => {
    const ending = { ...failed, failure: { code: 'nameInUse', message: 'Taken.' }, deletion } as const;
    expect(decide(ending, commands.recordTagMissing).group).toMatchObject({
      state: 'Failed',
      failure: { code: 'tagMissing' },
      deletion,
    });
  });
});
