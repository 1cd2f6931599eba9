import type { EntityContext } from 'durable-functions';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { containerGroupEntity, operationReplySchema } from '../../src/contracts/container-group.ts';
import { defineEntity } from '../../src/contracts/contract.ts';
import { containerGroupSchema, type ContainerGroup } from '../../src/domain/group/container-group.ts';
import { containerGroupOperations, replyOfNewerGroup } from '../../src/entities/container-group.ts';
import { df, openTestHub, type TestHub } from '../conformance/durable/fixture.ts';

// After the fixture, which stands in for the core of the worker that it asks for.
const { runOperation } = await import('../../src/durable/entity.ts');

const KEY = 'games:game-1';
const incarnation = 'first';
const cause = 'a test';
const at = '2026-11-24T10:00:00.000Z';

/** What the next versions know of a group and this one does not. */
const seatsSchema = z.looseObject({ held: z.int() });
const state = z.intersection(containerGroupSchema, z.looseObject({ seats: seatsSchema.exactOptional() }));
type Group = ContainerGroup & { seats?: z.infer<typeof seatsSchema> };

/** The next version, which holds seats; its schema has a field more, and is no other one. */
const next = defineEntity('containerGroup', {
  schemaVersion: 1,
  migrations: {},
  state,
  operations: { ...containerGroupEntity.operations, hold: { input: z.object({}), reply: operationReplySchema } },
});
const nextOperations = { ...containerGroupOperations, hold };

/** The version after that, with another schema: every group has seats. */
const afterNext = defineEntity('containerGroup', {
  ...next,
  schemaVersion: 2,
  migrations: { 1: (older) => ({ seats: { held: 0 }, ...z.looseObject({}).parse(older) }) },
});

const apps = {
  today: (context: EntityContext<unknown>) =>
    runOperation(containerGroupEntity, containerGroupOperations, replyOfNewerGroup, context),
  next: (context: EntityContext<unknown>) => runOperation(next, nextOperations, replyOfNewerGroup, context),
  afterNext: (context: EntityContext<unknown>) => runOperation(afterNext, nextOperations, replyOfNewerGroup, context),
};
type Version = keyof typeof apps;

/** Which of the versions runs the entity now: a host is one of them, and they share the store. */
let running: Version = 'today';
df.app.entity(containerGroupEntity.name, (context) => apps[running](context));
df.app.orchestration('askGroup', function* (context) {
  const { operation, input } = z.object({ operation: z.string(), input: z.unknown() }).parse(context.df.getInput());
  return yield context.df.callEntity(new df.EntityId(containerGroupEntity.name, KEY), operation, input);
});

let hub: TestHub;

beforeEach(async () => {
  hub = openTestHub();
  await by('today', 'create', {
    resourceGroup: 'Games',
    containerGroupName: 'game-1',
    location: 'westeurope',
    creation: { requestDigest: 'digest' },
    tokenDigest: 'token',
  });
  return () => hub[Symbol.asyncDispose]();
});

/** Has one version run an operation. */
async function by(
  version: Version,
  operation: string,
  more: object = {},
): Promise<z.infer<typeof operationReplySchema>> {
  running = version;
  const id = await hub.start('askGroup', { operation, input: { at, incarnation, cause, ...more } });
  const { output } = await hub.finish(id);
  return operationReplySchema.parse(output);
}

async function stored(): Promise<unknown> {
  return (await hub.request('GET', `entities/${containerGroupEntity.name}/${KEY}`)).json;
}

function hold(group: Group | undefined) {
  const seats = { ...group?.seats, held: (group?.seats?.held ?? 0) + 1, by: ['player-1'] };
  const outcome: 'changed' = 'changed' as const;
  return { state: group && { ...group, seats }, reply: { outcome } };
}

const endpoint = { publicIP: '20.0.0.1', zone: 'b', ports: [{ port: 7777, protocol: 'SCTP', name: 'game' }] };

test('two versions of one schema work on a group in turn, and neither loses what the other wrote', async () => {
  await by('next', 'provisioned', { endpoint });
  await by('next', 'hold');
  await by('today', 'reportSessions', { activeSessions: 2, sequence: 1, bootId: 'a' });
  await by('today', 'rotateToken', { generation: 2, tokenDigest: 'token-2', graceUntil: at });
  await by('next', 'hold');
  expect((await by('today', 'mark', { commandId: 'c1' })).group).toMatchObject({
    state: 'MarkedForDeletion',
    ports: [{ port: 7777, protocol: 'SCTP' }],
  });
  expect(await stored()).toMatchObject({
    state: 'MarkedForDeletion',
    activeSessions: 2,
    endpoint,
    seats: { held: 2, by: ['player-1'] },
    token: { generation: 2 },
  });
  expect(await stored()).not.toHaveProperty('schemaVersion');
});

test('a failure that only the next version knows is still there after this one worked on the group', async () => {
  const failure = { code: 'outOfSeats', message: 'All seats are held.', since: at };
  await by('next', 'provisioned', { endpoint });
  await by('next', 'fail', { commandId: 'c1', failure });
  expect((await by('today', 'look')).group).toMatchObject({ state: 'Failed', failure: { code: 'outOfSeats' } });
  await by('today', 'reportSessions', { activeSessions: 0 });
  expect(await by('today', 'beginDelete', { mode: 'graceful', sessionsStaleAfterMs: 1 })).toMatchObject({
    refusal: { code: 'groupFailed' },
  });
  expect(await by('today', 'beginDelete', { mode: 'force', sessionsStaleAfterMs: 1 })).toMatchObject({
    outcome: 'changed',
  });
  expect(await stored()).toMatchObject({ failure, endpoint, deletion: { cause } });
});

test('a look or a refused command of the version after that migrates nothing', async () => {
  const before = await stored();
  expect(await by('afterNext', 'look')).toMatchObject({ outcome: 'unchanged', group: { state: 'Creating' } });
  expect(await by('afterNext', 'finishDelete')).toMatchObject({ refusal: { code: 'deletionNotBegun' } });
  expect(await stored()).toEqual(before);
});

test('a group of a newer schema is left alone by this version, and goes on when the newer one is back', async () => {
  await by('today', 'provisioned', { endpoint });
  await by('afterNext', 'reportSessions', { activeSessions: 1 });
  const migrated = await stored();
  expect(migrated).toMatchObject({ schemaVersion: 2, seats: { held: 0 }, activeSessions: 1 });

  const commands: Record<string, object> = {
    create: {
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      location: 'x',
      creation: { requestDigest: 'd' },
      tokenDigest: 't',
    },
    provisioned: { endpoint },
    failProvisioning: { failure: { code: 'internal', message: 'm' } },
    reportSessions: { activeSessions: 0 },
    rotateToken: { generation: 2, tokenDigest: 't', graceUntil: at },
    mark: { commandId: 'c1' },
    fail: { commandId: 'c2', failure: { code: 'setFailed', message: 'm' } },
    beginDelete: { mode: 'force', sessionsStaleAfterMs: 1 },
    finishDelete: {},
    enforceDeadline: { deadlineMs: 1 },
    enforceLimits: {},
    recordAbsence: {},
    recordTagMissing: {},
    adopt: { resourceGroup: 'Games', containerGroupName: 'game-1', location: 'x', tokenDigest: 't', endpoint },
    recordEndpoint: { endpoint },
    recordFailure: { failure: { code: 'provisioningFailed', message: 'm' } },
    recordInspection: { restarts: { since: at, containers: [] } },
    restore: { endpoint: { ports: [] } },
    look: {},
  };
  expect(Object.keys(commands).toSorted()).toEqual(Object.keys(containerGroupEntity.operations).toSorted());
  for (const [operation, input] of Object.entries(commands)) {
    expect(await by('today', operation, input)).toMatchObject({ outcome: 'refused', refusal: { code: 'newerState' } });
  }
  expect(await stored()).toEqual(migrated);

  await by('afterNext', 'hold');
  expect(await by('afterNext', 'beginDelete', { mode: 'force', sessionsStaleAfterMs: 1 })).toMatchObject({
    group: { state: 'MarkedForDeletion' },
  });
  await by('afterNext', 'finishDelete');
  expect(await by('today', 'look')).toEqual({ outcome: 'unchanged' });
});
