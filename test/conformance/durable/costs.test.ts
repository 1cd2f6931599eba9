import { describe, expect, it } from 'vitest';
import { df, openTestHub } from './fixture.ts';

// Row 13 of the unkind host: what Azure bills is the rows, messages and bytes that an orchestration makes
// (learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider, history table and queues), so they are counted.

const ledger = new df.EntityId('ledger', 'k');
df.app.activity('price', { handler: () => 3 });
df.app.entity('ledger', (context) => {
  if (context.df.operationName === 'close') return context.df.destructOnExit();
  const { value } = context.df.getInput<{ value: number }>() ?? { value: 0 };
  const sum = Number(context.df.getState(() => 0)) + value;
  context.df.setState(sum);
  if (value === 5) context.df.signalEntity(new df.EntityId('archive', 'k'), 'keep', { sum });
  context.df.return(sum);
});
df.app.entity('archive', (context) => context.df.setState(context.df.getInput()));
df.app.orchestration('receipt', function* (context) {
  yield context.df.callActivity('price');
});
df.app.orchestration('bill', function* ({ df: api }) {
  const { turn } = api.getInput<{ turn: number }>();
  yield api.callActivity('price', { item: 'Käse' });
  yield api.callEntity(ledger, 'add', { value: 5 });
  api.signalEntity(ledger, 'add', { value: 10 });
  yield api.callSubOrchestrator('receipt', { turn }, `receipt-${turn}`);
  yield api.createTimer(new Date(api.currentUtcDateTime.getTime() + 1000));
  if (turn === 1) api.continueAsNew({ turn: 2 });
});

describe('what durable functions cost (row 13 of the unkind host)', () => {
  it('is counted by orchestrator: executions, checkpoints, history, and messages by what they are for', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await hub.start('bill', { turn: 1 });
    await hub.finish(id);
    const { bill } = hub.hub.costs().orchestrators;
    expect(bill).toEqual({
      executions: 2,
      turns: 10,
      // Of ten runs two share a checkpoint: that which continues as new, and the first of the execution after it.
      episodes: 9,
      received: 9,
      historyRead: 4 + 8 + 13 + 17 + 5 + 9 + 14 + 18,
      historyWritten: { count: 17 + 22, bytes: bill?.historyWritten.bytes },
      longestHistory: 22,
      activities: { count: 2, bytes: 2 * byteLength('{"item":"Käse"}') },
      subOrchestrations: { count: 2, bytes: 2 * byteLength('{"turn":1}') },
      entityRequests: { count: 4, bytes: 2 * byteLength('{"value":5}') + 2 * byteLength('{"value":10}') },
      timers: 2,
    });
    const ofSecondExecution = byteLength(...hub.hub.client.history(id).map((event) => JSON.stringify(event)));
    expect(bill?.historyWritten.bytes).toBeGreaterThan(ofSecondExecution);
  });

  it('is counted in the bytes of the history, to the last one', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await Promise.all([hub.start('receipt', 'Käse', 'a'), hub.start('receipt', undefined, 'b')]);
    await hub.finish('a');
    await hub.finish('b');
    const events = ['a', 'b'].flatMap((id) => hub.hub.client.history(id));
    expect(hub.hub.costs().orchestrators['receipt']?.historyWritten).toEqual({
      count: events.length,
      bytes: byteLength(...events.map((event) => JSON.stringify(event))),
    });
  });

  it('is counted for one that is terminated too', async () => {
    df.app.orchestration('waitsForNobody', function* (context) {
      yield context.df.waitForExternalEvent('never');
    });
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await hub.start('waitsForNobody');
    await hub.hub.whenIdle();
    await hub.request('POST', `instances/${id}/terminate?reason=enough`);
    await hub.finish(id);
    const { length } = hub.hub.client.history(id);
    expect(hub.hub.costs().orchestrators['waitsForNobody']).toMatchObject({
      episodes: 1,
      historyWritten: { count: length },
    });
  });

  it('is counted by entity: batches, operations, states, answers and signals', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await hub.finish(await hub.start('bill', { turn: 1 }));
    await hub.hub.whenIdle();
    expect(hub.hub.costs().entities).toEqual({
      ledger: {
        batches: 4,
        operations: { count: 4, bytes: 2 * byteLength('{"value":5}') + 2 * byteLength('{"value":10}') },
        states: { count: 4, bytes: byteLength('5', '15', '20', '30') },
        answers: { count: 2, bytes: byteLength('5', '20') },
        signals: { count: 2, bytes: byteLength('{"sum":5}', '{"sum":20}') },
      },
      archive: {
        batches: 2,
        operations: { count: 2, bytes: byteLength('{"sum":5}', '{"sum":20}') },
        states: { count: 2, bytes: byteLength('{"sum":5}', '{"sum":20}') },
        answers: { count: 0, bytes: 0 },
        signals: { count: 0, bytes: 0 },
      },
    });
  });

  it('is counted in what is read: instances, entities, and every row that a list goes through', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    await Promise.all([1, 2, 3].map((value) => hub.request('POST', `entities/ledger/${value}?op=add`, { value })));
    await hub.request('POST', 'entities/ledger/2?op=close');
    const id = await hub.start('receipt');
    await hub.hub.whenIdle();
    await hub.request('GET', `instances/${id}?showHistory=true`);
    await hub.request('GET', 'instances/nobody');
    await hub.request('GET', 'entities/ledger/1');
    expect((await hub.request('GET', 'entities/ledger')).json).toHaveLength(2);
    await hub.request('GET', 'instances');
    const { historyRows, ...queries } = hub.hub.costs().queries;
    expect(queries).toEqual({
      instanceReads: 2,
      instanceLists: 1,
      instanceRows: 1,
      histories: 1,
      entityReads: 2,
      entityLists: 2,
      // Of the three rows of each list one is of a deleted entity, which the list of entities hides.
      entityRows: 3 + 3,
    });
    expect(historyRows).toBe(hub.hub.client.history(id).length);
  });
});

function byteLength(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
