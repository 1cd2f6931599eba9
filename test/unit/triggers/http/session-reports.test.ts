import { describe, expect, test } from 'vitest';
import { addMs } from '../../../../src/domain/time.ts';
import { parseReport, invalidReport, sendReport } from '../../../../src/triggers/http/session-reports.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';
import { LATER, marked, running } from '../../domain/group/group-fixture.ts';

const RECEIPT = { process: 'p', number: 1 };
const report = { resourceGroup: 'Games', containerGroupName: 'game-1', activeSessions: 3 };

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
  const send = (client = createFakeDurableClient(), group: typeof running | typeof marked = running, sequence = 2) => {
    const request = { client, invocationId: '7' };
    return sendReport(request, { ...report, sequence }, group, { at: LATER, receipt: RECEIPT, source: 'server' });
  };

  test('goes to the entity with the incarnation that was read', async () => {
    const client = createFakeDurableClient();
    expect(await send(client, marked)).toMatchObject({ status: 'accepted', state: 'MarkedForDeletion' });
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

  test('that could not be stored is no success', async () => {
    const client = createFakeDurableClient();
    client.failNext(new Error('The queue is away.'));
    await expect(send(client)).rejects.toThrow('The queue is away.');
  });
});
