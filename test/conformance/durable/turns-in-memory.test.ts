import { describe, expect, it } from 'vitest';
import { MAX_TURNS_IN_MEMORY } from '../../../local/host/durable/work/run-turns.ts';
import { eternal, race, raise, startEternal, turnsByEvent } from './eternal.ts';
import { START_MS, df, openTestHub } from './fixture.ts';

// Row 8 of the unkind host: an execution that continues as new goes on in the same work item, without a checkpoint
// (Azure/durabletask, TaskOrchestrationDispatcher.cs, OnProcessWorkItemAsync). Seen on the Durable extension 3.19.0: where a race is the
// only step of a turn, one event made 12,000 turns in four minutes, and terminate did nothing until the host was killed.

eternal('racesOnly', race);

describe('an orchestration that continues as new without waiting (row 8 of the unkind host)', () => {
  it('is stopped where one event would make it spin for ever, and the log names it and the way out', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'racesOnly');
    await hub.hub.whenIdle();
    await raise(hub, id, 1);
    const { runtimeStatus, output } = await hub.finish(id);
    expect({ runtimeStatus, turns: turnsByEvent.get(1)?.size }).toEqual({
      runtimeStatus: 'Failed',
      turns: MAX_TURNS_IN_MEMORY,
    });
    expect(output).toMatch(/^Orchestrator function 'racesOnly' failed: It continued as new 1000 times in a row/);
    expect(hub.logged.filter((line) => line.startsWith('warning'))).toEqual([
      expect.stringMatching(
        new RegExp(`Orchestration '${id}' \\(racesOnly\\) failed: .* Give the turn a step that waits`),
      ),
    ]);
    expect(hub.hub.nextTimerAtMs()).toBeUndefined();
  });

  it('is stopped where it has no step at all, and leaves nothing that its turns sent', async () => {
    df.app.entity('spinCounter', (context) => context.df.setState(1));
    eternal('signalsOnly', function* (context) {
      context.df.signalEntity(new df.EntityId('spinCounter', 'k'), 'add', { value: 1 });
    });
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'signalsOnly');
    expect((await hub.finish(id)).runtimeStatus).toBe('Failed');
    await hub.hub.whenIdle();
    expect((await hub.request('GET', 'entities/spinCounter/k')).status).toBe(404);
  });

  it('goes on where its turns come to an end, with all that they sent', async () => {
    df.app.entity('turnCounter', (context) => context.df.setState(Number(context.df.getState(() => 0)) + 1));
    df.app.orchestration('countsTurns', function* (context) {
      const { turn } = context.df.getInput<{ turn: number }>();
      context.df.signalEntity(new df.EntityId('turnCounter', 'k'), 'add', { value: 1 });
      if (turn === 1) context.df.setCustomStatus('first');
      if (turn < 20) context.df.continueAsNew({ turn: turn + 1 });
      return turn;
    });
    await using hub = openTestHub({ platform: 'gentle' });
    expect(await hub.finish(await startEternal(hub, 'countsTurns'))).toMatchObject({
      runtimeStatus: 'Completed',
      input: { turn: 20 },
      output: 20,
    });
    await hub.hub.whenIdle();
    expect((await hub.request('GET', 'entities/turnCounter/k')).json).toBe(20);
  });
});

it('a custom status stays over continueAsNew until the next turn is written down', async () => {
  df.app.orchestration('publishesOnce', function* (context) {
    const { turn } = context.df.getInput<{ turn: number }>();
    if (turn === 1) context.df.setCustomStatus('first');
    yield turn === 1 ? context.df.callActivity('work') : context.df.waitForExternalEvent('item');
    if (turn === 1) context.df.continueAsNew({ turn: 2 });
    return context.df.currentUtcDateTime.getTime();
  });
  await using hub = openTestHub({ platform: 'gentle' });
  const id = await startEternal(hub, 'publishesOnce');
  await hub.hub.whenIdle();
  expect((await hub.status(id)).customStatus).toBe('first');
  await raise(hub, id, 1);
  expect(await hub.finish(id)).toMatchObject({ customStatus: null, output: START_MS });
});
