import { describe, expect, test } from 'vitest';
import { newerState, tokenOfNewer, toNewerItem } from '../../../../src/domain/group/newer-group.ts';
import { beingDeleted, BORN, running } from './group-fixture.ts';

const KEY = 'games:game-1';

describe('a group that a newer version wrote', () => {
  test('is shown with all that can be read, in the letter case of its names', () => {
    const stored = { ...beingDeleted, schemaVersion: 2, maxSessions: 8, labels: { fleet: 'eu' }, seats: [1] };
    expect(toNewerItem(KEY, stored)).toEqual({
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      state: 'MarkedForDeletion',
      activeSessions: 0,
      maxSessions: 8,
      publicIP: '20.0.0.1',
      fqdn: undefined,
      ports: [{ port: 7777, protocol: 'UDP' }],
      location: 'westeurope',
      createdAt: BORN,
      stateSince: BORN,
      deletion: { requestedAt: BORN },
      labels: { fleet: 'eu' },
      failure: newerState(KEY),
    });
  });

  test.each([
    [
      'of which every field has another shape',
      { resourceGroup: 1, state: {}, activeSessions: 'two', endpoint: '20.0.0.1' },
    ],
    ['that is no object', 'sealed'],
    ['of another name', { resourceGroup: 'other', containerGroupName: 'game-1' }],
  ])('and %s is shown by its key', (_, stored) => {
    const shown: unknown = JSON.parse(JSON.stringify(toNewerItem(KEY, stored)));
    expect(shown).toEqual({ resourceGroup: 'games', containerGroupName: 'game-1', failure: newerState(KEY) });
  });

  test('is shown in a state that only the newer version knows', () => {
    expect(toNewerItem(KEY, { ...running, state: 'Hibernating' }).state).toBe('Hibernating');
  });

  test('never shows its token, which its container can still be known by', () => {
    expect(toNewerItem(KEY, running)).not.toHaveProperty('token');
    expect(tokenOfNewer({ ...running, state: 'Hibernating' })).toEqual(running.token);
    expect(tokenOfNewer({ token: 'sealed' })).toBeUndefined();
  });

  test('is refused by a failure that names it', () => {
    expect(newerState(KEY)).toEqual({
      code: 'newerState',
      message: 'A newer version of the app wrote the state of game-1. This one shows it and leaves it alone.',
    });
  });
});
