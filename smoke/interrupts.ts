/** What Ctrl-C does: the first one ends the steps, a later one the cleaning up. */
export interface Interrupts {
  stop: AbortSignal;
  giveUp: AbortSignal;
  /** To be called for each signal, at this moment in milliseconds. */
  interrupt(nowMs: number): void;
}

/**
 * npm hands a signal on to the program that has had it from the terminal already (@npmcli/run-script, signal-manager.js): what comes
 * within this time is the same Ctrl-C.
 */
const SAME_MS = 1_000;

/** Makes both ends of a run; `say` tells the person at the keyboard what happens. */
export function createInterrupts(say: (line: string) => void): Interrupts {
  const stop = new AbortController();
  const giveUp = new AbortController();
  let firstAtMs: number | undefined;
  return {
    stop: stop.signal,
    giveUp: giveUp.signal,
    interrupt: (nowMs) => {
      if (firstAtMs === undefined) {
        firstAtMs = nowMs;
        say(
          '      interrupted: cleaning up after the request that is under way; once more leaves behind what there is',
        );
        stop.abort();
      } else if (nowMs - firstAtMs >= SAME_MS) {
        giveUp.abort();
      }
    },
  };
}
