import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { seatFactsOf } from '../../../../src/domain/seat/seat-facts.ts';
import { BORN, creating, failed, LATER, marked, running } from '../group/group-fixture.ts';

test('of a group that runs are known: its seats, its sessions, as of when, and the leases that its server has named', () => {
  const group: ContainerGroup = {
    ...running,
    maxSessions: 8,
    activeSessions: 3,
    lastReport: { at: LATER },
    leases: [{ id: 'lease-1', seen: true }, { id: 'lease-2' }],
  };
  expect(seatFactsOf(group)).toEqual({
    key: 'games:game-1',
    incarnation: 'first',
    location: 'westeurope',
    seats: 8,
    sessions: 3,
    knownAt: LATER,
    seen: ['lease-1'],
  });
});

test('a group that says nothing of sessions has one seat, and is known since it runs', () => {
  expect(seatFactsOf(running)).toMatchObject({ seats: 1, sessions: 0, knownAt: BORN, seen: [] });
});

test.each<[string, ContainerGroup]>([
  ['is created', creating],
  ['is marked', marked],
  ['has failed', failed],
  ['was adopted, and nobody has told its sessions,', { ...running, sessionsUnknownSince: BORN }],
])('of a group that %s no seat is sold', (_says, group) => {
  expect(seatFactsOf(group)).toBeUndefined();
});
