import type { Clock } from './clock.ts';

/** A clock that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /**
   * Moves the time to `ms` and calls what falls due on the way, in order of time and then of scheduling; each callback sees its
   * own time as now. What a callback schedules within the span is called too. Throws when `ms` is earlier than now.
   */
  advanceTo(ms: number): void;
  /** Sets the time back by `ms`, as somebody at the machine may; what is pending comes after as long as before. */
  setBack(ms: number): void;
  /** The time of the earliest pending callback, never earlier than now; undefined when nothing is pending. */
  nextAtMs(): number | undefined;
}

interface Alarm {
  atMs: number;
  sequence: number;
  callback: () => void;
}

/** Creates a clock that starts at `startMs` (milliseconds since the epoch). */
export function createVirtualClock({ startMs }: { startMs: number }): VirtualClock {
  let nowMs = startMs;
  let setBackMs = 0;
  let nextSequence = 0;
  const alarms: Alarm[] = [];

  return { now: () => nowMs, elapsed: () => nowMs - startMs + setBackMs, schedule, advanceTo, setBack, nextAtMs };

  function schedule(atMs: number, callback: () => void): Disposable {
    const alarm: Alarm = { atMs, sequence: nextSequence++, callback };
    alarms.splice(positionOf(alarms, alarm), 0, alarm);
    // What is due already must not wait for the clock to be moved.
    if (atMs <= nowMs) setImmediate(() => cancel(alarm) && callback());
    return { [Symbol.dispose]: () => void cancel(alarm) };
  }

  function cancel(alarm: Alarm): boolean {
    const index = positionOf(alarms, alarm);
    if (alarms[index] !== alarm) return false;
    alarms.splice(index, 1);
    return true;
  }

  function advanceTo(ms: number): void {
    if (!(ms >= nowMs)) throw new RangeError(`A virtual clock only goes forward: it shows ${nowMs}, asked for ${ms}.`);
    for (let alarm = alarms[0]; alarm && alarm.atMs <= ms; alarm = alarms[0]) {
      alarms.shift();
      nowMs = Math.max(nowMs, alarm.atMs);
      alarm.callback();
    }
    nowMs = Math.max(nowMs, ms);
  }

  function setBack(ms: number): void {
    nowMs -= ms;
    setBackMs += ms;
    for (const alarm of alarms) alarm.atMs -= ms;
  }

  function nextAtMs(): number | undefined {
    const first = alarms[0];
    return first && Math.max(first.atMs, nowMs);
  }
}

/** Where `alarm` stands, or belongs, in the sorted list. */
function positionOf(alarms: readonly Alarm[], alarm: Alarm): number {
  let low = 0;
  let high = alarms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(alarms[middle], alarm)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(alarm: Alarm | undefined, other: Alarm): boolean {
  if (!alarm) return false;
  return alarm.atMs < other.atMs || (alarm.atMs === other.atMs && alarm.sequence < other.sequence);
}
