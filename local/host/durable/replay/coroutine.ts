/** Something that settles once, as a success or as a failure; whoever waits is called at once, within the settling call. */
export class Completion {
  #succeeded: boolean | undefined;
  #waiters: ((succeeded: boolean) => void)[] = [];

  get isOpen(): boolean {
    return this.#succeeded === undefined;
  }

  /** Settles it; a second time does nothing, as the first result of a task is the one that counts. */
  settle(succeeded: boolean): void {
    if (this.#succeeded !== undefined) return;
    this.#succeeded = succeeded;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter(succeeded);
  }

  /** Calls `waiter` with the outcome, immediately when there is one already. */
  whenSettled(waiter: (succeeded: boolean) => void): void {
    if (this.#succeeded === undefined) this.#waiters.push(waiter);
    else waiter(this.#succeeded);
  }
}

/** A piece of work that waits by yielding completions and gets each one's outcome back; it returns its own. */
export type Coroutine = Generator<Completion, boolean, boolean>;

/**
 * Runs a coroutine up to its first open completion, and on from there whenever that one settles. It is synchronous on
 * purpose: sequence ids must be given out in the order in which events arrive, which promises would not keep.
 */
export function runCoroutine(coroutine: Coroutine): Completion {
  const whole = new Completion();
  advance(coroutine.next());
  return whole;

  function advance(step: IteratorResult<Completion, boolean>): void {
    if (step.done) whole.settle(step.value);
    else step.value.whenSettled((succeeded) => advance(coroutine.next(succeeded)));
  }
}

/** Settles with the first of `children` that settles; succeeds even when that child failed, as `Task.any` does. */
export function whenAny(children: readonly Completion[]): Completion {
  const any = new Completion();
  for (const child of children) child.whenSettled(() => any.settle(true));
  return any;
}

/**
 * Succeeds once all of `children` have, and fails with the first that fails. The Durable extension waits for every child
 * even then, while durable-functions goes on at once: from there on the two number their actions differently. We settle
 * when durable-functions does, so that a `Task.all` that was caught has the outcome its author sees in the code.
 */
export function whenAll(children: readonly Completion[]): Completion {
  const all = new Completion();
  let openCount = children.length;
  for (const child of children) child.whenSettled(countDown);
  return all;

  function countDown(succeeded: boolean): void {
    openCount -= 1;
    if (!succeeded) all.settle(false);
    else if (openCount === 0) all.settle(true);
  }
}
