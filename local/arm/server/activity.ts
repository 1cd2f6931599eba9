/** Counts what is being worked on in real time, so that a test with a virtual clock knows when to move it. */
export interface Activity {
  /** Something began; call the result once when it ended. */
  begin(): () => void;
  isBusy(): boolean;
  /** Resolves when nothing is being worked on, at once if so already. */
  whenQuiet(): Promise<void>;
}

/** Creates a counter at zero. */
export function createActivity(): Activity {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    begin: () => {
      count += 1;
      let hasEnded = false;
      return () => {
        if (hasEnded) return;
        hasEnded = true;
        count -= 1;
        if (count > 0) return;
        const resolvers = waiting;
        waiting = [];
        for (const resolve of resolvers) resolve();
      };
    },
    isBusy: () => count > 0,
    whenQuiet: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
