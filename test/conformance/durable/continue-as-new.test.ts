import { describe, expect, it } from 'vitest';
import { HistoryEventType } from '../../../local/host/durable/replay/history-event.ts';
import {
  EVENT_COUNT,
  ONE_AT_A_TIME,
  activityBegins,
  activityEnds,
  bursts,
  countsByTurns,
  eternal,
  race,
  raise,
  see,
  startEternal,
  turnsByEvent,
  wait,
} from './eternal.ts';
import { df, openTestHub } from './fixture.ts';

// Row 8 of the unkind host: how many turns of an eternal orchestration see an event. The counts are those of the Durable extension
// 3.19.0 with durable-functions 3.5.0 over Azurite, 50 events each; why they are so stands in the sources:
// Azure/azure-functions-durable-extension, OutOfProcOrchestrationShim.cs (a cancelled timer is done as soon as it is created), and
// Azure/durabletask, TaskOrchestrationContext.cs, HandleEventRaisedEvent (what comes after continueAsNew is carried over).
// All on the platform `gentle`: an event that comes twice by chance would be counted twice.

eternal('waitsOnly', wait);
eternal('worksAndWaits', function* (context, turn) {
  yield context.df.callActivity('heldWork');
  yield* wait(context, turn);
});
eternal('worksOnly', function* (context, turn) {
  yield context.df.callActivity('heldWork');
  if (turn > EVENT_COUNT) yield* race(context, turn);
});
eternal('worksAndRaces', function* (context, turn) {
  yield context.df.callActivity('work');
  yield* race(context, turn);
});
eternal('worksRacesAndPauses', function* (context, turn) {
  yield context.df.callActivity('heldWork');
  yield* race(context, turn);
  yield context.df.createTimer(context.df.currentUtcDateTime);
});
eternal('drains', function* (context, turn) {
  const { df: api } = context;
  yield api.callActivity('work');
  yield* race(context, turn);
  for (;;) {
    const pause = api.createTimer(api.currentUtcDateTime);
    const next = api.waitForExternalEvent('item');
    const winner: unknown = yield api.Task.any([next, pause]);
    if (winner === pause) return;
    see(next.result, turn);
  }
});
describe('events at continueAsNew (row 8 of the unkind host)', () => {
  it.each([
    { how: 'one at a time', events: ONE_AT_A_TIME },
    { how: 'at once', events: bursts([EVENT_COUNT]) },
  ])('are seen by one turn each where a turn is a plain wait: raised $how', async ({ events }) => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'waitsOnly');
    for (const burst of events) {
      await hub.hub.whenIdle();
      await raise(hub, id, ...burst);
    }
    await hub.hub.whenIdle();
    expect(countsByTurns()).toEqual([0, 50, 0]);
  });

  it.each([
    { how: 'one at a time', events: ONE_AT_A_TIME, counts: [0, 50, 0] },
    {
      how: 'two in the time of one activity',
      events: bursts(Array.from({ length: 25 }, () => 2)),
      counts: [25, 25, 0],
    },
  ])('that are raised during an activity wait for the turn, and what it does not take is lost: $how', async (row) => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'worksAndWaits');
    for (const burst of row.events) {
      await activityBegins();
      await raise(hub, id, ...burst);
      await activityEnds();
    }
    await activityBegins();
    expect(countsByTurns()).toEqual(row.counts);
    await activityEnds();
  });

  it('are lost, all of them, where turns have an activity only', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'worksOnly');
    for (const burst of ONE_AT_A_TIME) {
      await activityBegins();
      await raise(hub, id, ...burst);
      await activityEnds();
    }
    await activityEnds();
    await hub.hub.whenIdle();
    expect(countsByTurns()).toEqual([50, 0, 0]);
    await raise(hub, id, 51);
    await activityBegins();
    expect([...turnsByEvent.keys()]).toEqual([51]);
    await activityEnds();
  });

  it('are seen by two turns each after Task.any([event, timer]), timer.cancel() and continueAsNew at once', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'worksAndRaces');
    for (const burst of ONE_AT_A_TIME) {
      await hub.hub.whenIdle();
      await raise(hub, id, ...burst);
    }
    await hub.hub.whenIdle();
    expect(countsByTurns()).toEqual([0, 0, 50]);
  });

  it('are seen by one turn each where a timer of zero stands between the race and continueAsNew', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'worksRacesAndPauses');
    for (const burst of ONE_AT_A_TIME) {
      await activityEnds();
      await hub.hub.whenIdle();
      await raise(hub, id, ...burst);
    }
    await activityBegins();
    expect(countsByTurns()).toEqual([0, 50, 0]);
    await activityEnds();
  });

  it('are lost there but for one a turn when they come faster than turns, as 38 of 50 did that came 15 ms apart', async () => {
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'worksRacesAndPauses');
    for (const burst of bursts([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5])) {
      await activityBegins();
      await raise(hub, id, ...burst);
      await activityEnds();
    }
    await activityBegins();
    expect(countsByTurns()).toEqual([38, 12, 0]);
    await activityEnds();
  });

  it.each([
    { how: 'one at a time', events: ONE_AT_A_TIME },
    { how: 'five at a time', events: bursts(Array.from({ length: 10 }, () => 5)) },
    { how: 'at once', events: bursts([EVENT_COUNT]) },
  ])(
    'are seen by one turn each where a turn drains them until a timer of zero wins: raised $how',
    async ({ events }) => {
      await using hub = openTestHub({ platform: 'gentle' });
      const id = await startEternal(hub, 'drains');
      for (const burst of events) {
        await hub.hub.whenIdle();
        await raise(hub, id, ...burst);
      }
      await hub.hub.whenIdle();
      expect(countsByTurns()).toEqual([0, 50, 0]);
    },
  );

  it('are carried over at the head of the next history', async () => {
    df.app.orchestration('racesThenHolds', function* (context) {
      const { turn } = context.df.getInput<{ turn: number }>();
      yield context.df.callActivity(turn === 1 ? 'work' : 'heldWork');
      if (turn === 1) yield* race(context, turn);
      if (turn === 1) context.df.continueAsNew({ turn: 2 });
    });
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'racesThenHolds');
    await hub.hub.whenIdle();
    await raise(hub, id, 7);
    await activityBegins();
    const { OrchestratorStarted, ExecutionStarted, EventRaised, OrchestratorCompleted, TaskScheduled } =
      HistoryEventType;
    const history = hub.hub.client.history(id);
    expect(history.map(({ EventType }) => EventType)).toEqual([
      OrchestratorStarted,
      ExecutionStarted,
      EventRaised,
      OrchestratorCompleted,
      TaskScheduled,
      OrchestratorCompleted,
    ]);
    expect(history[2]).toMatchObject({ Name: 'item', Input: '7' });
    await activityEnds();
    expect((await hub.finish(id)).runtimeStatus).toBe('Completed');
  });

  it('are carried over too when they come while an open task keeps the old execution from its end', async () => {
    eternal('leavesActivityOpen', function* ({ df: api }, turn) {
      const event = api.waitForExternalEvent('item');
      yield api.Task.any(turn === 1 ? [event, api.callActivity('heldWork')] : [event]);
      see(event.result, turn);
    });
    await using hub = openTestHub({ platform: 'gentle' });
    const id = await startEternal(hub, 'leavesActivityOpen');
    await activityBegins();
    await raise(hub, id, 1);
    while (!turnsByEvent.has(1)) await new Promise(setImmediate);
    await raise(hub, id, 2);
    await activityEnds();
    await hub.hub.whenIdle();
    expect([...turnsByEvent].map(([event, turns]) => [event, [...turns]])).toEqual([
      [1, [1]],
      [2, [2]],
    ]);
  });
});
