import type { ArmEmulator } from '../../../local/arm/arm-emulator.ts';
import type { VirtualClock } from '../../../local/clock/virtual-clock.ts';

/**
 * Resolves when ARM holds back an answer until the clock moves and nothing else has reached it for a while: then an activity
 * waits for that answer, and the host will not be idle before the clock is moved.
 */
export async function untilOnlyTheClockIsMissing(arm: ArmEmulator, signal: AbortSignal): Promise<void> {
  for (let quietSince = performance.now(), turns = 0, seen = ''; !signal.aborted; turns += 1) {
    // Who looks all the time takes the processor from what it waits for, and from the other tests.
    await (turns % TURNS_AT_ONCE === TURNS_AT_ONCE - 1 ? pause() : nextTurn());
    // Most turns end here: what has come is counted while an answer is held, and at no other time.
    const now = arm.heldAnswers() === 0 ? '' : JSON.stringify([arm.heldAnswers(), arm.requestCounts()]);
    if (now === '' || now !== seen) {
      quietSince = performance.now();
      turns = 0;
      seen = now;
    } else if (performance.now() - quietSince > QUIET_MS && turns > QUIET_TURNS) {
      return;
    }
  }
}

/** Real time in which what is on its way over loopback, or in the thread pool of a busy machine, has come. */
const QUIET_MS = 20;

/** A process that does not get the processor for a while sees the time pass and nothing come: it has to have looked often, too. */
const QUIET_TURNS = 200;

const TURNS_AT_ONCE = 20;

/** Lets a little time go by while a host ends, which waits for answers that ARM holds back until the clock moves. */
export async function whileTimeGoesOn(clock: VirtualClock, ending: Promise<void>): Promise<void> {
  const state = { hasEnded: false };
  const end = (): void => {
    state.hasEnded = true;
  };
  ending.then(end, end);
  while (!state.hasEnded) {
    await pause();
    clock.advanceTo(clock.now() + 100);
  }
  await ending;
}

/** Leaves the processor to others for the shortest time that there is. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
