import type { DurableStore } from '../store/durable-store.ts';
import type { Wakeups } from '../store/group-commit.ts';
import { HistoryEventType, toTimestamp } from '../replay/history-event.ts';

/** More due timers than this are fired in several transactions, so that other writes get their turn. */
const MAX_TIMERS_PER_TRANSACTION = 500;

/** Wakes orchestrations when their durable timers fall due; one alarm of the clock serves them all. */
export class TimerService {
  readonly #store: DurableStore;
  readonly #onError: (error: unknown) => void;
  readonly #onSettled: () => void;
  #alarm: { atMs: number; handle: Disposable } | undefined;
  #isStarted = false;
  #isFiring = false;

  constructor(store: DurableStore, onError: (error: unknown) => void, onSettled: () => void) {
    this.#store = store;
    this.#onError = onError;
    this.#onSettled = onSettled;
  }

  get isFiring(): boolean {
    return this.#isFiring;
  }

  /** Whether no timer is due. */
  get isIdle(): boolean {
    const firstAtMs = this.#store.timers.firstAtMs();
    return !this.#isFiring && (firstAtMs === undefined || firstAtMs > this.#store.queueClock.now());
  }

  start(): void {
    this.#isStarted = true;
    this.rearm();
  }

  stop(): void {
    this.#isStarted = false;
    this.#alarm?.handle[Symbol.dispose]();
    this.#alarm = undefined;
  }

  /** Sets the alarm to the earliest timer in the store. */
  rearm(): void {
    if (!this.#isStarted || this.#isFiring) return;
    const atMs = this.#store.timers.firstAtMs();
    if (atMs === this.#alarm?.atMs) return;
    this.#alarm?.handle[Symbol.dispose]();
    this.#alarm =
      atMs === undefined ? undefined : { atMs, handle: this.#store.queueClock.schedule(atMs, () => void this.#fire()) };
  }

  async #fire(): Promise<void> {
    this.#alarm = undefined;
    this.#isFiring = true;
    try {
      await this.#store.commit.write((wakeups) => fireDueTimers(this.#store, wakeups));
      this.#isFiring = false;
      this.rearm();
    } catch (error) {
      this.#isFiring = false;
      this.#onError(error);
      this.#retryLater();
    }
    this.#onSettled();
  }

  /** The store refused the write; the timers are still in it. */
  #retryLater(): void {
    if (!this.#isStarted) return;
    const atMs = this.#store.queueClock.now() + 1000;
    this.#alarm = { atMs, handle: this.#store.queueClock.schedule(atMs, () => void this.#fire()) };
  }
}

function fireDueTimers({ timers, messages, queueClock }: DurableStore, wakeups: Wakeups): void {
  const nowMs = queueClock.now();
  for (const { instanceId, executionId, timerId, fireAtMs } of timers.takeDue(
    wakeups,
    nowMs,
    MAX_TIMERS_PER_TRANSACTION,
  )) {
    messages.send(wakeups, instanceId, executionId, {
      EventType: HistoryEventType.TimerFired,
      EventId: -1,
      Timestamp: toTimestamp(nowMs - queueClock.aheadMs()),
      TimerId: timerId,
      FireAt: toTimestamp(fireAtMs),
    });
  }
}
