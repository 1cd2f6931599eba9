import type { Clock } from '../../clock/clock.ts';
import { SET_BACK_MS } from '../../clock/steady-clock.ts';
import type { FileHealth } from '../../sqlite/file-health.ts';
import { StorageUnavailable } from '../../sqlite/storage-error.ts';
import { isOfType } from '../functions/built-bindings.ts';
import type { FunctionCaller } from '../functions/function-caller.ts';
import { callWithRetry } from '../functions/function-retry.ts';
import type { HostLog } from '../log/host-log.ts';
import type { HostStore } from '../host-store.ts';
import { resolveSettings } from '../settings/settings.ts';
import { StartError } from '../start-error.ts';
import type { Work, WorkCounter } from '../functions/work-counter.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import { parseTimerSchedule, type TimerSchedule } from './timer-schedule.ts';
import { formatTimerDate, readTimerStatus, statusAtStart, type TimerStatus, writeTimerStatus } from './timer-status.ts';

/** What timers need of the host. */
export interface TimersOptions {
  functions: readonly RegisteredFunction[];
  call: FunctionCaller;
  counter: WorkCounter;
  clock: Clock;
  random: () => number;
  store: HostStore;
  health: FileHealth;
  log: HostLog;
}

/** The app's timer functions. */
export interface Timers {
  start(): void;
  /** Runs a timer function now, apart from its schedule; undefined when it is none. */
  run(called: RegisteredFunction): Promise<unknown> | undefined;
  /** Nothing begins any more; what runs is left alone. */
  stop(): void;
}

/** Reads the schedules; throws a `StartError` for a wrong one. A schedule is read in WEBSITE_TIME_ZONE, else in UTC as in Azure. */
export function createTimers({ functions, ...options }: TimersOptions): Timers {
  const timeZone = process.env['WEBSITE_TIME_ZONE'] ?? 'UTC';
  const timers = new Map(
    functions
      .filter(({ trigger }) => isOfType(trigger.binding, ['timertrigger']))
      .map((called) => [called.id, createTimer(called, parseScheduleOf(called, timeZone), options)]),
  );
  return {
    start() {
      for (const timer of timers.values()) timer.start();
    },
    run: (called) => timers.get(called.id)?.run(),
    stop() {
      for (const timer of timers.values()) timer.stop();
    },
  };
}

function parseScheduleOf({ name, trigger }: RegisteredFunction, timeZone: string): TimerSchedule {
  const { schedule } = trigger.binding;
  if (typeof schedule !== 'string') throw new StartError(`The timer function '${name}' has no schedule.`);
  try {
    return parseTimerSchedule(resolveSettings(schedule), timeZone);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(`The timer function '${name}' can't start: ${error.message}`, { cause: error });
  }
}

interface Timer {
  start(): void;
  run(): Promise<unknown>;
  stop(): void;
}

/** One invocation at a time, and errors don't stop the schedule (azure-webjobs-sdk-extensions Timers/Listener/TimerListener.cs). */
function createTimer(
  called: RegisteredFunction,
  schedule: TimerSchedule,
  options: Omit<TimersOptions, 'functions'>,
): Timer {
  const { call, counter, clock, random, store, health, log } = options;
  const { runOnStartup } = called.trigger.binding;
  let status: TimerStatus | undefined;
  let isMonitored = false;
  let alarm: Disposable | undefined;
  let isStopped = false;

  return { start, run, stop };

  async function run(): Promise<boolean> {
    using work = counter.begin();
    return await invoke(false, work);
  }

  function start(): void {
    const nowMs = clock.now();
    isMonitored = called.trigger.binding['useMonitor'] !== false && !runsWithinAMinute(schedule, nowMs);
    status = statusAtStart(isMonitored ? readTimerStatus(store, called.name) : undefined, schedule, nowMs);
    if (!status) {
      log({
        level: 'warning',
        category: 'system',
        functionName: called.name,
        message: 'Its schedule has no occurrence; it never runs.',
      });
      return;
    }
    keep(status);
    const isPastDue = nowMs > status.nextMs;
    if (isPastDue || runOnStartup === true) alarm = clock.schedule(nowMs, () => void runScheduled(isPastDue, true));
    else scheduleNext();
  }

  function scheduleNext(): void {
    if (!status || isStopped) return;
    alarm = clock.schedule(status.nextMs, () => void runScheduled(false, false));
  }

  async function runScheduled(isPastDue: boolean, isAtStart: boolean): Promise<void> {
    using work = counter.begin();
    const nowMs = clock.now();
    // Nothing that it did would be kept.
    if (!health.isFailing) await invoke(isPastDue, work);
    if (isStopped) return;
    const lastMs = isAtStart || !status || wasSetBack(status.nextMs, nowMs) ? nowMs : Math.max(nowMs, status.nextMs);
    const nextMs = schedule.nextAfterMs(lastMs);
    status = nextMs === undefined ? undefined : { lastMs, nextMs, updatedMs: lastMs };
    if (status) keep(status);
    scheduleNext();
  }

  /** What can't be kept now is kept with the next run; the schedule itself goes on. */
  function keep(kept: TimerStatus): void {
    try {
      if (isMonitored) writeTimerStatus(store, called.name, kept);
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
    }
  }

  async function invoke(isPastDue: boolean, work: Work): Promise<boolean> {
    const trigger = { json: timerPayload(schedule, isMonitored ? status : undefined, isPastDue) };
    return callWithRetry((retryContext) => call(called, { trigger, ...(retryContext && { retryContext }) }), {
      policy: called.metadata.retryOptions,
      random,
      wait: (delayMs) => wait(delayMs, work),
    });
  }

  function wait(delayMs: number, work: Work): Promise<void> {
    work.pause();
    return new Promise((resolve) => {
      alarm = clock.schedule(clock.now() + delayMs, () => {
        work.resume();
        resolve();
      });
    });
  }

  function stop(): void {
    isStopped = true;
    alarm?.[Symbol.dispose]();
  }
}

/**
 * An alarm that comes early by more than the inaccuracy of clocks. The real host would count on from the time that the clock showed before
 * (TimerListener.cs, InvokeJobFunction), and wait until it shows it again.
 */
function wasSetBack(dueMs: number, nowMs: number): boolean {
  return dueMs - nowMs >= SET_BACK_MS;
}

/** Too often to be worth remembering: more than one occurrence within a minute (TimerSchedule.cs, Create). */
function runsWithinAMinute(schedule: TimerSchedule, nowMs: number): boolean {
  const firstMs = schedule.nextAfterMs(nowMs);
  const secondMs = firstMs === undefined ? undefined : schedule.nextAfterMs(firstMs);
  return firstMs !== undefined && secondMs !== undefined && secondMs - firstMs < 60_000;
}

function timerPayload(schedule: TimerSchedule, status: TimerStatus | undefined, isPastDue: boolean): string {
  return JSON.stringify({
    Schedule: { AdjustForDST: schedule.adjustsForDst },
    ScheduleStatus: status
      ? {
          Last: formatTimerDate(status.lastMs),
          Next: formatTimerDate(status.nextMs),
          LastUpdated: formatTimerDate(status.updatedMs),
        }
      : null,
    IsPastDue: isPastDue,
  });
}
