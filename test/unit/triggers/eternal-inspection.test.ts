import { describe, expect, test } from 'vitest';
import { emptyInspection } from '../../../src/domain/inspect/inspecting.ts';
import { restartEternalOrchestrations } from '../../../src/triggers/housekeeping.ts';
import { addMs } from '../../../src/domain/time.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { createFakeDurableClient, type FakeInstance } from '../durable/fake-durable-client.ts';

const instanceId = 'inspect';

async function restart(instance: FakeInstance | undefined) {
  const client = createFakeDurableClient();
  const log: string[] = [];
  client.instances.set('collect-garbage', { lastUpdatedTime: BORN, input: { number: 3 } });
  client.instances.set('reconcile', { input: { number: 3 } });
  if (instance !== undefined) {
    client.instances.set(instanceId, instance);
  }
  await restartEternalOrchestrations(client, {
    now: () => Date.parse(BORN) + 60_000,
    log: { info: (message) => log.push(message), error: (message) => log.push(`error: ${message}`) },
    sweepIntervalMs: 300_000,
    reconcileIntervalMs: 300_000,
    inspectIntervalMs: 300_000,
  });
  return { log, started: client.started.map((each) => ({ instanceId: each.instanceId, input: each.input })) };
}

describe('the eternal inspection', () => {
  test('is started when there is none, without a word', async () => {
    expect(await restart(undefined)).toEqual({ log: [], started: [{ instanceId, input: { number: 1 } }] });
  });

  test.each([
    ['with a number', { input: { number: 3 } }],
    ['whatever it publishes', { input: 'x', status: 'y' }],
  ])('is left alone while it runs, %s', async (_, instance) => {
    expect((await restart(instance)).started).toEqual([]);
  });

  test('is told to be broken or stuck every minute that it is, and nothing else of it while it runs', async () => {
    const last = emptyInspection(9, BORN);
    const status = { number: 9, phase: 'waiting', last };
    expect((await restart({ lastUpdatedTime: BORN, status })).log).toEqual([]);
    const broken = { ...status, last: { ...last, isBroken: true } };
    expect((await restart({ lastUpdatedTime: BORN, status: broken })).log).toEqual([
      'error: The inspection broke: inspection 9; its report says where (GET ACIGC).',
    ]);
    expect((await restart({ lastUpdatedTime: addMs(BORN, -3_600_000), status })).log).toEqual([
      'error: The inspection is stuck: nothing has come of it for 61.0 min.',
    ]);
  });

  test('is started again when it ended, with the number after its last one and its report', async () => {
    const last = emptyInspection(9, BORN);
    const { log, started } = await restart({
      input: { number: 8 },
      status: { number: 9, phase: 'waiting', last },
      isFinished: true,
      runtimeStatus: 'Terminated',
    });
    expect(started).toEqual([{ instanceId, input: { number: 10, last } }]);
    expect(log).toEqual(['The eternal inspection had ended as Terminated; it was started again with inspection 10.']);
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
