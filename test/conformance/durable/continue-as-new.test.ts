import type { OrchestrationContext, Task } from 'durable-functions';
import { describe, expect, it } from 'vitest';
import { HistoryEventType } from '../../../local/host/durable/replay/history-event.ts';
import { MAX_TURNS_IN_MEMORY } from '../../../local/host/durable/work/run-turns.ts';
import { START_MS, df, openTestHub } from './fixture.ts';
import type { TestHub } from './fixture.ts';

// Row 8 of the unkind host: how many turns of an eternal orchestration see an event. The counts are those of the Durable extension
// 3.19.0 with durable-functions 3.5.0 over Azurite, 50 events each; why they are so stands in the sources:
// Azure/azure-functions-durable-extension, OutOfProcOrchestrationShim.cs (a cancelled timer is done as soon as it is created), and
// Azure/durabletask, TaskOrchestrationContext.cs, HandleEventRaisedEvent (what comes after continueAsNew is carried over).

const EVENT_COUNT = 50;

/** What the turns of one orchestration have seen: for each event the turns that got it. */
let turnsByEvent: Map<unknown, Set<number>>;
/** Ends the activity that runs; undefined while none does. */
let endActivity: (() => void) | undefined;

df.app.activity('work', { handler: () => 'done' });
df.app.activity('heldWork', { handler: () => new Promise<void>((resolve) => (endActivity = resolve)) });

type Turn = Generator<Task, void, unknown>;

/** Registers an eternal orchestration of these turns. */
function eternal(name: string, runTurn: (context: OrchestrationContext, turn: number) => Turn): void {
  df.app.orchestration(name, function* (context) {
    const { turn } = context.df.getInput<{ turn: number }>();
    yield* runTurn(context, turn);
    context.df.continueAsNew({ turn: turn + 1 });
  });
}

function see(event: unknown, turn: number): void {
  turnsByEvent.set(event, (turnsByEvent.get(event) ?? new Set()).add(turn));
}

/** Waits for an event or an hour, and leaves no timer behind. */
function* race({ df: api }: OrchestrationContext, turn: number): Turn {
  const timer = api.createTimer(new Date(api.currentUtcDateTime.getTime() + 3_600_000));
  const event = api.waitForExternalEvent('item');
  const winner: unknown = yield api.Task.any([event, timer]);
  if (winner === timer) return;
  timer.cancel();
  see(event.result, turn);
}

function* wait({ df: api }: OrchestrationContext, turn: number): Turn {
  see(yield api.waitForExternalEvent('item'), turn);
}

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
eternal('racesOnly', race);

async function startEternal(hub: TestHub, name: string): Promise<string> {
  turnsByEvent = new Map();
  endActivity = undefined;
  return hub.start(name, { turn: 1 });
}

async function raise(hub: TestHub, id: string, ...events: number[]): Promise<void> {
  await Promise.all(events.map((event) => hub.request('POST', `instances/${id}/raiseEvent/item`, event)));
}

/** Waits until an activity runs, and leaves it running. */
async function activityBegins(): Promise<void> {
  while (!endActivity) await new Promise(setImmediate);
}

/** Lets the activity that runs end. */
async function activityEnds(): Promise<void> {
  await activityBegins();
  endActivity?.();
  endActivity = undefined;
}

/** How many events no turn saw, one turn, two turns. */
function countsByTurns(): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (let event = 1; event <= EVENT_COUNT; event++) {
    const turns = turnsByEvent.get(event)?.size ?? 0;
    if (turns > 2) throw new Error(`${turns} turns saw event ${event}.`);
    counts[turns === 0 ? 0 : turns === 1 ? 1 : 2] += 1;
  }
  return counts;
}

/** The events from 1 on, as many at a time as `sizes` says. */
function bursts(sizes: readonly number[]): number[][] {
  let last = 0;
  return sizes.map((size) => Array.from({ length: size }, () => ++last));
}

const ONE_AT_A_TIME = bursts(Array.from({ length: EVENT_COUNT }, () => 1));

describe('events at continueAsNew (row 8 of the unkind host)', () => {
  it.each([
    { how: 'one at a time', events: ONE_AT_A_TIME },
    { how: 'at once', events: bursts([EVENT_COUNT]) },
  ])('are seen by one turn each where a turn is a plain wait: raised $how', async ({ events }) => {
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
    const id = await startEternal(hub, 'worksAndRaces');
    for (const burst of ONE_AT_A_TIME) {
      await hub.hub.whenIdle();
      await raise(hub, id, ...burst);
    }
    await hub.hub.whenIdle();
    expect(countsByTurns()).toEqual([0, 0, 50]);
  });

  it('are seen by one turn each where a timer of zero stands between the race and continueAsNew', async () => {
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
      await using hub = openTestHub();
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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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

describe('an orchestration that continues as new without waiting (row 8 of the unkind host)', () => {
  it('is stopped where one event would make it spin for ever, and the log names it and the way out', async () => {
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
    await using hub = openTestHub();
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
  await using hub = openTestHub();
  const id = await startEternal(hub, 'publishesOnce');
  await hub.hub.whenIdle();
  expect((await hub.status(id)).customStatus).toBe('first');
  await raise(hub, id, 1);
  expect(await hub.finish(id)).toMatchObject({ customStatus: null, output: START_MS });
});
