import type { Clock } from '../../../clock/clock.ts';
import { StorageUnavailable } from '../../../sqlite/storage-error.ts';

/** What a queue does with its keys. */
export interface WorkQueueOptions<Key> {
  /** How many work items may run at once. */
  maxConcurrent: number;
  clock: Clock;
  /** Does what there is to do for `key`; a rejection is tried again later, and is an error unless it is a `TryLater` or `StorageUnavailable`. */
  run(key: Key): Promise<void>;
  onError(key: Key, error: unknown, retryDelayMs: number): void;
  /** Called after each work item. */
  onSettled(): void;
}

/** Thrown by a work item that can't be done now although nothing is wrong with it. */
export class TryLater extends Error {}

/** More would keep a request waiting while a long backlog is started. */
const MAX_STARTS_PER_TURN = 16;

/** A broken function may last: long enough not to spin, short enough to be back soon. */
const FIRST_RETRY_DELAY_MS = 1000;
const MAX_RETRY_DELAY_MS = 60_000;

/** Runs work items by key: never two of one key at once, first come first served, a few per turn of the event loop. */
export class WorkQueue<Key> {
  readonly #options: WorkQueueOptions<Key>;
  readonly #ready = new Set<Key>();
  readonly #running = new Map<Key, { isWantedAgain: boolean }>();
  readonly #failureCounts = new Map<Key, number>();
  readonly #retries = new Set<Disposable>();
  #isStarted = false;
  #isTurnScheduled = false;

  constructor(options: WorkQueueOptions<Key>) {
    this.#options = options;
  }

  /** Whether nothing runs and nothing is ready; what waits to be tried again does not count. */
  get isIdle(): boolean {
    return this.#ready.size === 0 && this.#running.size === 0;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Says that there is something to do for `key`; while it runs, it will run once more. */
  add(key: Key): void {
    const running = this.#running.get(key);
    if (running) running.isWantedAgain = true;
    else this.#ready.add(key);
    this.#scheduleTurn();
  }

  start(): void {
    this.#isStarted = true;
    this.#scheduleTurn();
  }

  /** Starts nothing any more; what runs goes on. */
  stop(): void {
    this.#isStarted = false;
    for (const retry of this.#retries) retry[Symbol.dispose]();
    this.#retries.clear();
  }

  #scheduleTurn(): void {
    if (!this.#isStarted || this.#isTurnScheduled || !this.#canStartOne()) return;
    this.#isTurnScheduled = true;
    setImmediate(() => this.#turn());
  }

  #canStartOne(): boolean {
    return this.#ready.size > 0 && this.#running.size < this.#options.maxConcurrent;
  }

  #turn(): void {
    this.#isTurnScheduled = false;
    if (!this.#isStarted) return;
    let startCount = 0;
    for (const key of this.#ready) {
      if (startCount === MAX_STARTS_PER_TURN || this.#running.size >= this.#options.maxConcurrent) break;
      startCount += 1;
      this.#ready.delete(key);
      void this.#runOne(key);
    }
    this.#scheduleTurn();
  }

  async #runOne(key: Key): Promise<void> {
    const running = { isWantedAgain: false };
    this.#running.set(key, running);
    try {
      await this.#options.run(key);
      this.#failureCounts.delete(key);
    } catch (error) {
      this.#retryLater(key, error);
    }
    this.#running.delete(key);
    if (running.isWantedAgain) this.#ready.add(key);
    this.#scheduleTurn();
    this.#options.onSettled();
  }

  #retryLater(key: Key, error: unknown): void {
    // Whoever makes room on the disk wants to see all go on, and has been told what is wrong.
    if (error instanceof StorageUnavailable) return this.#addLater(key, FIRST_RETRY_DELAY_MS);
    const failureCount = (this.#failureCounts.get(key) ?? 0) + 1;
    this.#failureCounts.set(key, failureCount);
    const delayMs = Math.min(FIRST_RETRY_DELAY_MS * 2 ** (failureCount - 1), MAX_RETRY_DELAY_MS);
    if (!(error instanceof TryLater)) this.#options.onError(key, error, delayMs);
    this.#addLater(key, delayMs);
  }

  #addLater(key: Key, delayMs: number): void {
    if (!this.#isStarted) return;
    const { clock } = this.#options;
    const retry = clock.schedule(clock.now() + delayMs, () => {
      this.#retries.delete(retry);
      this.add(key);
    });
    this.#retries.add(retry);
  }
}
