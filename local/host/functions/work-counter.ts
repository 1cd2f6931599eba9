/** Counts what is under way, to know when nothing is. */
export interface WorkCounter {
  /** How much has begun so far: when it hasn't changed, nothing happened in between. */
  readonly begunCount: number;
  readonly isIdle: boolean;
  /** Says that something has begun; disposing the result says that it has ended. */
  begin(): Work;
  /** Resolves once nothing is under way. */
  whenIdle(): Promise<void>;
}

/** Something under way. While it is paused, because it waits for a time to come, it doesn't count. */
export interface Work extends Disposable {
  pause(): void;
  resume(): void;
}

/** Creates a counter with nothing under way. */
export function createWorkCounter(): WorkCounter {
  let begunCount = 0;
  let underWayCount = 0;
  let waiters: (() => void)[] = [];

  return {
    get begunCount() {
      return begunCount;
    },
    get isIdle() {
      return underWayCount === 0;
    },
    begin() {
      resume();
      return { pause, resume, [Symbol.dispose]: pause };
    },
    whenIdle: () => (underWayCount === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };

  function resume(): void {
    begunCount++;
    underWayCount++;
  }

  function pause(): void {
    underWayCount--;
    if (underWayCount > 0) return;
    const idle = waiters;
    waiters = [];
    for (const resolve of idle) resolve();
  }
}
