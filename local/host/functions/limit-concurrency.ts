/** Makes a way to run things of which no more than `max` are under way at once; the others wait, first come first served. */
export function limitConcurrency(max: number): <T>(run: () => Promise<T>) => Promise<T> {
  let underWayCount = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (underWayCount < max) underWayCount += 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else underWayCount -= 1;
    }
  };
}
