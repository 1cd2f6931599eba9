import { describe, expect, test } from 'vitest';
import { emptyReconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import { restartEternalOrchestrations } from '../../../src/triggers/housekeeping.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { createFakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';

const instanceId = 'reconcile';

async function restart(instance: FakeInstance | undefined, minute = 1) {
  const client = createFakeDurableClient();
  const log: string[] = [];
  const errors: string[] = [];
  client.instances.set('collect-garbage', { lastUpdatedTime: BORN, input: { number: 3 } });
  client.instances.set('inspect', { input: { number: 3 } });
  if (instance !== undefined) {
    client.instances.set(instanceId, instance);
  }
  await restartEternalOrchestrations(client, {
    now: () => Date.parse(BORN) + minute * 60_000,
    log: {
      info: (message) => message.startsWith('The sweep ') || log.push(message),
      error: (message) => errors.push(message),
    },
    sweepIntervalMs: 3_600_000,
    reconcileIntervalMs: 300_000,
    inspectIntervalMs: 300_000,
  });
  return { log, errors, started: client.started.map((each) => ({ instanceId: each.instanceId, input: each.input })) };
}

describe('the eternal reconciliation', () => {
  test('is started when there is none, without a word', async () => {
    expect(await restart(undefined)).toEqual({ log: [], errors: [], started: [{ instanceId, input: { number: 1 } }] });
  });

  test.each([
    ['with a number', { input: { number: 3 } }],
    ['whatever it publishes', { input: 'x', status: 'y' }],
  ])('is left alone while it runs, %s', async (_, instance) => {
    expect((await restart(instance)).started).toEqual([]);
  });

  test('is said to go on while it does, every third minute', async () => {
    const status = { number: 9, phase: 'waiting', last: emptyReconciliation(8, BORN) };
    const said = [];
    for (const minute of [0, 1, 2, 3, 4]) said.push(await restart({ lastUpdatedTime: BORN, status }, minute));
    const line =
      'The reconciliation goes on: reconciliation 8 compared 0, found 0 ghosts, 0 orphans, 0 differences, failed with 0.';
    expect(said.map(({ log }) => log)).toEqual([[line], [], [], [line], []]);
    expect(said.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('is said to be stuck, as an error, when nothing has come of it for its interval and more', async () => {
    const { log, errors } = await restart({ lastUpdatedTime: BORN }, 16);
    expect(log).toEqual([]);
    expect(errors).toEqual(['The reconciliation is stuck: nothing has come of it for 16.0 min.']);
  });

  test('is started again when it ended, with the number after its last one and its report', async () => {
    const last = emptyReconciliation(9, BORN);
    const { log, started } = await restart({
      input: { number: 8 },
      status: { number: 9, phase: 'waiting', last },
      isFinished: true,
      runtimeStatus: 'Terminated',
    });
    expect(started).toEqual([{ instanceId, input: { number: 10, last } }]);
    expect(log).toEqual([
      'The eternal reconciliation had ended as Terminated; it was started again with reconciliation 10.',
    ]);
  });

  test.each([
    ['texts', { input: 'x', status: 'y', output: 'z' }],
    ['nothing', { input: null, status: null, output: null }],
    ['numbers that count nothing', { input: { number: -3 }, status: { number: 1.5 }, output: 0 }],
  ])('is started again from one when its input, status and output are %s', async (_, parts) => {
    const { started } = await restart({ ...parts, runtimeStatus: 'Failed' });
    expect(started).toEqual([{ instanceId, input: { number: 1 } }]);
  });
});
