import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import type { GroupPhase } from '../../../../src/domain/group/group-command.ts';
import { describePhase, phaseOf } from '../../../../src/domain/group/group-phase.ts';
import { beingDeleted, BORN, creating, failed, marked, running } from './group-fixture.ts';

test.each<[GroupPhase, ContainerGroup | undefined]>([
  ['absent', undefined],
  ['Creating', creating],
  ['Running', running],
  ['MarkedForDeletion', marked],
  ['Failed', failed],
  ['beingDeleted', beingDeleted],
  ['beingDeleted', { ...failed, deletion: { requestedAt: BORN, cause: 'x' } }],
])('the phase is %s, whichever state a deletion was begun in', (phase, group) => {
  expect(phaseOf(group)).toBe(phase);
});

test('a message tells a begun deletion from the state it was begun in', () => {
  expect(describePhase(marked)).toBe('MarkedForDeletion');
  expect(describePhase(beingDeleted)).toBe('being deleted');
});
