import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { createKnownGroups } from '../../../../src/triggers/http/known-groups.ts';
import { createReportOutbox } from '../../../../src/triggers/http/report-outbox.ts';
import {
  createReportSender,
  invalidReport,
  parseReport,
  requireAnyDone,
  type ReportSender,
} from '../../../../src/triggers/http/session-reports.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { beingDeleted, LATER, marked, running, silent } from '../../domain/group/group-fixture.ts';

const RECEIPT = { process: 'p', number: 1 };
const KEY = 'games:game-1';
const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const report = { ...id, activeSessions: 3 };

function senderOf(client: FakeDurableClient): ReportSender {
  const memory = { known: createKnownGroups(() => 0), outbox: createReportOutbox() };
  return createReportSender({ client, cause: 'request 7' }, 'server', memory);
}

/** What is reported is no more than it has. */
const busy: ContainerGroup = { ...marked, activeSessions: 3 };

describe('an item of a request', () => {
  test('that is good is a report', () => {
    expect(parseReport({ ...report, sequence: 1, bootId: 'a' })).toEqual({
      report: { ...report, sequence: 1, bootId: 'a' },
    });
  });

  test('tells when its boot began as a moment in UTC', () => {
    expect(parseReport({ ...report, bootedAt: '2026-11-24T10:00:00Z' })).toMatchObject({ report: {} });
    expect(parseReport({ ...report, bootedAt: 'yesterday' })).toMatchObject({
      violations: [{ field: 'bootedAt', expected: 'a moment in UTC, such as 2026-11-24T10:00:00Z' }],
    });
  });

  test('that is bad keeps the group that it names', () => {
    const parsed = parseReport({ ...report, activeSessions: -1 });
    expect(parsed).toEqual({
      violations: [{ field: 'activeSessions', expected: 'at least 0' }],
      id: { resourceGroup: 'Games', containerGroupName: 'game-1' },
    });
  });

  test.each([
    ['text', 'all'],
    ['a name that Azure could not have', { ...report, containerGroupName: '<b>' }],
  ])('that is %s names no group', (_, item) => {
    expect(parseReport(item)).toMatchObject({ id: {} });
  });

  test('that is bad has its first fault as its result', () => {
    const parsed = { violations: [{ field: 'activeSessions', expected: 'at least 0' }], id: {} };
    expect(invalidReport(parsed)).toEqual({ status: 'invalid', detail: 'activeSessions: expected at least 0.' });
  });
});

describe('a report', () => {
  const send = (client = createFakeDurableClient(), group: ContainerGroup = running, sequence = 2) => {
    const { send: sendReport } = senderOf(client);
    return sendReport({ ...report, sequence }, group, { at: LATER, receipt: RECEIPT });
  };

  test('goes to the entity with the incarnation that was read', async () => {
    const client = createFakeDurableClient();
    expect(await send(client, busy)).toMatchObject({ status: 'accepted', state: 'MarkedForDeletion' });
    expect(client.signals).toEqual([
      {
        key: 'games:game-1',
        operation: 'reportSessions',
        input: {
          at: LATER,
          receipt: RECEIPT,
          source: 'server',
          cause: 'request 7',
          incarnation: 'first',
          activeSessions: 3,
          sequence: 2,
        },
      },
    ]);
  });

  test('is never older than what is known, though the clock is behind', async () => {
    const client = createFakeDurableClient();
    const ahead = addMs(LATER, 5_000);
    expect(await send(client, { ...running, lastReport: { at: ahead } })).toMatchObject({ status: 'accepted' });
    expect(client.signals).toMatchObject([{ input: { at: ahead, receipt: RECEIPT } }]);
  });

  test('that is older than what is known goes nowhere', async () => {
    const client = createFakeDurableClient();
    const result = await send(client, { ...running, lastReport: { at: LATER, sequence: 2 } });
    expect(result).toMatchObject({ status: 'stale', state: 'Running' });
    expect(result.detail).toContain('Sequence 2 is not after 2');
    expect(client.signals).toEqual([]);
  });

  test('of a group whose deletion has begun is refused, and goes nowhere', async () => {
    const client = createFakeDurableClient();
    expect(await send(client, beingDeleted)).toMatchObject({ status: 'refused', state: 'MarkedForDeletion' });
    expect(client.signals).toEqual([]);
  });

  test('that could not be stored is no success', async () => {
    const client = createFakeDurableClient();
    client.failNext(new Error('The queue is away.'));
    await expect(send(client)).rejects.toThrow('The queue is away.');
  });
});

describe('a report to a group that was known a moment ago', () => {
  const playing: ContainerGroup = { ...running, activeSessions: 2, lastReport: { at: LATER, sequence: 2 } };
  const received = { at: LATER, receipt: RECEIPT };

  test.each([
    ['goes to the entity at once', playing, { activeSessions: 3, sequence: 3 }, 'accepted'],
    [
      'goes to the entity at once when it ends the last session',
      playing,
      { activeSessions: 0, sequence: 3 },
      'accepted',
    ],
    ['has it read anew when it seems to be too late', playing, { activeSessions: 3, sequence: 2 }, undefined],
    [
      'has it read anew when somebody joins an empty server',
      { ...playing, activeSessions: 0 },
      { activeSessions: 1, sequence: 3 },
      undefined,
    ],
  ])('%s', async (_, group, counts, status) => {
    const client = createFakeDurableClient();
    const result = await senderOf(client).sendIfKnown({ ...id, ...counts }, group, received);
    expect(result?.status).toBe(status);
    expect(client.signals).toHaveLength(status === undefined ? 0 : 1);
  });

  test('has it read anew when somebody joins a server that the same request has just called empty', async () => {
    const client = createFakeDurableClient();
    const { sendIfKnown } = senderOf(client);
    expect(await sendIfKnown({ ...id, activeSessions: 0, sequence: 3 }, playing, received)).toBeDefined();
    expect(await sendIfKnown({ ...id, activeSessions: 1, sequence: 4 }, playing, received)).toBeUndefined();
  });
});

describe('a report that raises the count of a group that a sweep may delete', () => {
  const sender = (client: FakeDurableClient) => senderOf(client).send;
  const received = (number: number) => ({ at: LATER, receipt: { process: 'p', number } });
  const taken: ContainerGroup = {
    ...marked,
    activeSessions: 3,
    lastReport: { at: LATER, source: 'server', receipts: [RECEIPT] },
  };

  test('is answered once the entity has taken it', async () => {
    const client = createFakeDurableClient();
    client.entities.set(KEY, marked);
    let isAnswered = false;
    const answer = sender(client)(report, marked, received(1)).finally(() => {
      isAnswered = true;
    });
    await expect.poll(() => client.signals.length).toBe(1);
    expect(isAnswered).toBe(false);
    client.entities.set(KEY, taken);
    expect(await answer).toEqual({ ...id, status: 'accepted', state: 'MarkedForDeletion' });
  });

  test.each([
    ['the deletion began before it', beingDeleted, { state: 'MarkedForDeletion' }],
    ['the group is gone', undefined, {}],
    ['another group has its name', { ...running, incarnation: 'second' }, { state: 'Running' }],
  ])('is refused when %s', async (_, after, shown) => {
    const client = createFakeDurableClient();
    if (after !== undefined) {
      client.entities.set(KEY, after);
    }
    expect(await sender(client)(report, marked, received(1))).toEqual({
      ...id,
      ...shown,
      status: 'refused',
      detail: 'The deletion of game-1 has begun: nobody can join it any more.',
    });
  });

  test('is refused when the sweep has begun to delete a failed group before it', async () => {
    const client = createFakeDurableClient();
    client.entities.set(KEY, { ...silent, deletion: { requestedAt: LATER, cause: 'sweep 1' } });
    expect(await sender(client)(report, silent, received(1))).toMatchObject({ state: 'Failed', status: 'refused' });
  });

  test('is left to a newer version of the app that has written the group meanwhile', async () => {
    const client = createFakeDurableClient();
    client.entities.set(KEY, { ...marked, schemaVersion: 9 });
    expect(await sender(client)(report, marked, received(1))).toMatchObject({ status: 'newerState' });
  });

  test('is one that raises what the same request has just lowered', async () => {
    const client = createFakeDurableClient();
    const send = sender(client);
    expect(await send({ ...report, activeSessions: 0 }, taken, received(2))).toMatchObject({ status: 'accepted' });
    client.entities.set(KEY, beingDeleted);
    expect(await send({ ...report, activeSessions: 1 }, taken, received(3))).toMatchObject({ status: 'refused' });
  });
});

describe('a request of which', () => {
  test.each(['newerState', 'commandPending'] as const)('every item is %s is refused as a whole', (status) => {
    expect(() => requireAnyDone([{ status, detail: 'Later.' }, { status }])).toThrow('Later.');
    expect(() => requireAnyDone([{ status }, { status: 'invalid' }])).not.toThrow();
  });
});

test.each(['accepted', 'unknownGroup', 'refused'] as const)('a request that is %s is answered', (status) => {
  expect(() => requireAnyDone([{ status }])).not.toThrow();
});
