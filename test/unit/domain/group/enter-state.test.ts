import { describe, expect, test } from 'vitest';
import { KEPT_FIRST_ENTRIES, MAX_TIMELINE_ENTRIES } from '../../../../src/domain/group/container-group.ts';
import { enterState, newGroup } from '../../../../src/domain/group/enter-state.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { beingDeleted, BORN, createCommand, failed, LATER, running } from './group-fixture.ts';

const mark: CommandOf<'mark'> = { command: 'mark', at: LATER, commandId: 'c1' };
const toMarked = { state: 'MarkedForDeletion', endpoint: running.endpoint } as const;

describe('a new group', () => {
  test('is Creating with what was asked for, and with a first token', () => {
    expect(newGroup(createCommand)).toEqual({
      state: 'Creating',
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      incarnation: 'first',
      location: 'westeurope',
      creation: createCommand.creation,
      token: { digest: createCommand.tokenDigest, generation: 1, issuedAt: BORN },
      createdAt: BORN,
      stateSince: BORN,
      activeSessions: 0,
      timeline: [{ at: BORN, event: 'created', state: 'Creating', cause: 'request 1' }],
      outcomes: [],
    });
  });

  test('keeps no trace of the command itself', () => {
    expect(newGroup(createCommand)).not.toHaveProperty('command');
    expect(newGroup(createCommand)).not.toHaveProperty('tokenDigest');
  });
});

describe('a group in another state', () => {
  test('keeps its facts, and its timeline is one longer', () => {
    const group = enterState({ ...running, activeSessions: 3 }, mark, toMarked, { event: 'marked' });
    expect(group).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 3, stateSince: LATER, createdAt: BORN });
    expect(group.timeline.at(-1)).toEqual({ at: LATER, event: 'marked', state: 'MarkedForDeletion' });
    expect(group.timeline).toHaveLength(running.timeline.length + 1);
  });

  test('loses what is true in the old state alone', () => {
    expect(enterState(failed, mark, toMarked, { event: 'marked' })).not.toHaveProperty('failure');
    expect(enterState(beingDeleted, mark, toMarked, { event: 'marked' })).not.toHaveProperty('deletion');
    expect(enterState(running, mark, { state: 'MarkedForDeletion' }, { event: 'marked' })).not.toHaveProperty(
      'endpoint',
    );
  });
});

test('a group with other facts in the same state is in it since it entered it', () => {
  const part = { state: 'Failed', failure: { code: 'deletedOutside', message: 'It is gone.' } } as const;
  const group = enterState(failed, { ...mark, cause: 'event 1' }, part, { event: 'deletedOutside', detail: 'seen' });
  expect(group.stateSince).toBe(BORN);
  expect(group.timeline.at(-1)).toEqual({
    at: LATER,
    event: 'deletedOutside',
    state: 'Failed',
    cause: 'event 1',
    detail: 'seen',
  });
});

test('the timeline that is full keeps how the group began, and what came last', () => {
  const full = Array.from({ length: MAX_TIMELINE_ENTRIES }, (_, index) => ({
    at: BORN,
    event: `number ${index}`,
    state: 'Running' as const,
  }));
  const { timeline } = enterState({ ...running, timeline: full }, mark, toMarked, { event: 'marked' });
  expect(timeline).toHaveLength(MAX_TIMELINE_ENTRIES);
  expect(timeline[0]?.event).toBe('number 0');
  expect(timeline.map(({ event }) => event)).not.toContain(`number ${KEPT_FIRST_ENTRIES}`);
  expect(timeline.slice(-2).map(({ event }) => event)).toEqual([`number ${MAX_TIMELINE_ENTRIES - 1}`, 'marked']);
});
