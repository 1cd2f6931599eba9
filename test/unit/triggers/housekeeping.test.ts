import { describe, expect, test } from 'vitest';
import { emptyReport } from '../../../src/domain/sweep/garbage.ts';
import { LOOK_GOOD_FOR_MS } from '../../../src/domain/sweep/at-rest.ts';
import { addMs, toInstant } from '../../../src/domain/time.ts';
import { purgeHistories, restartEternalOrchestrations } from '../../../src/triggers/housekeeping.ts';
import { createFakeDurableClient, type FakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';
import { BORN } from '../domain/group/group-fixture.ts';

const INSTANCE_ID = 'collect-garbage';

async function restart(instance: FakeInstance | undefined, minute = 3) {
  const client = createFakeDurableClient();
  const log: string[] = [];
  const errors: string[] = [];
  client.instances.set('reconcile', {
    input: { number: 3 },
    lastUpdatedTime: toInstant(Date.parse(BORN) + minute * 60_000),
  });
  client.instances.set('inspect', { input: { number: 3 } });
  if (instance !== undefined) {
    client.instances.set(INSTANCE_ID, instance);
  }
  await restartEternalOrchestrations(client, {
    now: () => Date.parse(BORN) + minute * 60_000,
    log: {
      info: (message) => message.startsWith('The reconciliation ') || log.push(message),
      error: (message) => errors.push(message),
    },
    sweepIntervalMs: 300_000,
    reconcileIntervalMs: 300_000,
    inspectIntervalMs: 300_000,
  });
  return { log, errors, numbers: client.started.map(({ instanceId, input }) => ({ instanceId, input })) };
}

describe('the eternal sweep', () => {
  test('is started when there is none, without a word', async () => {
    const { log, numbers } = await restart(undefined);
    expect(numbers).toEqual([{ instanceId: INSTANCE_ID, input: { number: 1 } }]);
    expect(log).toEqual([]);
  });

  test('is left alone while it runs', async () => {
    expect((await restart({ input: { number: 3 } })).numbers).toEqual([]);
  });

  test('is said to go on while it does, every third minute', async () => {
    const status = { number: 9, phase: 'waiting', last: emptyReport(8, BORN) };
    const said = [];
    for (const minute of [0, 1, 2, 3, 4]) {
      said.push(await restart({ lastUpdatedTime: BORN, status }, minute));
    }
    const line = 'The sweep goes on: sweep 8 collected 0, kept 0, failed with 0.';
    expect(said.map(({ log }) => log)).toEqual([[line], [], [], [line], []]);
    expect(said.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('is said to be stuck, as an error, when nothing has come of it for its interval and more', async () => {
    const { log, errors } = await restart({ lastUpdatedTime: addMs(BORN, -900_000) }, 4);
    expect(log).toEqual([]);
    expect(errors).toEqual(['The sweep is stuck: nothing has come of it for 19.0 min.']);
  });

  test('is started again when it ended, with the number after its last sweep and its report', async () => {
    const status = { number: 9, phase: 'waiting', last: emptyReport(9, BORN) };
    const { log, numbers } = await restart({
      input: { number: 8 },
      status,
      isFinished: true,
      runtimeStatus: 'Terminated',
    });
    expect(numbers).toEqual([{ instanceId: INSTANCE_ID, input: { number: 10, last: emptyReport(9, BORN) } }]);
    expect(log).toEqual(['The eternal sweep had ended as Terminated; it was started again with sweep 10.']);
  });

  test('is started again with the number after its input when it never published one', async () => {
    const { numbers } = await restart({ input: { number: 8 }, isFinished: true, runtimeStatus: 'Failed' });
    expect(numbers).toEqual([{ instanceId: INSTANCE_ID, input: { number: 9 } }]);
  });

  test('is started again with what can be read of it: a number alone, when the report is of another shape', async () => {
    const { numbers } = await restart({
      input: { number: 'eight', last: emptyReport(7, BORN) },
      status: { number: 9, phase: 'resting', last: { number: 8, collected: 'all' } },
      output: { an: 'end' },
      runtimeStatus: 'Completed',
    });
    expect(numbers).toEqual([{ instanceId: INSTANCE_ID, input: { number: 10, last: emptyReport(7, BORN) } }]);
  });

  test.each([
    ['texts', { input: 'x', status: 'y', output: 'z' }],
    ['nothing', { input: null, status: null, output: null }],
    ['lists', { input: [1], status: [{ number: 3 }], output: [] }],
    ['numbers that count nothing', { input: { number: -3 }, status: { number: 1.5 }, output: 0 }],
  ])('is started again from one when its input, status and output are %s', async (_, parts) => {
    const { numbers } = await restart({ ...parts, runtimeStatus: 'Failed' });
    expect(numbers).toEqual([{ instanceId: INSTANCE_ID, input: { number: 1 } }]);
  });

  test('is left alone while it runs, whatever it publishes', async () => {
    expect((await restart({ input: 'x', status: 'y' })).numbers).toEqual([]);
  });
});

test('the eternal inspection is started also when the sweep and the reconciliation cannot be looked at', async () => {
  const client = createFakeDurableClient();
  const { status } = client;
  client.status = async (orchestrator, instanceId) => {
    if (instanceId !== 'inspect') {
      throw new Error('The store does not answer.');
    }
    return status(orchestrator, instanceId);
  };
  const log = { info: () => undefined, error: () => undefined };
  const settings = {
    now: () => Date.parse(BORN),
    log,
    sweepIntervalMs: 300_000,
    reconcileIntervalMs: 300_000,
    inspectIntervalMs: 300_000,
  };
  await expect(restartEternalOrchestrations(client, settings)).rejects.toThrow('The store does not answer.');
  expect(client.started).toMatchObject([{ instanceId: 'inspect' }]);
});

describe('an orchestration that has ended', () => {
  const now = Date.parse(BORN);
  const hoursAgo = (hours: number): string => toInstant(now - hours * 3_600_000);

  async function purge(client: FakeDurableClient, clock = () => now): Promise<string[]> {
    const log: string[] = [];
    await purgeHistories(client, {
      now: clock,
      log: (message) => log.push(message),
      historyRetentionMs: 3_600_000,
    });
    return log;
  }

  test('is purged by its id once its end, and not its beginning, is older than the retention time', async () => {
    const client = createFakeDurableClient();
    client.rows.set('provision:games:old', { createdTime: hoursAgo(3), lastUpdatedTime: hoursAgo(2) });
    client.rows.set('provision:games:long', { createdTime: hoursAgo(48), lastUpdatedTime: hoursAgo(0.5) });
    client.rows.set('collect-garbage', { createdTime: hoursAgo(48), lastUpdatedTime: hoursAgo(2), isOver: false });
    expect(await purge(client)).toEqual(['1 ended orchestrations were purged.']);
    expect([...client.rows.keys()]).toEqual(['provision:games:long', 'collect-garbage']);
  });

  test('stays when the look at it has grown old', async () => {
    const client = createFakeDurableClient();
    client.rows.set('provision:games:old', { lastUpdatedTime: hoursAgo(2) });
    let at = now;
    const { row } = client;
    client.row = async (...asked) => {
      at += LOOK_GOOD_FOR_MS;
      return row(...asked);
    };
    expect(await purge(client, () => at)).toEqual([]);
    expect(client.rows.size).toBe(1);
  });

  test('stays when another was started under its id since the list was read', async () => {
    const client = createFakeDurableClient();
    client.rows.set('provision:games:again', { lastUpdatedTime: hoursAgo(2) });
    const { endedRows } = client;
    client.endedRows = async (...asked) => {
      const page = await endedRows(...asked);
      client.rows.set('provision:games:again', { lastUpdatedTime: hoursAgo(0), isOver: false });
      return page;
    };
    expect(await purge(client)).toEqual([]);
    expect(client.rows.size).toBe(1);
  });
});
