import type { Stack } from '../../integration/stack/stack.ts';
import type { Caller } from '../clients/caller.ts';

/** Moves the time of a campaign. */
export interface Driver {
  /** Resolves when the clock has been moved so far. */
  after(ms: number): Promise<void>;
  /** Moves the clock from one due moment to the next, until `untilMs`. */
  driveTo(untilMs: number): Promise<void>;
}

/** Drives a stack while requests of clients go on, some of which wait for the clock themselves. */
export function createDriver(stack: Stack, caller: Caller): Driver {
  const { clock } = stack;
  const settle = async (): Promise<void> => {
    const over = new AbortController();
    await Promise.race([stack.settle(), untilRequestsAreStuck(stack, caller, over.signal)]);
    over.abort('settled');
  };
  return {
    after: (ms) => new Promise((resolve) => void clock.schedule(clock.now() + Math.round(ms), resolve)),
    async driveTo(untilMs) {
      await settle();
      for (let next = clock.nextAtMs(); next !== undefined && next <= untilMs; next = clock.nextAtMs()) {
        clock.advanceTo(next);
        await settle();
      }
      clock.advanceTo(untilMs);
    },
  };
}

/** Looks at which nothing is seen to happen beside a request that asks again and again for what only the clock brings. */
const STUCK_LOOKS = 50;

/** Between two looks in real time; a process that does not get the processor for a while looks less often, not more. */
const LOOK_MS = 4;

async function untilRequestsAreStuck(stack: Stack, caller: Caller, signal: AbortSignal): Promise<void> {
  for (let looks = 0, seen = ''; looks < STUCK_LOOKS && !signal.aborted; looks += 1) {
    await pause(LOOK_MS);
    const now = JSON.stringify([stack.logs.length, caller.endedCount(), stack.arm.requestCounts()]);
    if (now !== seen) looks = 0;
    seen = now;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
