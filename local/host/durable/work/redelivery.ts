import type { Clock } from '../../../clock/clock.ts';
import type { Visibility } from '../store/visibility.ts';

/** Has the hub look at its queues again whenever something that an earlier process left there becomes visible. */
export class Redelivery {
  readonly #clock: Clock;
  readonly #visibility: Visibility;
  readonly #resume: () => void;
  #alarm: Disposable | undefined;

  constructor(clock: Clock, visibility: Visibility, resume: () => void) {
    this.#clock = clock;
    this.#visibility = visibility;
    this.#resume = resume;
  }

  /** Undefined when nothing is hidden. */
  nextAtMs(): number | undefined {
    return this.#visibility.nextAtMs(this.#clock.now());
  }

  start(): void {
    const atMs = this.nextAtMs();
    if (atMs === undefined) return;
    this.#alarm = this.#clock.schedule(atMs, () => {
      this.#resume();
      this.start();
    });
  }

  stop(): void {
    this.#alarm?.[Symbol.dispose]();
  }
}
