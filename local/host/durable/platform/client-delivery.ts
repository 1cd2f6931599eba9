import type { Platform } from './platform.ts';
import { waitTurns } from './turns.ts';

/** The most that was seen on extension 3.19: of 500 signals by 32 clients at once, none came more than 32 places too early or too late. */
const MAX_DISPLACEMENT = 32;

/** The longest that a message waits for others to be mixed with. */
const MAX_WAIT_TURNS = 4;

/** How long after the first delivery the second one comes at the most. */
const MAX_COPY_TURNS = 40;

interface Waiting {
  deliver(): void;
  overtakenCount: number;
  waitedTurns: number;
}

/**
 * The way of a client's signals and events to their queue. Those that are under way at the same time may come in another order, since
 * DTFx' MessageSorter leaves client messages out; one that was sent after the answer to another never overtakes it. Now and then one
 * is delivered a second time. On a gentle platform they come as they are sent.
 */
export class ClientDelivery {
  readonly #platform: Platform;
  readonly #onError: (error: unknown) => void;
  readonly #onSettled: () => void;
  /** In the order in which they were sent. */
  readonly #waiting: Waiting[] = [];
  #copyCount = 0;

  constructor(platform: Platform, onError: (error: unknown) => void, onSettled: () => void) {
    this.#platform = platform;
    this.#onError = onError;
    this.#onSettled = onSettled;
  }

  /** Whether nothing is under way, copies included. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#copyCount === 0;
  }

  /** Delivers with `write` and resolves with what it answers. */
  async deliver<T>(write: () => Promise<T>): Promise<T> {
    if (this.#platform.name === 'gentle') return write();
    await this.#wait();
    const answer = await write();
    if (this.#platform.happens('doubledMessage')) void this.#deliverAgain(write);
    return answer;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ deliver: resolve, overtakenCount: 0, waitedTurns: 0 });
      if (this.#waiting.length === 1) setImmediate(() => this.#turn());
    });
  }

  #turn(): void {
    const isLate = (this.#waiting[0]?.waitedTurns ?? 0) >= MAX_WAIT_TURNS;
    const count = Math.max(isLate ? 1 : 0, this.#platform.upTo(this.#waiting.length));
    for (let index = 0; index < count; index += 1) this.#deliverOne();
    for (const each of this.#waiting) each.waitedTurns += 1;
    if (this.#waiting.length > 0) setImmediate(() => this.#turn());
  }

  #deliverOne(): void {
    const isHeldUp = (this.#waiting[0]?.overtakenCount ?? 0) >= MAX_DISPLACEMENT;
    const index = isHeldUp ? 0 : this.#platform.upTo(Math.min(this.#waiting.length - 1, MAX_DISPLACEMENT));
    for (const overtaken of this.#waiting.slice(0, index)) overtaken.overtakenCount += 1;
    for (const { deliver } of this.#waiting.splice(index, 1)) deliver();
  }

  async #deliverAgain(write: () => Promise<unknown>): Promise<void> {
    this.#copyCount += 1;
    try {
      await waitTurns(1 + this.#platform.upTo(MAX_COPY_TURNS));
      await write();
    } catch (error) {
      this.#onError(error);
    }
    this.#copyCount -= 1;
    this.#onSettled();
  }
}
