/** How often the parent is looked for: a stack without one is gone within a second. */
const INTERVAL_MS = 500;

/**
 * Calls `whenGone` once this process has lost its parent, however that ended: the system then gives it another one. A signal would not
 * tell, for `kill -9` of npm sends none.
 */
export function watchParent(whenGone: () => void): Disposable {
  const parent = process.ppid;
  const interval = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(interval);
    whenGone();
  }, INTERVAL_MS);
  interval.unref();
  return { [Symbol.dispose]: () => clearInterval(interval) };
}
