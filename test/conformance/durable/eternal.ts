import type { OrchestrationContext, Task } from 'durable-functions';
import { df } from './fixture.ts';
import type { TestHub } from './fixture.ts';

/** How many events are raised. */
export const EVENT_COUNT = 50;

/** What the turns of the one orchestration under test have seen: for each event the turns that got it. */
export const turnsByEvent = new Map<unknown, Set<number>>();
/** The held activity that runs, if one does. */
const held: { end?: (() => void) | undefined } = {};

df.app.activity('work', { handler: () => 'done' });
df.app.activity('heldWork', { handler: () => new Promise<void>((resolve) => (held.end = resolve)) });

/** What one turn of an eternal orchestration does. */
export type Turn = Generator<Task, void, unknown>;

/** Registers an eternal orchestration of these turns. */
export function eternal(name: string, runTurn: (context: OrchestrationContext, turn: number) => Turn): void {
  df.app.orchestration(name, function* (context) {
    const { turn } = context.df.getInput<{ turn: number }>();
    yield* runTurn(context, turn);
    context.df.continueAsNew({ turn: turn + 1 });
  });
}

/** Notes that a turn got an event. */
export function see(event: unknown, turn: number): void {
  turnsByEvent.set(event, (turnsByEvent.get(event) ?? new Set()).add(turn));
}

/** Waits for an event or an hour, and leaves no timer behind. */
export function* race({ df: api }: OrchestrationContext, turn: number): Turn {
  const timer = api.createTimer(new Date(api.currentUtcDateTime.getTime() + 3_600_000));
  const event = api.waitForExternalEvent('item');
  const winner: unknown = yield api.Task.any([event, timer]);
  if (winner === timer) return;
  timer.cancel();
  see(event.result, turn);
}

/** Waits for an event, as long as it takes. */
export function* wait({ df: api }: OrchestrationContext, turn: number): Turn {
  see(yield api.waitForExternalEvent('item'), turn);
}

/** Starts one at its first turn, and forgets what another one saw. */
export async function startEternal(hub: TestHub, name: string): Promise<string> {
  turnsByEvent.clear();
  held.end = undefined;
  return hub.start(name, { turn: 1 });
}

/** Raises events side by side. */
export async function raise(hub: TestHub, id: string, ...events: number[]): Promise<void> {
  await Promise.all(events.map((event) => hub.request('POST', `instances/${id}/raiseEvent/item`, event)));
}

/** Waits until an activity runs, and leaves it running. */
export async function activityBegins(): Promise<void> {
  while (!held.end) await new Promise(setImmediate);
}

/** Lets the activity that runs end. */
export async function activityEnds(): Promise<void> {
  await activityBegins();
  held.end?.();
  held.end = undefined;
}

/** How many events no turn saw, one turn, two turns. */
export function countsByTurns(): [number, number, number] {
  const sizes = Array.from({ length: EVENT_COUNT }, (_, index) => turnsByEvent.get(index + 1)?.size ?? 0);
  const most = Math.max(...sizes);
  if (most > 2) throw new Error(`${most} turns saw one event.`);
  const countOf = (size: number): number => sizes.filter((each) => each === size).length;
  return [countOf(0), countOf(1), countOf(2)];
}

/** The events from 1 on, as many at a time as `sizes` says. */
export function bursts(sizes: readonly number[]): number[][] {
  let last = 0;
  return sizes.map((size) => Array.from({ length: size }, () => ++last));
}

/** Each event by itself. */
export const ONE_AT_A_TIME = bursts(Array.from({ length: EVENT_COUNT }, () => 1));
