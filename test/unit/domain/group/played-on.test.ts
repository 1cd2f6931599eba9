import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { hasAllEnded, mayBePlayedOn } from '../../../../src/domain/group/played-on.ts';
import { BORN, LATER, running } from './group-fixture.ts';

const played: ContainerGroup = { ...running, activeSessions: 2 };

test.each<[string, ContainerGroup, boolean]>([
  ['has no sessions', running, false],
  ['has sessions', played, true],
  ['was adopted, and has not told', { ...running, sessionsUnknownSince: BORN }, true],
  [
    'has sessions, and all of whose containers have ended',
    { ...played, allEndedAt: LATER, lastReport: { at: BORN } },
    false,
  ],
  ['has sessions, and never reported until they ended', { ...played, allEndedAt: LATER }, false],
  [
    'has sessions, and was heard of after they had ended',
    { ...played, allEndedAt: BORN, lastReport: { at: LATER } },
    true,
  ],
])('a group that %s may be played on: %s', (_, group, expected) => {
  expect(mayBePlayedOn(group)).toBe(expected);
});

test('a group of which nothing was found has not ended', () => {
  expect(hasAllEnded(running)).toBe(false);
});
