/** How soon after midnight, or after a laptop's sleep, the new day is told. */
const LOOK_AGAIN_MS = 60_000;

/** Prints the date at once and whenever it has changed, since the lines of the log name only the time; in UTC as they do. */
export function printDays(print: (text: string) => void): Disposable {
  let shown = '';
  const look = (): void => {
    const day = new Date().toISOString().slice(0, 10);
    if (day === shown) return;
    shown = day;
    print(`${day} (times are UTC)\n`);
  };
  look();
  const timer = setInterval(look, LOOK_AGAIN_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
