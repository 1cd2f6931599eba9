import { describe, expect, test } from 'vitest';
import { takeEvent, type MonitorDependencies } from '../../../src/triggers/aci-monitor.ts';
import { createFakeContainerGroups } from '../aci/fake-container-groups.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';
import { beingDeleted, creating, failed, LATER, marked, running } from '../domain/group/group-fixture.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const WRITE = 'Microsoft.Resources.ResourceWriteSuccess';
const DELETE = 'Microsoft.Resources.ResourceDeleteSuccess';
const KEY = 'games:game-1';

const uri = (name = 'game-1', resourceGroup = 'Games', subscription = SUBSCRIPTION): string =>
  `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;

function eventOf(eventType: string, resourceUri = uri(), resourceProvider = 'Microsoft.ContainerInstance') {
  const operationName = 'Microsoft.ContainerInstance/containerGroups/write';
  return { id: 'event-1', eventType, eventTime: LATER, data: { resourceProvider, resourceUri, operationName } };
}

function monitor(state: object | undefined, allowedResourceGroups?: string[]) {
  const client = createFakeDurableClient();
  const containerGroups = createFakeContainerGroups();
  if (state !== undefined) {
    client.entities.set(KEY, state);
  }
  const dependencies: MonitorDependencies = {
    containerGroups,
    now: () => Date.parse(LATER),
    subscriptionId: SUBSCRIPTION,
    allowedResourceGroups,
  };
  return { client, containerGroups, take: (event: unknown) => takeEvent(event, client, dependencies) };
}

describe('an event', () => {
  test.each([
    ['of a group that is being created', creating, 'provision:games:game-1'],
    ['of a group that is being deleted', beingDeleted, 'delete:games:game-1'],
  ])('%s wakes what waits for it', async (_, state, instanceId) => {
    const { client, take } = monitor(state);
    expect(await take(eventOf(WRITE))).toBe('raised');
    expect(client.raised).toEqual([{ event: 'resourceChanged', instanceId, data: {} }]);
    expect(client.signals).toEqual([]);
  });

  test('of a group that a newer version wrote is left to that', async () => {
    const { client, take } = monitor({ ...running, schemaVersion: 2 });
    expect(await take(eventOf(DELETE))).toBe('newerState');
    expect([client.raised, client.signals]).toEqual([[], []]);
  });

  test('finds its group in whatever letter case the service writes names', async () => {
    const { take } = monitor(creating);
    expect(await take(eventOf(WRITE.toUpperCase(), uri('GAME-1').toUpperCase(), 'MICROSOFT.CONTAINERINSTANCE'))).toBe(
      'raised',
    );
  });

  test('of something below the group is one of the group', async () => {
    const { take } = monitor(creating);
    expect(await take(eventOf(WRITE, `${uri()}/containers/game/exec`))).toBe('raised');
  });

  test.each([running, marked, failed])('of a write is not needed for a group that is $state', async (state) => {
    const { client, take } = monitor(state);
    expect(await take(eventOf(WRITE))).toBe('notNeeded');
    expect(client.signals).toEqual([]);
  });
});

describe('an event of a deletion that nobody here asked for', () => {
  test('is believed once ARM has the resource no more', async () => {
    const { client, containerGroups, take } = monitor(running);
    expect(await take(eventOf(DELETE))).toBe('absenceRecorded');
    expect(containerGroups.calls).toEqual(['observe game-1']);
    expect(client.signals).toEqual([
      {
        key: KEY,
        operation: 'recordAbsence',
        input: { at: LATER, incarnation: 'first', cause: 'event event-1' },
      },
    ]);
  });

  test('is believed when ARM has another resource of that name by now', async () => {
    const { containerGroups, take } = monitor(running);
    await containerGroups.create({ ...running, incarnation: 'second' }, { osType: 'Linux', containers: [] });
    expect(await take(eventOf(DELETE))).toBe('absenceRecorded');
  });

  test('makes a failure of a group whose name a resource has that does not say whose it is', async () => {
    const { client, containerGroups, take } = monitor(running);
    await containerGroups.create({ ...running, incarnation: '' }, { osType: 'Linux', containers: [] });
    expect(await take(eventOf(DELETE))).toBe('tagMissingRecorded');
    const input = { at: LATER, incarnation: 'first', cause: 'event event-1' };
    expect(client.signals).toEqual([{ key: KEY, operation: 'recordTagMissing', input }]);
  });

  test('is not believed while ARM has the resource: it was late, or a lie', async () => {
    const { client, containerGroups, take } = monitor(running);
    await containerGroups.create(running, { osType: 'Linux', containers: [] });
    expect(await take(eventOf(DELETE))).toBe('notNeeded');
    expect(client.signals).toEqual([]);
  });

  test('is about an earlier group when it happened before this one was created', async () => {
    const { client, containerGroups, take } = monitor(failed);
    const early = new Date(Date.parse(failed.createdAt) - 1).toISOString();
    expect(await take({ ...eventOf(DELETE), eventTime: early })).toBe('notNeeded');
    expect([...client.signals, ...containerGroups.calls]).toEqual([]);
  });

  test.each([undefined, 'some time'])('is looked up in ARM when its time is %s', async (eventTime) => {
    const { take } = monitor(running);
    const { eventTime: _, ...event } = eventOf(DELETE);
    expect(await take(eventTime === undefined ? event : { ...event, eventTime })).toBe('absenceRecorded');
  });

  test('is thrown back to be delivered again when ARM does not answer', async () => {
    const { containerGroups, take } = monitor(running);
    containerGroups.failNext({ ok: false, failure: { code: 'armUnavailable', message: 'No answer.' } });
    await expect(take(eventOf(DELETE))).rejects.toThrow(/game-1 was deleted could not be verified: No answer/);
    expect(await take(eventOf(DELETE))).toBe('absenceRecorded');
  });
});

describe('an event is ignored', () => {
  test.each<[string, unknown, string]>([
    ['that is no event', 'event', 'malformed'],
    ['without data', { id: '1', eventType: WRITE }, 'malformed'],
    ['with an endless id', { ...eventOf(WRITE), id: 'x'.repeat(201) }, 'malformed'],
    ['of another provider', eventOf(WRITE, uri(), 'Microsoft.Storage'), 'unknownProvider'],
    ['of a type that we do not know', eventOf('Microsoft.Resources.ResourceMoved'), 'unknownType'],
    ['of another kind of resource', eventOf(WRITE, '/subscriptions/s/resourceGroups/Games'), 'unknownGroup'],
    ['of a group that Azure could not have', eventOf(WRITE, uri('game--1')), 'unknownGroup'],
    ['of a group that we do not know', eventOf(WRITE, uri('other')), 'unknownGroup'],
    ['of another subscription', eventOf(WRITE, uri('game-1', 'Games', 'other')), 'foreign'],
    ['of a resource group that is not allowed', eventOf(WRITE, uri('game-1', 'Lobby')), 'foreign'],
  ])('%s', async (_, event, outcome) => {
    const { client, containerGroups, take } = monitor(running, ['games']);
    expect(await take(event)).toBe(outcome);
    expect([...client.raised, ...client.signals, ...containerGroups.calls]).toEqual([]);
  });
});
