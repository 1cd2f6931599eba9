import { describe, expect, test } from 'vitest';
import { findGarbageActivity } from '../../../src/activities/find-garbage.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';
import { addMs } from '../../../src/domain/time.ts';
import { creating, LATER, marked, running } from '../domain/group/group-fixture.ts';

const settings = {
  sweepIntervalMs: 300_000,
  deletionsPerFiveMinutes: 100,
  sessionsStaleAfterMs: 60_000,
  failedCreationRetentionMs: 600_000,
  failedRetentionMs: 3_600_000,
  pollIntervalMs: 10_000,
  provisioningDeadlineMs: 600_000,
  now: () => Date.parse(LATER),
};
const log = () => undefined;
const findGarbage = findGarbageActivity(settings);

describe('finding garbage', () => {
  test('picks what a sweep would delete and counts the rest', async () => {
    const client = createFakeDurableClient();
    client.entities.set('games:one', { ...marked, containerGroupName: 'one' });
    client.entities.set('games:two', { ...running, containerGroupName: 'two' });
    client.entities.set('games:three', {
      ...marked,
      containerGroupName: 'three',
      activeSessions: 1,
      lastReport: { at: LATER },
    });
    expect(await findGarbage({}, { client, log })).toEqual({
      garbage: [{ resourceGroup: 'Games', containerGroupName: 'one', incarnation: 'first' }],
      keptCount: 2,
      unreadable: [],
      sweepIntervalMs: 300_000,
      deletionsPerFiveMinutes: 100,
    });
  });

  test('names the groups that have passed a limit, which are not garbage for that', async () => {
    const client = createFakeDurableClient();
    client.entities.set('games:old', { ...running, containerGroupName: 'old', maxLifetimeSeconds: 60 });
    client.entities.set('games:young', { ...running, containerGroupName: 'young', maxLifetimeSeconds: 600 });
    expect(await findGarbage({}, { client, log })).toMatchObject({
      garbage: [],
      keptCount: 2,
      passed: [{ resourceGroup: 'Games', containerGroupName: 'old', incarnation: 'first' }],
    });
  });

  test('names a group whose stored state it cannot read, and picks the others all the same', async () => {
    const client = createFakeDurableClient();
    client.entities.set('games:odd', { state: 'Running', activeSessions: -1 });
    client.entities.set('games:one', { ...marked, containerGroupName: 'one' });
    expect(await findGarbage({}, { client, log })).toMatchObject({
      garbage: [{ containerGroupName: 'one' }],
      keptCount: 0,
      unreadable: [{ resourceGroup: 'games', containerGroupName: 'odd' }],
    });
  });

  test.each([
    ['of a newer schema', { ...marked, schemaVersion: 2 }],
    ['in a state that only a newer version knows', { ...marked, state: 'Hibernating' }],
  ])('names a group %s, and would not delete it', async (_, state) => {
    const client = createFakeDurableClient();
    client.entities.set('games:tomorrow', state);
    expect(await findGarbage({}, { client, log })).toEqual({
      garbage: [],
      keptCount: 0,
      unreadable: [],
      newer: [{ resourceGroup: 'games', containerGroupName: 'tomorrow' }],
      sweepIntervalMs: 300_000,
      deletionsPerFiveMinutes: 100,
    });
  });

  test('names the creations that take long, and which of them are past their deadline', async () => {
    const client = createFakeDurableClient();
    client.entities.set('games:young', { ...creating, containerGroupName: 'young', createdAt: addMs(LATER, -1) });
    client.entities.set('games:slow', { ...creating, containerGroupName: 'slow' });
    client.entities.set('games:late', { ...creating, containerGroupName: 'late', deadlineAt: addMs(LATER, -1) });
    client.entities.set('games:one', { ...running, containerGroupName: 'one' });
    expect(await findGarbage({}, { client, log })).toMatchObject({
      keptCount: 4,
      slow: [
        { resourceGroup: 'Games', containerGroupName: 'slow', incarnation: 'first', isOverdue: false },
        { resourceGroup: 'Games', containerGroupName: 'late', incarnation: 'first', isOverdue: true },
      ],
    });
  });

  test('reads a page at a time', async () => {
    const client = createFakeDurableClient();
    for (let index = 0; index < 101; index += 1) {
      client.entities.set(`games:game-${index}`, { ...running, containerGroupName: `game-${index}` });
    }
    const first = await findGarbage({}, { client, log });
    expect(first).toMatchObject({ keptCount: 100, continuationToken: '100' });
    const second = await findGarbage({ continuationToken: '100' }, { client, log });
    expect(second.keptCount).toBe(1);
    expect(second).not.toHaveProperty('continuationToken');
  });

  test('fails when the entities cannot be read, so that the sweep reports it', async () => {
    const client = createFakeDurableClient();
    client.failNext(new Error('The store is away.'));
    await expect(findGarbage({}, { client, log })).rejects.toThrow('The store is away.');
    expect(await findGarbage({}, { client, log })).toMatchObject({ garbage: [] });
  });
});
