import type { Stack } from './stack.ts';

/**
 * The answer of a request that waits for something which only the clock brings: moves the clock until that has happened, and
 * no further, since time passes for the request too. `advanceUntil` can't: the host is not idle before the request is answered.
 */
export async function answerAfter<T>(
  stack: Stack,
  request: Promise<T>,
  hasHappened: () => Promise<boolean>,
): Promise<T> {
  while (!(await hasHappened())) {
    await untilQuiet(stack);
    const next = stack.clock.nextAtMs();
    if (next === undefined) {
      throw new Error('Nothing is due any more, and what the request waits for has not happened.');
    }
    stack.clock.advanceTo(next);
  }
  return request;
}

/** Turns of the event loop without a function called or a request to ARM, after which nothing happens by itself. */
const QUIET_TURNS = 1_000;

async function untilQuiet(stack: Stack): Promise<void> {
  for (let quietTurns = 0, seen = ''; quietTurns < QUIET_TURNS;) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const now = JSON.stringify([stack.logs.length, stack.arm.heldAnswers(), stack.arm.requestCounts()]);
    quietTurns = now === seen ? quietTurns + 1 : 0;
    seen = now;
  }
}
