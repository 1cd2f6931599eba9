import { expect, test } from 'vitest';
import type { DurableClient } from '../../../../src/durable/durable-client.ts';
import { createKnownGroups, KNOWN_FOR_MS } from '../../../../src/triggers/http/known-groups.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { creating, failed, marked, running } from '../../domain/group/group-fixture.ts';

const KEY = 'games:game-1';
let elapsedMs = 0;

function clientWith(state: object | undefined): FakeDurableClient {
  const client = createFakeDurableClient();
  if (state !== undefined) {
    client.entities.set(KEY, state);
  }
  return client;
}

test('a running group is known for a second after it was read', async () => {
  let nowMs = 0;
  const known = createKnownGroups(
    () => nowMs,
    () => 0,
  );
  expect(known.find(KEY)).toBeUndefined();
  await known.read(clientWith(running), KEY);
  nowMs = KNOWN_FOR_MS - 1;
  expect(known.find(KEY)).toEqual(running);
  nowMs = KNOWN_FOR_MS;
  expect(known.find(KEY)).toBeUndefined();
});

test.each([
  ['the clock was set back', () => 0, () => elapsedMs],
  ['the machine slept', () => elapsedMs, () => 0],
])('a group is known no longer than a second, though %s', async (_, now, steadyNow) => {
  elapsedMs = 0;
  const known = createKnownGroups(now, steadyNow);
  await known.read(clientWith(running), KEY);
  elapsedMs = KNOWN_FOR_MS;
  expect(known.find(KEY)).toBeUndefined();
});

test('the second begins with the reading, however long that takes', async () => {
  let nowMs = 0;
  const known = createKnownGroups(
    () => nowMs,
    () => 0,
  );
  const client = clientWith(running);
  const slow: Pick<DurableClient, 'readAny'> = {
    readAny: async (entity, key) => {
      nowMs = KNOWN_FOR_MS;
      return client.readAny(entity, key);
    },
  };
  expect(await known.read(slow, KEY)).toEqual({ is: 'known', state: running });
  expect(known.find(KEY)).toBeUndefined();
});

test.each([
  ['is created', creating],
  ['is marked', marked],
  ['has failed', failed],
  ['is not there', undefined],
])('a group that %s is never known, also where it was before', async (_, state) => {
  const known = createKnownGroups(
    () => 0,
    () => 0,
  );
  await known.read(clientWith(running), KEY);
  await known.read(clientWith(state), KEY);
  expect(known.find(KEY)).toBeUndefined();
});

test('what a newer version wrote is never known', async () => {
  const known = createKnownGroups(
    () => 0,
    () => 0,
  );
  await known.read(clientWith({ ...running, schemaVersion: 9 }), KEY);
  expect(known.find(KEY)).toBeUndefined();
});

test('a report is known with the group, which grows no younger by it', async () => {
  let nowMs = 0;
  const known = createKnownGroups(
    () => nowMs,
    () => 0,
  );
  await known.read(clientWith(running), KEY);
  nowMs = KNOWN_FOR_MS - 1;
  known.noteReport({ ...running, activeSessions: 3 }, KEY);
  expect(known.find(KEY)).toMatchObject({ activeSessions: 3 });
  nowMs = KNOWN_FOR_MS;
  expect(known.find(KEY)).toBeUndefined();
});

test('a report to an earlier group of the name changes nothing', async () => {
  const known = createKnownGroups(
    () => 0,
    () => 0,
  );
  await known.read(clientWith(running), KEY);
  known.noteReport({ ...running, incarnation: 'zeroth', activeSessions: 3 }, KEY);
  known.noteReport({ ...running, activeSessions: 3 }, 'games:another');
  expect(known.find(KEY)).toEqual(running);
  expect(known.find('games:another')).toBeUndefined();
});

test('of many groups those that were read last are known', async () => {
  const known = createKnownGroups(
    () => 0,
    () => 0,
  );
  const client = createFakeDurableClient();
  for (let number = 0; number <= 2_000; number += 1) {
    client.entities.set(`games:${number}`, running);
    await known.read(client, `games:${number}`);
  }
  expect(known.find('games:0')).toBeUndefined();
  expect(known.find('games:1')).toEqual(running);
  expect(known.find('games:2000')).toEqual(running);
});

test('a group that this process is about to change is known no longer', async () => {
  const known = createKnownGroups(
    () => 0,
    () => 0,
  );
  await known.read(clientWith(running), KEY);
  known.forget(KEY);
  expect(known.find(KEY)).toBeUndefined();
});
